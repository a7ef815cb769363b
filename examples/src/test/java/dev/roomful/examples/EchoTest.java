package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoTest {
  @Test
  void eachHearsWhatItSaidAndNothingOfTheOthers() {
    try (TestChat chat = TestChat.of(Echo.chat())) {
      TestClient ann = chat.enter(TestHandshake.create());
      TestClient bob = chat.enter(TestHandshake.create());
      ann.say("hello");
      ann.say("");
      bob.say("grüß dich 👋");

      assertEquals(List.of("Message text was: hello", "Message text was: "), ann.heard());
      assertEquals(List.of("Message text was: grüß dich 👋"), bob.heard());
    }
  }

  @Test
  void nobodyIsToldThatSomebodyLeft() {
    try (TestChat chat = TestChat.of(Echo.chat())) {
      TestClient ann = chat.enter(TestHandshake.create());
      TestClient bob = chat.enter(TestHandshake.create());
      bob.hangUp();

      assertEquals(List.of(), ann.heard());
      assertEquals(1, chat.chat().participants());
    }
  }
}
