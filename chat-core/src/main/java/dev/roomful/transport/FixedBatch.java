package dev.roomful.transport;

import java.nio.ByteBuffer;
import java.util.List;

/** A batch that does not change. */
final class FixedBatch implements Batch {
  private final List<Frame> frames;
  private final ByteBuffer wire;

  FixedBatch(Frame... frames) {
    this.frames = List.of(frames);
    this.wire = ByteBuffer.allocate(this.frames.stream().mapToInt(Frame::size).sum());
    this.frames.forEach(frame -> frame.copyTo(wire));
    this.wire.flip();
  }

  @Override
  public int size() {
    return frames.size();
  }

  @Override
  public Frame frame(int index) {
    return frames.get(index);
  }

  @Override
  public ByteBuffer wire() {
    return wire.asReadOnlyBuffer();
  }
}
