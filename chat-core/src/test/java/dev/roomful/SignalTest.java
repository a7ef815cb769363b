package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is not worth keeping. */
class SignalTest {
  /** Who says "..." is typing. */
  private final RoomHandler typing =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().startsWith("...")) {
            room.signal(message);
          } else {
            room.broadcast(message);
          }
        }
      };

  private final TestChat chat =
      TestChat.of(
          Chat.builder(typing)
              .limits(Limits.defaults().outboxBytes(4096).rate(0, 0))
              .rooms(
                  RoomOptions.defaults()
                      .policy(BroadcastPolicy.excludingSender())
                      .history(History.of(10))));

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void aSignalReachesThosePresentAndIsNeverReplayed() {
    TestClient ann = chat.enter("lobby", "ann");
    TestClient bob = chat.enter("lobby", "bob");
    ann.say("...");
    ann.say("hello");
    assertEquals(List.of("...", "hello"), bob.heard());
    assertEquals(List.of(), ann.heard(), "the room's policy holds for it");
    assertEquals(1, chat.chat().room("lobby").orElseThrow().position().offset());
    TestClient cem = chat.enter(Entry.of("cem", "lobby").replay(Page.last(10)));
    assertEquals(List.of("hello"), cem.heard());
  }

  @Test
  void aSignalOfTheApplicationReachesAllThoughThePolicyIsAboutSenders() {
    TestClient ann = chat.enter("lobby", "ann");
    TestClient bob = chat.enter("lobby", "bob");
    Room lobby = chat.chat().room("lobby").orElseThrow();
    lobby.signal(Payload.text("lights out"));
    assertEquals(List.of("lights out"), ann.heard());
    assertEquals(List.of("lights out"), bob.heard());
    assertEquals(0, lobby.position().offset());
    assertEquals(Optional.of(List.of()), lobby.history(Page.last(10)));
  }

  @Test
  void signalsAreTheFirstToBeDroppedForASlowReader() {
    TestClient ann = chat.enter("lobby", "ann");
    TestClient bob = chat.enter("lobby", "bob");
    bob.stopReading();
    ann.say("stuck in flight");
    String dots = "..." + ".".repeat(197);
    for (int i = 0; i < 20; i++) {
      ann.say(dots);
    }
    String lump = "~".repeat(1000);
    ann.say(lump);
    ann.say(lump);
    ann.say(lump);
    ann.say("... no more room for this");
    bob.resumeReading();
    assertEquals(Optional.empty(), bob.closeStatus(), "signals fill no outbox");
    List<String> heard = bob.heard();
    assertEquals(3, heard.stream().filter(lump::equals).count());
    assertEquals(4, heard.stream().filter(dots::equals).count(), "a quarter of an outbox");
    assertEquals(8, heard.size());
  }

  @Test
  void aQueuedSignalMakesRoomForAMessage() {
    TestClient ann = chat.enter("lobby", "ann");
    TestClient bob = chat.enter("lobby", "bob");
    bob.stopReading();
    ann.say("stuck in flight");
    ann.say("..." + ".".repeat(900));
    for (int i = 0; i < 3; i++) {
      ann.say("~".repeat(1200));
    }
    bob.resumeReading();
    assertEquals(Optional.empty(), bob.closeStatus());
    assertEquals(List.of(15, 1200, 1200, 1200), bob.heard().stream().map(String::length).toList());
  }
}
