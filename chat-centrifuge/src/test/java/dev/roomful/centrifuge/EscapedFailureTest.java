package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class EscapedFailureTest {
  @Test
  void controlCharactersOfAllMessagesAreEscapedAndTheStackTraceIsKept() {
    Exception original =
        new IllegalStateException("a\nb\u001b[31m", new IllegalArgumentException("c\r\u2028"));
    original.addSuppressed(new Exception("d\u0085"));
    Throwable escaped = EscapedFailure.of(original);

    assertEquals("java.lang.IllegalStateException: a\\u000ab\\u001b[31m", escaped.toString());
    assertArrayEquals(original.getStackTrace(), escaped.getStackTrace());
    assertEquals(
        "java.lang.IllegalArgumentException: c\\u000d\\u2028", escaped.getCause().toString());
    StringWriter printed = new StringWriter();
    escaped.printStackTrace(new PrintWriter(printed));
    assertFalse(printed.toString().contains("\u001b") || printed.toString().contains("\u0085"));
  }

  @Test
  void causesThatFormACircleEnd() {
    Exception first = new Exception("1");
    Exception second = new Exception("2", first);
    first.initCause(second);
    int causes = 0;
    for (Throwable cause = EscapedFailure.of(first); cause != null; cause = cause.getCause()) {
      causes++;
    }
    assertEquals(17, causes);
  }
}
