package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  @Test
  void everyoneReceivesAMessageTheSenderIncluded() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      ann.send("hello");

      assertEquals(List.of("You wrote: hello", "Client #1 says: hello"), ann.received());
      assertEquals(List.of("Client #1 says: hello"), bob.received());
    }
  }

  @Test
  void theOthersAreNotifiedWhenAClientHangsUp() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      bob.close();

      assertEquals(List.of("Client #2 left the chat"), ann.received());
      assertEquals(List.of(), bob.received());
    }
  }

  @Test
  void theOthersAreNotifiedWhenAClientIsLost() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      bob.abort();

      assertEquals(List.of("Client #2 left the chat"), ann.received());
    }
  }

  @Test
  void theOthersAreNotifiedWhenAClientIsAbortedBecauseItStoppedReading() {
    try (TestChat chat = TestChat.of(Broadcast.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      bob.stopReading();
      ann.send("hello");
      assertEquals(List.of("You wrote: hello", "Client #1 says: hello"), ann.received());

      chat.advance(Duration.ofSeconds(11)); // a write may be stuck for ten
      assertEquals(List.of("Client #2 left the chat"), ann.received());
    }
  }
}
