package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bounds of what one participant sends, over all its connections and over time. */
class InboundLimitsTest {
  private final List<String> accepted = new ArrayList<>();

  private final RoomHandler recording =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          accepted.add(message.payload().text());
        }
      };

  private static Limits tenMessagesPerSecond() {
    return Limits.defaults().withMessageRate(10, 10).withRateViolations(100);
  }

  @Test
  void reconnectingDoesNotStartANewBurstOfMessages() {
    try (TestChat chat = TestChat.of(Chat.builder(recording).limits(tenMessagesPerSecond()))) {
      sendTwentyAndClose(chat);
      assertEquals(10, accepted.size());
      sendTwentyAndClose(chat);
      assertEquals(10, accepted.size(), "the bucket is empty after the reconnect, too");
      chat.advance(Duration.ofMillis(500));
      sendTwentyAndClose(chat);
      assertEquals(15, accepted.size());
      chat.advance(Duration.ofSeconds(2));
      sendTwentyAndClose(chat);
      assertEquals(25, accepted.size());
    }
  }

  @Test
  void aSecondConnectionHasARateOfItsOwnAndLeavesItToTheNextOne() {
    try (TestChat chat = TestChat.of(Chat.builder(recording).limits(tenMessagesPerSecond()))) {
      TestClient first = chat.connect("lobby", "ann");
      sendTwentyAndClose(chat);
      assertEquals(10, accepted.size());
      sendTwentyAndClose(chat);
      assertEquals(10, accepted.size());
      for (int i = 0; i < 20; i++) {
        first.send("first");
      }
      assertEquals(20, accepted.size());
    }
  }

  @Test
  void theRateOfAllConnectionsOfAParticipantSurvivesAReconnect() {
    Limits limits = Limits.defaults().withParticipantMessageRate(10, 10).withRateViolations(100);
    try (TestChat chat = TestChat.of(Chat.builder(recording).limits(limits))) {
      sendTwentyAndClose(chat);
      sendTwentyAndClose(chat);
      assertEquals(10, accepted.size());
    }
  }

  private static void sendTwentyAndClose(TestChat chat) {
    TestClient ann = chat.connect("lobby", "ann");
    for (int i = 0; i < 20; i++) {
      ann.send("hello");
    }
    ann.close();
  }

  /** The handler is busy with the first message while the others arrive. */
  @Test
  void theBytesOfAParticipantThatWaitForCallbacksAreBoundedOverAllItsConnections() {
    List<TestClient> clients = new ArrayList<>();
    String largest = "x".repeat(100);
    RoomHandler busy =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            if (accepted.isEmpty()) {
              accepted.add("first");
              for (int i = 0; i < 63; i++) {
                clients.get(1).send(largest);
              }
              assertTrue(clients.get(1).isOpen());
              clients.get(2).send("y");
              assertFalse(clients.get(2).isOpen());
            } else {
              accepted.add(message.payload().text());
            }
          }
        };
    Limits limits = Limits.defaults().withMessageBytes(100).withMessageRate(0, 0);
    try (TestChat chat = TestChat.of(Chat.builder(busy).limits(limits))) {
      for (int i = 0; i < 3; i++) {
        clients.add(chat.connect("lobby", "ann"));
      }
      clients.get(0).send(largest);
      assertEquals(64, accepted.size());
      assertEquals(
          Optional.of(
              CloseStatus.TOO_FAST.withReason(
                  "too many bytes before the first message was handled")),
          clients.get(2).closeStatus());
      clients.get(0).send(largest);
      assertEquals(65, accepted.size(), "what was handled does not count any more");
    }
  }
}
