package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.transport.Gateway;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** What a client sent cannot forge lines of the log, nor direct the terminal that shows it. */
class LogInjectionTest {
  private static final String FORGED = "x\n2026-01-01 INFO all is well\u001b[2K";
  private static final String ESCAPED = "x\\u000a2026-01-01 INFO all is well\\u001b[2K";

  private static LogRecord onlyRecord(LogCapture log) {
    List<LogRecord> records = log.records();
    assertEquals(1, records.size());
    return records.get(0);
  }

  @Test
  void anExceptionOfTheHandlerIsLoggedWithEscapes() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            throw new IllegalArgumentException(message.text(), new Exception(message.text()));
          }
        };
    try (TestChat chat = TestChat.of(handler);
        LogCapture log = new LogCapture()) {
      chat.connect("lobby", "mallory").send(FORGED);
      Throwable thrown = onlyRecord(log).getThrown();
      assertEquals("java.lang.IllegalArgumentException: " + ESCAPED, thrown.toString());
      assertEquals("java.lang.Exception: " + ESCAPED, thrown.getCause().toString());
    }
  }

  @Test
  void anExceptionOfTheAuthenticatorIsLoggedWithEscapes() {
    try (TestChat chat =
            TestChat.of(
                Chat.builder(new RoomHandler() {})
                    .authenticator(
                        handshake -> {
                          throw new IllegalStateException(handshake.query("name").orElse(""));
                        }));
        LogCapture log = new LogCapture()) {
      Rejection rejection =
          (Rejection)
              Gateway.of(chat.chat()).admit(TestHandshake.create().withQuery("name", FORGED));
      assertEquals(500, rejection.status());
      assertEquals(
          "java.lang.IllegalStateException: " + ESCAPED, onlyRecord(log).getThrown().toString());
    }
  }

  @Test
  void anInvisibleCharacterInAnIdIsEscapedInTheMessage() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            throw new IllegalStateException("failed");
          }
        };
    try (TestChat chat = TestChat.of(handler);
        LogCapture log = new LogCapture()) {
      chat.connect(AcceptedAdmission.of("mal\u202elory", "lob\u2028by").withName("Mallory"))
          .send("hello");
      String message = onlyRecord(log).getMessage();
      assertTrue(message.contains("mal\\u202elory"), message);
      assertTrue(message.contains("lob\\u2028by"), message);
    }
  }
}
