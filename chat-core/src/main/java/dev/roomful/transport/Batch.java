package dev.roomful.transport;

import java.nio.ByteBuffer;

/**
 * Frames that go to one connection in one write, in this order. A batch has at least one frame, and
 * at most {@link #MAX_BYTES} unless a single frame is larger.
 *
 * <p>A batch belongs to the transport from the call of {@link Connection#write} until the
 * completion of that write. Then the chat uses it again for other frames. A transport only reads
 * it, on one thread at a time.
 */
public interface Batch {
  /** The largest size in bytes of a batch of several frames. */
  int MAX_BYTES = 64 * 1024;

  /** {@return the number of frames} */
  int size();

  /**
   * Returns one of the frames.
   *
   * @param index from 0 to {@link #size} exclusive
   * @return the frame
   * @throws IndexOutOfBoundsException if there is no such frame
   */
  Frame frame(int index);

  /**
   * Returns the bytes of all frames, one behind the other, as they go over the wire. Several frames
   * are copied at the first call, and not again for the next connection that gets the same frames.
   *
   * @return a read-only buffer from position 0, valid until the completion of the write
   */
  ByteBuffer wire();

  /**
   * Creates a batch that does not change, for checks and tests of a transport.
   *
   * @param frames the frames, which may exceed {@link #MAX_BYTES}
   * @return the batch
   */
  static Batch of(Frame... frames) {
    return new FixedBatch(frames);
  }
}
