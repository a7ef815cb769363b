package dev.roomful.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that go to one connection in one write, in this order: at least one frame, and no more
 * than 64 KiB unless a single frame is larger. Belongs to the transport from the call of {@link
 * Connection#write} until the write's completion; after that it is used again for other frames.
 */
public final class Batch {
  /** Frames are added to a batch while they fit into this many bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private @Nullable Frame[] added = new Frame[16];
  private int count;
  private int bytes;
  private boolean merging;

  // What was made of the frames of the last time, for the next connection that gets the same.
  private @Nullable Frame[] last = new Frame[0];
  private int lastCount;
  private boolean lastMerging;
  private boolean isCopied;
  private ByteBuffer wire = ByteBuffer.allocate(0);
  private @Nullable List<Frame> merged;

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
    if (count == added.length) {
      added = Arrays.copyOf(added, count * 2);
    }
    added[count++] = frame;
    bytes += frame.size();
    return true;
  }

  /**
   * Makes one frame of neighbours that carry text, with a line feed between what they said; and one
   * of neighbours that do not, with nothing between. Holds until the batch is cleared.
   */
  public void mergeFrames() {
    merging = true;
  }

  /**
   * How many frames there are.
   *
   * @return the number of frames
   */
  public int size() {
    return merging ? mergedFrames().size() : count;
  }

  /**
   * One of the frames.
   *
   * @param index from 0 to {@link #size} exclusive
   * @return the frame
   * @throws IndexOutOfBoundsException if there is no such frame
   */
  public Frame frame(int index) {
    if (merging) {
      return mergedFrames().get(index);
    }
    Frame frame = index < count ? added[index] : null;
    if (frame == null) {
      throw new IndexOutOfBoundsException("frame " + index + " of " + count);
    }
    return frame;
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
    invalidateIfChanged();
    if (!isCopied) {
      copy();
      isCopied = true;
    }
    return wire.asReadOnlyBuffer();
  }

  private List<Frame> mergedFrames() {
    invalidateIfChanged();
    List<Frame> all = merged;
    if (all == null) {
      all = new ArrayList<>();
      for (int i = 0; i < count; i = next(i)) {
        all.add(Frame.merged(added, i, next(i)));
      }
      merged = all;
    }
    return all;
  }

  /** Where the next frame begins that goes over the wire. */
  private int next(int index) {
    int next = index + 1;
    while (merging && next < count && Frame.haveSameType(added[index], added[next])) {
      next++;
    }
    return next;
  }

  /** Forgets what was made of the frames of the last time, unless these are the same. */
  private void invalidateIfChanged() {
    if (isSameAsLast()) {
      return;
    }
    isCopied = false;
    merged = null;
    if (last.length < count) {
      last = new Frame[added.length];
    }
    System.arraycopy(added, 0, last, 0, count);
    Arrays.fill(last, count, Math.max(count, lastCount), null);
    lastCount = count;
    lastMerging = merging;
  }

  private boolean isSameAsLast() {
    if (lastCount != count || lastMerging != merging) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (last[i] != added[i]) {
        return false;
      }
    }
    return true;
  }

  private void copy() {
    int size = merging ? mergedBytes() : bytes;
    if (wire.capacity() < size) {
      wire = ByteBuffer.allocateDirect(Math.max(size, Math.min(MAX_BYTES, 2 * wire.capacity())));
    }
    wire.clear();
    for (int i = 0; i < count; i = next(i)) {
      Frame.copy(added, i, next(i), wire);
    }
    wire.flip();
  }

  private int mergedBytes() {
    int size = 0;
    for (int i = 0; i < count; i = next(i)) {
      size += Frame.size(added, i, next(i));
    }
    return size;
  }

  /** Empties the batch, and forgets its frames. */
  public void clear() {
    Arrays.fill(added, 0, count, null);
    count = 0;
    bytes = 0;
    merging = false;
  }
}
