package dev.roomful.internal.delivery;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A batch that a write loop fills and uses again. It remembers the bytes that it copied last,
 * because the connections of a room usually get the same frames one after the other.
 *
 * <p>Several frames are copied to direct memory, merged or not. When the write loop has used up its
 * {@link DirectMemory}, batches of several frames are limited to {@link #SMALL_BYTES} and copied to
 * the heap. A single frame is never copied.
 */
final class FrameBatch implements Batch {
  /** The largest size in bytes of a batch of several frames without direct memory. */
  static final int SMALL_BYTES = 4 * 1024;

  private static final ByteBuffer NO_COPY = ByteBuffer.allocate(0);

  private final DirectMemory memory;
  private @Nullable Frame[] frames = new Frame[16];
  private int count;
  private int bytes;
  private boolean merging;

  // The frames for which `merged` and `copy` were made.
  private @Nullable Frame[] last = new Frame[0];
  private int lastCount;
  private boolean lastMerging;
  private @Nullable List<Frame> merged;
  private boolean isCopied;
  private ByteBuffer copy = NO_COPY;
  private boolean discarded;

  FrameBatch(DirectMemory memory) {
    this.memory = memory;
  }

  /**
   * Adds a frame, if the batch is empty or there is room for the frame.
   *
   * @return false if there is none
   */
  boolean add(Frame frame) {
    if (count > 0 && !fits(bytes + frame.size())) {
      return false;
    }
    if (count == frames.length) {
      frames = Arrays.copyOf(frames, count * 2);
    }
    frames[count++] = frame;
    bytes += frame.size();
    return true;
  }

  private boolean fits(int size) {
    return size <= SMALL_BYTES
        || (size <= MAX_BYTES
            && ((copy.isDirect() && size <= copy.capacity()) || memory.hasRoom()));
  }

  /**
   * Merges adjacent text frames into one, with a line feed between their texts, and adjacent binary
   * frames into one, with nothing between. Holds until the batch is cleared.
   */
  void mergeFrames() {
    merging = true;
  }

  /** {@return the number of frames, before they are merged} */
  int frames() {
    return count;
  }

  /** {@return the bytes of the frames, before they are merged} */
  int bytes() {
    return bytes;
  }

  @Override
  public int size() {
    return merging ? mergedFrames().size() : count;
  }

  @Override
  public Frame frame(int index) {
    if (merging) {
      return mergedFrames().get(index);
    }
    Frame frame = index < count ? frames[index] : null;
    if (frame == null) {
      throw new IndexOutOfBoundsException("frame " + index + " of " + count);
    }
    return frame;
  }

  @Override
  public ByteBuffer wire() {
    if (count == 1) {
      return frame(0).wire();
    }
    forgetOtherFrames();
    if (!isCopied) {
      copyFrames();
      isCopied = true;
    }
    return copy.asReadOnlyBuffer();
  }

  /** Removes all frames. */
  void clear() {
    Arrays.fill(frames, 0, count, null);
    count = 0;
    bytes = 0;
    merging = false;
  }

  /** Forgets the last frames and their bytes, so that an idle batch keeps no frame alive. */
  void forget() {
    Arrays.fill(last, 0, lastCount, null);
    lastCount = 0;
    merged = null;
    isCopied = false;
    if (!copy.isDirect()) {
      copy = NO_COPY;
    }
  }

  /**
   * Stops counting the direct memory of a batch that is not used again. Its transport may still
   * read it, also on another thread. A second call has no effect.
   */
  synchronized void discard() {
    if (!discarded) {
      memory.release(copy);
      discarded = true;
    }
  }

  private void copyFrames() {
    int size = 0;
    for (int i = 0; i < size(); i++) {
      size += frame(i).size();
    }
    makeRoom(size);
    copy.clear();
    for (int i = 0; i < size(); i++) {
      frame(i).copyTo(copy);
    }
    copy.flip();
  }

  private synchronized void makeRoom(int size) {
    if (copy.isDirect() && copy.capacity() >= size) {
      return;
    }
    int doubled = Math.min(MAX_BYTES, 2 * copy.capacity());
    int capacity = Math.max(size, Math.max(SMALL_BYTES, doubled));
    ByteBuffer larger = discarded ? null : memory.allocate(capacity);
    if (larger == null && copy.capacity() >= size) {
      return;
    }
    if (!discarded) {
      memory.release(copy);
    }
    copy = larger == null ? ByteBuffer.allocate(size) : larger;
  }

  private List<Frame> mergedFrames() {
    forgetOtherFrames();
    List<Frame> all = merged;
    if (all == null) {
      all = new ArrayList<>();
      int from = 0;
      while (from < count) {
        int to = from + 1;
        while (to < count && added(to).isText() == added(from).isText()) {
          to++;
        }
        all.add(to == from + 1 ? added(from) : merge(from, to));
        from = to;
      }
      merged = all;
    }
    return all;
  }

  private Frame merge(int from, int to) {
    boolean text = added(from).isText();
    int size = text ? to - from - 1 : 0;
    for (int i = from; i < to; i++) {
      size += added(i).payload().remaining();
    }
    ByteBuffer payload = ByteBuffer.allocate(size);
    for (int i = from; i < to; i++) {
      if (text && i > from) {
        payload.put((byte) '\n');
      }
      payload.put(added(i).payload());
    }
    return text ? Frame.text(payload.array()) : Frame.binary(payload.array());
  }

  private Frame added(int index) {
    return Objects.requireNonNull(frames[index]);
  }

  /** Forgets what was made of the last frames, unless the batch has the same ones again. */
  private void forgetOtherFrames() {
    if (hasLastFrames()) {
      return;
    }
    isCopied = false;
    merged = null;
    if (last.length < count) {
      last = new Frame[frames.length];
    }
    System.arraycopy(frames, 0, last, 0, count);
    Arrays.fill(last, count, Math.max(count, lastCount), null);
    lastCount = count;
    lastMerging = merging;
  }

  private boolean hasLastFrames() {
    if (lastCount != count || lastMerging != merging) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (last[i] != frames[i]) {
        return false;
      }
    }
    return true;
  }
}
