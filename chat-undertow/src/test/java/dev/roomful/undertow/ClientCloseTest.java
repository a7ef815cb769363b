package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send messages and close the connection before these are handled. */
class ClientCloseTest {
  private static final int MESSAGES = 5;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  private final TestServer testServer = new TestServer();
  private final CountDownLatch closeSent = new CountDownLatch(1);

  /** Publishes each message to all, the sender included, but not before the client has closed. */
  private final RecordingHandler handler =
      new RecordingHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          Await.latch(closeSent);
          var unused = room.publish(message);
        }
      };

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  private static byte[] messagesAndClose(byte[] closePayload) {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (int i = 0; i < MESSAGES; i++) {
      byte[] text = ("message " + i).getBytes(StandardCharsets.UTF_8);
      segment.writeBytes(WireClient.encode(true, 0, TEXT, text, true));
    }
    segment.writeBytes(WireClient.encode(true, 0, CLOSE, closePayload, true));
    return segment.toByteArray();
  }

  @Test
  void messagesSentBeforeTheCloseFrameAreDeliveredAndTheClientsCodeIsReported() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS.withResumeWindow(Duration.ofMinutes(1)));
    testServer.serve(chat);
    WireClient bob = testServer.join(chat, "hall", "bob");
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.raw(messagesAndClose(new byte[] {1000 >> 8, (byte) 1000}));
    closeSent.countDown();
    assertEquals(1000, ann.awaitClose().code());
    assertTrue(ann.awaitEnd(Await.TIMEOUT));
    for (int i = 0; i < MESSAGES; i++) {
      assertEquals("message " + i, bob.nextText());
    }
    assertEquals(new CloseStatus(1000, ""), handler.awaitLeave("ann"));
    assertTrue(chat.participant("ann").isEmpty(), "no place is kept for the client");
  }

  @Test
  void aClientThatEndsTheConnectionRightAfterItsCloseFrameIsNotReportedAsLost() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient bob = testServer.join(chat, "hall", "bob");
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.raw(messagesAndClose(new byte[] {1001 >> 8, (byte) 1001}));
    ann.close();
    closeSent.countDown();
    for (int i = 0; i < MESSAGES; i++) {
      assertEquals("message " + i, bob.nextText());
    }
    assertEquals(new CloseStatus(1001, ""), handler.awaitLeave("ann"));
  }
}
