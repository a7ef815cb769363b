package dev.roomful.internal.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testsupport.LogCapture;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** The form of log entries. */
class LogEventTest {
  @Test
  void fieldsFollowTheSentenceInTheirOrderAndAreQuotedWhereNeeded() {
    IllegalStateException failure = new IllegalStateException("x");
    try (LogCapture log = new LogCapture()) {
      LogEvent.HANDLER_FAILED.logFailure(
          () -> "onJoin threw an exception", failure, "onJoin", "", "my \"room\" \\ [1]\n");
      LogRecord entry = log.records().get(0);
      assertEquals(
          "onJoin threw an exception [event=handler-failed callback=onJoin participant=\"\""
              + " room=\"my \\\"room\\\" \\\\ [1]\\u000a\"]",
          entry.getMessage());
      assertEquals("dev.roomful.handler", entry.getLoggerName());
      assertEquals(failure, entry.getThrown());
    }
  }

  @Test
  void anEventWithoutFieldsHasItsName() {
    try (LogCapture log = new LogCapture()) {
      LogEvent.LEASE_LOST.log(() -> "Lost");
      assertEquals(List.of("Lost [event=lease-lost]"), log.messages());
    }
  }

  @Test
  void allLoggersAreBelowOneName() {
    List<String> outside =
        Arrays.stream(LogEvent.values())
            .map(LogEvent::loggerName)
            .filter(name -> !name.startsWith("dev.roomful."))
            .toList();
    assertEquals(List.of(), outside);
  }
}
