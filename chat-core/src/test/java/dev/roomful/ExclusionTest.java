package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guarantee 3: exclusion survives history replay and reconnects. */
class ExclusionTest {
  private final List<Message> messages = new ArrayList<>();

  /** Collects the messages, which the tests publish later. */
  private final RoomHandler collectingHandler =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          messages.add(message);
        }
      };

  @Test
  void exclusionOfTheSenderSurvivesItsReconnect() {
    try (TestChat chat = TestChat.of(collectingHandler)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      alice.send("hello");
      alice.abort();
      TestClient aliceAgain = chat.connect("lobby", "alice");

      room(chat, "lobby").publish(messages.get(0), BroadcastPolicy.excludingSender());
      assertEquals(List.of(), aliceAgain.received());
      assertEquals(List.of("hello"), bob.received());
    }
  }

  @Test
  void exclusionOfTheOriginMeansThePublishingConnectionAndNotItsSuccessor() {
    try (TestChat chat = TestChat.of(collectingHandler)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient tab = chat.connect("lobby", "alice");
      alice.send("hello");
      alice.abort();
      TestClient aliceAgain = chat.connect("lobby", "alice");

      room(chat, "lobby").publish(messages.get(0), BroadcastPolicy.excludingOrigin());
      assertEquals(List.of("hello"), tab.received());
      assertEquals(List.of("hello"), aliceAgain.received());
    }
  }

  @Test
  void exclusionOfParticipantsSurvivesTheirReconnect() {
    try (TestChat chat = TestChat.of(collectingHandler)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      BroadcastPolicy notBob = BroadcastPolicy.except(chat.chat().participant("bob").orElseThrow());
      bob.abort();
      TestClient bobAgain = chat.connect("lobby", "bob");
      alice.send("hello");

      room(chat, "lobby").publish(messages.get(0), notBob);
      assertEquals(List.of("hello"), alice.received());
      assertEquals(List.of(), bobAgain.received());
    }
  }

  @Test
  void exclusionAppliesInAnotherRoomAndWithAnotherPayload() {
    try (TestChat chat = TestChat.of(collectingHandler)) {
      TestClient alice = chat.connect("red", "alice");
      TestClient tab = chat.connect("blue", "alice");
      TestClient bob = chat.connect("blue", "bob");
      Participant participant = chat.chat().participant("alice").orElseThrow();
      assertEquals(Outcome.done(), participant.join("blue"));
      alice.send("hello");
      Message translated = messages.get(0).withPayload("salut");

      room(chat, "blue").publish(translated, BroadcastPolicy.excludingOrigin());
      assertEquals(List.of(), alice.received());
      assertEquals(List.of("salut"), tab.received());
      assertEquals(List.of("salut"), bob.received());

      room(chat, "blue").publish(translated, BroadcastPolicy.excludingSender());
      assertEquals(List.of(), alice.received());
      assertEquals(List.of(), tab.received());
      assertEquals(List.of("salut"), bob.received());
    }
  }

  private static Room room(TestChat chat, String name) {
    return chat.chat().room(name).orElseThrow();
  }
}
