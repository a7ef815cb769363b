package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadlineTimerTest {
  private static void fail() {
    throw new AssertionError("a deadline of the protocol");
  }

  @Test
  void anErrorInOneSessionClosesThatOneAndDoesNotStopTheDeadlinesOfTheOthers() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient before = chat.connect("lobby", "before");
      FakeConnection failing = new FakeConnection();
      ProtocolGateway.of(chat.chat())
          .open(new ToyProtocol(), session -> new TickHandler(DeadlineTimerTest::fail), failing);
      TestClient after = chat.connect("lobby", "after");
      before.stopAnsweringPings();
      after.stopAnsweringPings();
      chat.advance(Duration.ofMinutes(2));
      assertEquals(CloseStatus.FAILED, failing.closeStatus());
      assertEquals(Optional.of(CloseStatus.IDLE_TIMEOUT), before.closeStatus());
      assertEquals(Optional.of(CloseStatus.IDLE_TIMEOUT), after.closeStatus());
    }
  }
}
