package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestHandshake;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
  private final Logger logger = Logger.getLogger("dev.roomful.jakarta");
  private final List<String> logged = new ArrayList<>();
  private long now = 1;
  private final RejectionLog rejections = new RejectionLog(() -> now);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void capture() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.FINE);
  }

  @AfterEach
  void release() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }

  private static Rejection rejection(String reason) {
    return new Rejection(403, "banned", reason);
  }

  @Test
  void aRejectionIsLoggedWithItsCodeItsReasonAndTheRemoteAddress() {
    rejections.log(
        new Rejection(429, "too-many", "slow down"),
        TestHandshake.create().withRemoteAddress("192.0.2.7"));
    assertEquals(
        List.of("INFO Rejected handshake from 192.0.2.7: 429 too-many: slow down"), logged);
  }

  @Test
  void repetitionsWithinAMinuteAreLoggedAtDebug() {
    rejections.log(rejection("first"), TestHandshake.create());
    rejections.log(rejection("first"), TestHandshake.create());
    rejections.log(rejection("second"), TestHandshake.create());
    now += RejectionLog.PERIOD.toNanos();
    rejections.log(rejection("first"), TestHandshake.create());
    assertEquals(List.of("INFO", "FINE", "INFO", "INFO"), levels());
  }

  private List<String> levels() {
    return logged.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
  }

  @Test
  void theNumberOfEntriesAtInfoIsLimitedForEachMinute() {
    for (int minute = 0; minute < 2; minute++) {
      logged.clear();
      for (int i = 0; i < RejectionLog.MAX_KINDS + 10; i++) {
        rejections.log(rejection("reason " + i), TestHandshake.create());
      }
      assertEquals(RejectionLog.MAX_KINDS, Collections.frequency(levels(), "INFO"));
      assertEquals(10, Collections.frequency(levels(), "FINE"));
      now += RejectionLog.PERIOD.toNanos();
    }
  }

  @Test
  void controlCharactersOfTheClientAreEscaped() {
    rejections.log(new Rejection(400, "co\nde", "rea\r\nson\u001b[2J"), TestHandshake.create());
    assertEquals(1, logged.size());
    assertTrue(logged.get(0).chars().allMatch(c -> c >= ' ' && c <= '~'), logged.get(0));
  }
}
