package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signals: messages that are not stored. */
class SignalTest {
  /** Sends texts that start with "..." as signals. */
  private final RoomHandler typing =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().startsWith("...")) {
            room.signal(message);
          } else {
            room.publish(message);
          }
        }
      };

  private final TestChat chat =
      TestChat.of(
          Chat.builder(typing)
              .limits(Limits.defaults().withOutboxBytes(4096).withMessageRate(0, 0))
              .rooms(
                  RoomOptions.defaults()
                      .withPolicy(BroadcastPolicy.excludingSender())
                      .withHistory(History.of(10))));

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void aSignalReachesThosePresentAndIsNeverReplayed() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    ann.send("...");
    ann.send("hello");
    assertEquals(List.of("...", "hello"), bob.received());
    assertEquals(List.of(), ann.received(), "the room's policy applies to signals");
    assertEquals(1, chat.chat().room("lobby").orElseThrow().position().offset());
    TestClient cem =
        chat.connect(AcceptedAdmission.of("cem", "lobby").withReplay(HistoryRange.last(10)));
    assertEquals(List.of("hello"), cem.received());
  }

  @Test
  void anApplicationSignalReachesAllDespiteASenderPolicy() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    Room lobby = chat.chat().room("lobby").orElseThrow();
    lobby.signal(Payload.text("lights out"));
    assertEquals(List.of("lights out"), ann.received());
    assertEquals(List.of("lights out"), bob.received());
    assertEquals(0, lobby.position().offset());
    assertEquals(Optional.of(List.of()), lobby.history(HistoryRange.last(10)));
  }

  @Test
  void signalsAreTheFirstToBeDroppedForASlowReader() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    bob.stopReading();
    ann.send("stuck in flight");
    String dots = "..." + ".".repeat(197);
    for (int i = 0; i < 20; i++) {
      ann.send(dots);
    }
    String chunk = "~".repeat(1000);
    ann.send(chunk);
    ann.send(chunk);
    ann.send(chunk);
    ann.send("... no more room for this");
    bob.resumeReading();
    assertEquals(Optional.empty(), bob.closeStatus(), "signals fill no outbox");
    List<String> received = bob.received();
    assertEquals(3, received.stream().filter(chunk::equals).count());
    assertEquals(4, received.stream().filter(dots::equals).count(), "a quarter of an outbox");
    assertEquals(8, received.size());
  }

  @Test
  void aQueuedSignalIsDroppedForAMessage() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    bob.stopReading();
    ann.send("stuck in flight");
    ann.send("..." + ".".repeat(900));
    for (int i = 0; i < 3; i++) {
      ann.send("~".repeat(1200));
    }
    bob.resumeReading();
    assertEquals(Optional.empty(), bob.closeStatus());
    assertEquals(
        List.of(15, 1200, 1200, 1200), bob.received().stream().map(String::length).toList());
  }
}
