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
  void theOthersHearWhatOneSaysAndTheSenderOnlyTheReply() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      TestClient cem = chat.enter("lobby", "3");
      ann.say("hello");
      bob.say("hi");

      assertEquals(List.of("You wrote: hello", "Client #2 says: hi"), ann.heard());
      assertEquals(List.of("Client #1 says: hello", "You wrote: hi"), bob.heard());
      assertEquals(List.of("Client #1 says: hello", "Client #2 says: hi"), cem.heard());
    }
  }

  @Test
  void whatIsSaidInOneRoomIsNotHeardInAnother() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestHandshake knock = TestHandshake.create();
      TestClient ann = chat.enter(knock.withPath("client_id", "1").withQuery("room", "red"));
      TestClient bob = chat.enter(knock.withPath("client_id", "2").withQuery("room", "blue"));
      TestClient cem = chat.enter(knock.withPath("client_id", "3"));
      ann.say("hello");
      ann.hangUp();

      assertEquals(List.of("You wrote: hello"), ann.heard());
      assertEquals(List.of(), bob.heard());
      assertEquals(List.of(), cem.heard());
    }
  }

  @Test
  void neitherTabOfTheSenderHearsTheLineOfTheOther() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient tab = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      ann.say("hello");

      assertEquals(List.of("You wrote: hello"), ann.heard());
      assertEquals(List.of(), tab.heard());
      assertEquals(List.of("Client #1 says: hello"), bob.heard());
    }
  }

  @Test
  void oneHasLeftWithItsLastTabHoweverThatGoes() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      TestClient tab = chat.enter("lobby", "2");
      bob.hangUp();
      assertEquals(List.of(), ann.heard());

      tab.vanish();
      assertEquals(List.of("Client #2 left the chat"), ann.heard());
    }
  }

  @Test
  void oneThatStopsReadingIsCutAndTheOthersAreToldOnce() {
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.enter("lobby", "1");
      TestClient bob = chat.enter("lobby", "2");
      bob.stopReading();
      ann.say("hello");
      assertEquals(List.of("You wrote: hello"), ann.heard());

      chat.advance(Duration.ofSeconds(11)); // a write may be stuck for ten
      assertFalse(bob.isOpen());
      assertEquals(List.of("Client #2 left the chat"), ann.heard());

      chat.advance(Duration.ofMinutes(5));
      assertEquals(List.of(), ann.heard());
    }
  }
}
