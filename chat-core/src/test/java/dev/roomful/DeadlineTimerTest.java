package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.protocol.JoinReplyEncoder;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadlineTimerTest {
  /** A handler of a protocol that fails whenever it checks its deadlines. */
  private static final class FailingHandler implements ProtocolHandler {
    @Override
    public void text(String text) {}

    @Override
    public void binary(ByteBuffer bytes) {}

    @Override
    public JoinReplyEncoder serverJoinReply() {
      return (joinInfo, missed, welcome) -> null;
    }

    @Override
    public @Nullable Frame encodeRemoval(Room room, CloseStatus status) {
      return null;
    }

    @Override
    public void tick() {
      throw new AssertionError("a deadline of the protocol");
    }
  }

  @Test
  void anErrorInOneSessionClosesThatOneAndDoesNotStopTheDeadlinesOfTheOthers() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient before = chat.connect("lobby", "before");
      FakeConnection failing = new FakeConnection();
      ProtocolGateway.of(chat.chat())
          .open(new ToyProtocol(), session -> new FailingHandler(), failing);
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
