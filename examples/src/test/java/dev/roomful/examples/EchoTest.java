package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoTest {
  @Test
  void eachClientReceivesItsOwnMessagesOnly() {
    try (TestChat chat = TestChat.of(Echo.chat())) {
      TestClient ann = chat.connect(TestHandshake.create());
      TestClient bob = chat.connect(TestHandshake.create());
      ann.send("hello");
      ann.send("");
      bob.send("grüß dich 👋");

      assertEquals(List.of("Message text was: hello", "Message text was: "), ann.received());
      assertEquals(List.of("Message text was: grüß dich 👋"), bob.received());
    }
  }

  @Test
  void otherClientsAreNotNotifiedOfALeave() {
    try (TestChat chat = TestChat.of(Echo.chat())) {
      TestClient ann = chat.connect(TestHandshake.create());
      TestClient bob = chat.connect(TestHandshake.create());
      bob.close();

      assertEquals(List.of(), ann.received());
      assertEquals(1, chat.chat().participants());
    }
  }
}
