package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExcludingSelfTest {
  @Test
  void theOthersReceiveAMessageAndTheSenderOnlyTheReply() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      TestClient cem = chat.connect("lobby", "3");
      ann.send("hello");
      bob.send("hi");

      assertEquals(List.of("You wrote: hello", "Client #2 says: hi"), ann.received());
      assertEquals(List.of("Client #1 says: hello", "You wrote: hi"), bob.received());
      assertEquals(List.of("Client #1 says: hello", "Client #2 says: hi"), cem.received());
    }
  }

  @Test
  void messagesOfOneRoomAreNotDeliveredToAnother() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestHandshake handshake = TestHandshake.create();
      TestClient ann = chat.connect(handshake.withPath("client_id", "1").withQuery("room", "red"));
      TestClient bob = chat.connect(handshake.withPath("client_id", "2").withQuery("room", "blue"));
      TestClient cem = chat.connect(handshake.withPath("client_id", "3"));
      ann.send("hello");
      ann.close();

      assertEquals(List.of("You wrote: hello"), ann.received());
      assertEquals(List.of(), bob.received());
      assertEquals(List.of(), cem.received());
    }
  }

  @Test
  void noTabOfTheSenderReceivesItsOwnMessages() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient tab = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      ann.send("hello");

      assertEquals(List.of("You wrote: hello"), ann.received());
      assertEquals(List.of(), tab.received());
      assertEquals(List.of("Client #1 says: hello"), bob.received());
    }
  }

  @Test
  void aParticipantLeavesWithItsLastTabHoweverThatTabEnds() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      TestClient tab = chat.connect("lobby", "2");
      bob.close();
      assertEquals(List.of(), ann.received());

      tab.abort();
      assertEquals(List.of("Client #2 left the chat"), ann.received());
    }
  }

  @Test
  void aClientThatStopsReadingIsAbortedAndTheOthersAreNotifiedOnce() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      bob.stopReading();
      ann.send("hello");
      assertEquals(List.of("You wrote: hello"), ann.received());

      chat.advance(Duration.ofSeconds(11)); // a write may be stuck for ten
      assertFalse(bob.isOpen());
      assertEquals(List.of("Client #2 left the chat"), ann.received());

      chat.advance(Duration.ofMinutes(5));
      assertEquals(List.of(), ann.received());
    }
  }
}
