package dev.roomful;

import dev.roomful.protocol.JoinReplyEncoder;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A protocol's handler that does nothing but check its deadlines. */
record TickHandler(Runnable onTick) implements ProtocolHandler {
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
    onTick.run();
  }
}
