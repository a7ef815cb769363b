package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  @Test
  void aPlainTextClientReceivesTheHeartbeatInEachInterval() {
    try (TestChat chat =
        TestChat.of(Chat.builder(new RoomHandler() {}).heartbeat(Duration.ofSeconds(10), "."))) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.advance(Duration.ofSeconds(9));
      assertEquals(List.of(), ann.received());
      chat.advance(Duration.ofSeconds(2));
      assertEquals(List.of("."), ann.received());
      chat.advance(Duration.ofSeconds(20));
      assertEquals(List.of(".", "."), ann.received());
    }
  }

  @Test
  void withoutAHeartbeatAnIdleClientReceivesNoMessage() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.advance(Duration.ofHours(1));
      assertEquals(List.of(), ann.received());
    }
  }

  @Test
  void anIntervalThatIsOutOfRangeIsRejected() {
    Chat.Builder builder = Chat.builder(new RoomHandler() {});
    for (Duration interval : List.of(Duration.ofMillis(999), Duration.ofMinutes(61))) {
      assertThrows(IllegalArgumentException.class, () -> builder.heartbeat(interval, "."));
    }
  }
}
