package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestHandshake;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
  private static final Rejection ORIGIN = new Rejection(403, Rejection.ORIGIN, "not allowed");

  private final Logger logger = Logger.getLogger("dev.roomful.jakarta");
  private final List<String> logged = new ArrayList<>();
  private final RejectionLog rejections = new RejectionLog();
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

  @Test
  void aRejectionIsLoggedWithItsCodeItsReasonAndTheRemoteAddress() {
    rejections.log(
        new Rejection(429, "too-many", "slow down"),
        TestHandshake.create().withRemoteAddress("192.0.2.7"));
    assertEquals(
        List.of("FINE Rejected handshake from 192.0.2.7: 429 too-many: slow down"), logged);
  }

  @Test
  void aRejectedOriginIsLoggedAtInfoOnceWithTheHostItWasComparedWith() {
    TestHandshake handshake =
        TestHandshake.create()
            .withHeader("Origin", "https://app.example")
            .withHeader("Host", "10.0.0.5:8080");
    rejections.log(ORIGIN, handshake);
    rejections.log(ORIGIN, handshake);
    String message =
        " Rejected handshake from 127.0.0.1: 403 origin: not allowed"
            + " (Origin: https://app.example, Host: 10.0.0.5:8080)";
    assertEquals(List.of("INFO" + message, "FINE" + message), logged);
  }

  @Test
  void aMissingOriginOrHostIsNamedAsMissing() {
    rejections.log(ORIGIN, TestHandshake.create().withHeader("Host"));
    assertEquals(
        List.of(
            "INFO Rejected handshake from 127.0.0.1: 403 origin: not allowed"
                + " (Origin: none, Host: none)"),
        logged);
  }

  @Test
  void theNumberOfOriginsLoggedAtInfoIsLimited() {
    for (int i = 0; i < RejectionLog.MAX_REPORTED_ORIGINS + 10; i++) {
      rejections.log(
          ORIGIN, TestHandshake.create().withHeader("Origin", "https://" + i + ".example"));
    }
    assertEquals(
        RejectionLog.MAX_REPORTED_ORIGINS,
        logged.stream().filter(line -> line.startsWith("INFO")).count());
    assertEquals(RejectionLog.MAX_REPORTED_ORIGINS + 10, logged.size());
  }

  @Test
  void controlCharactersOfTheClientAreEscaped() {
    rejections.log(
        ORIGIN,
        TestHandshake.create()
            .withHeader("Origin", "https://a\r\nINFO forged\u001b[2J")
            .withHeader("Host", "h\u202e"));
    rejections.log(new Rejection(400, "co\nde", "rea\r\nson"), TestHandshake.create());
    assertEquals(2, logged.size());
    for (String line : logged) {
      assertFalse(line.chars().anyMatch(c -> c < ' ' || c > '~'), line);
    }
  }
}
