package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  @Test
  void everyoneHearsWhatOneSaysTheSenderIncluded() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      ann.say("hello");

      assertEquals(List.of("You wrote: hello", "Client #1 says: hello"), ann.heard());
      assertEquals(List.of("Client #1 says: hello"), bob.heard());
    }
  }

  @Test
  void theOthersAreToldThatOneHungUp() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      bob.hangUp();

      assertEquals(List.of("Client #2 left the chat"), ann.heard());
      assertEquals(List.of(), bob.heard());
    }
  }

  @Test
  void theOthersAreToldThatOneVanished() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      bob.vanish();

      assertEquals(List.of("Client #2 left the chat"), ann.heard());
    }
  }

  @Test
  void theOthersAreToldThatOneWasCutBecauseItStoppedReading() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      bob.stopReading();
      ann.say("hello");
      assertEquals(List.of("You wrote: hello", "Client #1 says: hello"), ann.heard());

      chat.advance(Duration.ofSeconds(11)); // a write may be stuck for ten
      assertEquals(List.of("Client #2 left the chat"), ann.heard());
    }
  }
}
