package dev.roomful.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.internal.runtime.ChatRuntime;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Guarantee 10: nothing leaks. */
class RememberedRatesTest {
  @Test
  void theRatesOfAParticipantThatHasLeftAreForgottenWhenTheyAreFullAgain() {
    Limits limits = Limits.defaults().withMessagesPerSecond(10).withMessageBurst(10);
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).limits(limits))) {
      ParticipantRegistry participants = ((ChatRuntime) Gateway.of(chat.chat())).participants;
      TestClient ann = chat.connect("lobby", "ann");
      for (int i = 0; i < 10; i++) {
        ann.send("hello");
      }
      ann.close();
      assertEquals(1, participants.rememberedRates());
      chat.advance(Duration.ofSeconds(2));
      assertEquals(0, participants.rememberedRates());
    }
  }
}
