package dev.roomful.internal.delivery;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of frames, each with a {@link Mark}, with reserved places for frames that are not encoded
 * yet. All operations take amortised constant time, except for {@link #fill} and {@link #clear}.
 * Not safe for use by several threads: an {@link Outbox} guards it.
 */
class FrameRing {
  /** The bytes counted for a frame in addition to its size, so that empty frames are bounded. */
  public static final int FRAME_COST = 16;

  /** The largest capacity that an empty ring keeps. */
  static final int MAX_IDLE_CAPACITY = 64;

  private static final int MIN_CAPACITY = 4;
  private static final @Nullable Frame[] EMPTY = new Frame[0];

  /** What the queue may do with a frame. */
  enum Mark {
    /** The frame is never dropped alone. */
    ESSENTIAL(0),
    /** {@link #shrinkTo} may drop the frame. */
    EXPENDABLE(1),
    /** As {@code ESSENTIAL}, and {@link #clear} returns the frame. */
    PERSONAL(2),
    /** A placeholder for a frame that is not encoded yet. It holds back the frames behind it. */
    RESERVED(3);

    private final byte code;

    Mark(int code) {
      this.code = (byte) code;
    }
  }

  /** The marks of the frames, apart from them to keep an outbox small. */
  private static final class Marks {
    /** By the indexes of the frames. */
    final byte[] codes;

    /** The number of places from the head that certainly hold no expendable frame. */
    int searched;

    Marks(int capacity) {
      codes = new byte[capacity]; // all essential
    }
  }

  /** A circular buffer; its length is a power of two. A place without a frame was dropped. */
  private @Nullable Frame[] frames = EMPTY;

  /** The marks; null while all frames are essential, as in most outboxes. */
  private @Nullable Marks marks;

  private int head;

  /** The number of places in use, dropped ones included. The first of them has a frame. */
  private int places;

  private long bytes;

  boolean isEmpty() {
    return places == 0;
  }

  /** {@return the sizes of all frames and placeholders, plus their costs} */
  long bytes() {
    return bytes;
  }

  /** {@return the bytes that a frame counts for} */
  static long cost(Frame frame) {
    return (long) frame.size() + FRAME_COST;
  }

  /**
   * Adds a frame behind all others. A placeholder is a frame of its own, marked as {@link
   * Mark#RESERVED}; {@link #fill} must follow.
   */
  final void add(Frame frame, Mark mark) {
    add(frame, mark, cost(frame));
  }

  /** Adds a frame whose {@link #cost} is known. */
  final void add(Frame frame, Mark mark, long cost) {
    if (places == frames.length) {
      makeRoom();
    }
    int index = index(places);
    frames[index] = frame;
    places++;
    bytes += cost;
    if (marks != null || mark != Mark.ESSENTIAL) {
      mark(index, mark);
    }
  }

  /**
   * Replaces a placeholder by an essential frame, or removes it.
   *
   * @return false if the placeholder is not in the ring any more
   */
  boolean fill(Frame placeholder, @Nullable Frame frame) {
    for (int i = 0; i < places; i++) {
      int index = index(i);
      if (frames[index] == placeholder) {
        frames[index] = frame;
        mark(index, Mark.ESSENTIAL);
        bytes += (frame == null ? 0 : cost(frame)) - cost(placeholder);
        skipDropped();
        return true;
      }
    }
    return false;
  }

  /** {@return whether there is a frame at the head that is not held back by a placeholder} */
  boolean hasNext() {
    return places > 0 && !isMarked(head, Mark.RESERVED);
  }

  /**
   * Moves frames from the head to a batch while they fit and none is reserved.
   *
   * @return the bytes that the moved frames counted for
   */
  long moveTo(FrameBatch batch) {
    long moved = 0;
    while (hasNext()) {
      Frame next = frames[head];
      if (next == null || !batch.add(next)) {
        break;
      }
      moved += cost(next);
      removeHead();
    }
    bytes -= moved;
    return moved;
  }

  /**
   * Drops the oldest expendable frames until the ring counts for no more than a number of bytes.
   *
   * <p>If it counts for more afterwards, no expendable frame is left.
   *
   * @return how many frames were dropped
   */
  int shrinkTo(long maxBytes) {
    Marks current = marks;
    if (current == null) {
      return 0;
    }
    int dropped = 0;
    // Each place is searched once, also behind essential frames that remain at the head.
    while (bytes > maxBytes && current.searched < places) {
      int index = index(current.searched);
      Frame frame = frames[index];
      if (frame == null || !isMarked(index, Mark.EXPENDABLE)) {
        current.searched++;
        continue;
      }
      bytes -= cost(frame);
      dropped++;
      if (current.searched == 0) {
        removeHead();
      } else {
        frames[index] = null;
        current.searched++;
      }
    }
    return dropped;
  }

  /**
   * Removes all frames and placeholders.
   *
   * @return the personal frames, in their order
   */
  List<Frame> clear() {
    List<Frame> personal = List.of();
    for (int i = 0; i < places && marks != null; i++) {
      Frame frame = frames[index(i)];
      if (frame != null && isMarked(index(i), Mark.PERSONAL)) {
        personal = personal.isEmpty() ? new ArrayList<>() : personal;
        personal.add(frame);
      }
    }
    release();
    return personal;
  }

  /** Releases the memory of a ring that a burst has made large, if the ring is empty. */
  void trim() {
    if (places == 0 && frames.length > MAX_IDLE_CAPACITY) {
      release();
    }
  }

  private void release() {
    frames = EMPTY;
    marks = null;
    head = 0;
    places = 0;
    bytes = 0;
  }

  private int index(int place) {
    return (head + place) & (frames.length - 1);
  }

  private boolean isMarked(int index, Mark mark) {
    return marks != null && marks.codes[index] == mark.code;
  }

  private void mark(int index, Mark mark) {
    Marks current = marks;
    if (current == null) {
      current = new Marks(frames.length);
      marks = current;
    }
    current.codes[index] = mark.code;
  }

  private void removeHead() {
    frames[head] = null;
    if (marks == null) { // then no place was dropped
      head = index(1);
      places--;
    } else {
      skipDropped();
    }
  }

  /** Moves the head to the first place with a frame. */
  private void skipDropped() {
    while (places > 0 && frames[head] == null) {
      head = (head + 1) & (frames.length - 1);
      places--;
      if (marks != null && marks.searched > 0) {
        marks.searched--;
      }
    }
  }

  /**
   * Copies the frames to a larger ring; or to one of the same size, if at least half of the places
   * were dropped. Either way, as many frames are added as were copied before the next copy.
   */
  private void makeRoom() {
    int remaining = 0;
    for (Frame frame : frames) {
      remaining += frame == null ? 0 : 1;
    }
    int capacity =
        remaining <= frames.length / 2 ? Math.max(MIN_CAPACITY, frames.length) : 2 * frames.length;
    @Nullable Frame[] copy = new Frame[capacity];
    Marks current = marks;
    Marks copiedMarks = current == null ? null : new Marks(capacity);
    int copied = 0;
    for (int i = 0; i < places; i++) {
      Frame frame = frames[index(i)];
      if (frame != null) {
        if (copiedMarks != null && current != null) {
          copiedMarks.codes[copied] = current.codes[index(i)];
        }
        copy[copied++] = frame;
      }
      if (copiedMarks != null && current != null && i < current.searched) {
        copiedMarks.searched = copied;
      }
    }
    frames = copy;
    marks = copiedMarks;
    head = 0;
    places = copied;
  }
}
