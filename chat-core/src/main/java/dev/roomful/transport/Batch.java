package dev.roomful.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames that go to one connection in one write, in this order: at least one frame, and no more
 * than 64 KiB unless a single frame is larger. Belongs to the transport from the call of {@link
 * Connection#write} until the write's completion; after that it is used again for other frames.
 */
public final class Batch {
  /** Frames are added to a batch while they fit into this many bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private @Nullable Frame[] frames = new Frame[16];
  private ByteBuffer wire = ByteBuffer.allocate(0);
  private @Nullable Frame[] copied = new Frame[0];
  private int copiedCount;
  private int count;
  private int bytes;

  /** An empty batch. */
  public Batch() {}

  /**
   * Adds a frame, if there is room for it.
   *
   * @param frame the frame
   * @return false if the batch is not empty and would become larger than {@link #MAX_BYTES}
   */
  public boolean add(Frame frame) {
    if (count > 0 && bytes + frame.size() > MAX_BYTES) {
      return false;
    }
    if (count == frames.length) {
      frames = Arrays.copyOf(frames, count * 2);
    }
    frames[count++] = frame;
    bytes += frame.size();
    return true;
  }

  /**
   * How many frames there are.
   *
   * @return the number of frames
   */
  public int size() {
    return count;
  }

  /**
   * One of the frames.
   *
   * @param index from 0 to {@link #size} exclusive
   * @return the frame
   * @throws IndexOutOfBoundsException if there is no such frame
   */
  public Frame frame(int index) {
    Frame frame = index < count ? frames[index] : null;
    if (frame == null) {
      throw new IndexOutOfBoundsException("frame " + index + " of " + count);
    }
    return frame;
  }

  /**
   * How long all frames are on the wire together.
   *
   * @return the bytes of all headers and payloads
   */
  public int bytes() {
    return bytes;
  }

  /**
   * All frames one behind the other, as they go over the wire. Several are copied once, and not
   * again for the next connection to which the same frames go.
   *
   * @return a read-only buffer from position 0, valid as long as the batch is the transport's
   */
  public ByteBuffer wire() {
    if (count == 1) {
      return frame(0).wire();
    }
    if (!isCopied()) {
      copy();
    }
    return wire.asReadOnlyBuffer();
  }

  private boolean isCopied() {
    if (copiedCount != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (copied[i] != frames[i]) {
        return false;
      }
    }
    return true;
  }

  private void copy() {
    if (wire.capacity() < bytes) {
      wire = ByteBuffer.allocateDirect(Math.min(MAX_BYTES, Math.max(bytes, 2 * wire.capacity())));
    }
    wire.clear();
    for (int i = 0; i < count; i++) {
      frame(i).copyTo(wire);
    }
    wire.flip();
    if (copied.length < count) {
      copied = new Frame[frames.length];
    }
    System.arraycopy(frames, 0, copied, 0, count);
    Arrays.fill(copied, count, Math.max(count, copiedCount), null);
    copiedCount = count;
  }

  /** Empties the batch, and forgets its frames. */
  public void clear() {
    Arrays.fill(frames, 0, count, null);
    count = 0;
    bytes = 0;
  }
}
