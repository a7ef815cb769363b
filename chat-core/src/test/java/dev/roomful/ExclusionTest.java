package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Promise 3. */
class ExclusionTest {
  private final List<Message> kept = new ArrayList<>();

  /** Keeps what is said, for the test to broadcast it later. */
  private final RoomHandler keeping =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          kept.add(message);
        }
      };

  @Test
  void exclusionOfTheSenderSurvivesItsReconnect() {
    try (TestChat chat = TestChat.of(keeping)) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      alice.say("hello");
      alice.vanish();
      TestClient aliceAgain = chat.enter("lobby", "alice");

      room(chat, "lobby").broadcast(kept.get(0), BroadcastPolicy.excludingSender());
      assertEquals(List.of(), aliceAgain.heard());
      assertEquals(List.of("hello"), bob.heard());
    }
  }

  @Test
  void exclusionOfTheOriginMeansTheConnectionThatItWasSaidOnAndNotItsSuccessor() {
    try (TestChat chat = TestChat.of(keeping)) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient tab = chat.enter("lobby", "alice");
      alice.say("hello");
      alice.vanish();
      TestClient aliceAgain = chat.enter("lobby", "alice");

      room(chat, "lobby").broadcast(kept.get(0), BroadcastPolicy.excludingOrigin());
      assertEquals(List.of("hello"), tab.heard());
      assertEquals(List.of("hello"), aliceAgain.heard());
    }
  }

  @Test
  void exclusionOfParticipantsSurvivesTheirReconnect() {
    try (TestChat chat = TestChat.of(keeping)) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      BroadcastPolicy notBob = BroadcastPolicy.allBut(chat.chat().participant("bob").orElseThrow());
      bob.vanish();
      TestClient bobAgain = chat.enter("lobby", "bob");
      alice.say("hello");

      room(chat, "lobby").broadcast(kept.get(0), notBob);
      assertEquals(List.of("hello"), alice.heard());
      assertEquals(List.of(), bobAgain.heard());
    }
  }

  @Test
  void exclusionGoesAlongIntoAnotherRoomAndWithOtherWords() {
    try (TestChat chat = TestChat.of(keeping)) {
      TestClient alice = chat.enter("red", "alice");
      TestClient tab = chat.enter("blue", "alice");
      TestClient bob = chat.enter("blue", "bob");
      Participant she = chat.chat().participant("alice").orElseThrow();
      assertEquals(Optional.empty(), she.join("blue"));
      alice.say("hello");
      Message translated = kept.get(0).with("salut");

      room(chat, "blue").broadcast(translated, BroadcastPolicy.excludingOrigin());
      assertEquals(List.of(), alice.heard());
      assertEquals(List.of("salut"), tab.heard());
      assertEquals(List.of("salut"), bob.heard());

      room(chat, "blue").broadcast(translated, BroadcastPolicy.excludingSender());
      assertEquals(List.of(), alice.heard());
      assertEquals(List.of(), tab.heard());
      assertEquals(List.of("salut"), bob.heard());
    }
  }

  private static Room room(TestChat chat, String name) {
    return chat.chat().room(name).orElseThrow();
  }
}
