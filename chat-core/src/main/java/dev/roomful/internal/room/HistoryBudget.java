package dev.roomful.internal.room;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes of all histories of a chat together. Above the bound the rooms that store most
 * lose the older half of their messages, until a sixteenth of the bound is free: the rooms are
 * sorted once for many messages.
 */
final class HistoryBudget {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final ReentrantLock trimming = new ReentrantLock();

  HistoryBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Counts bytes that are stored, or, if negative, that are no longer stored. */
  void add(long change) {
    bytes.addAndGet(change);
  }

  long bytes() {
    return bytes.get();
  }

  boolean isExceeded() {
    return bytes.get() > maxBytes;
  }

  /** Removes messages if the bound is exceeded; called with no lock held. */
  void enforce(Collection<LiveRoom> rooms) {
    // One thread is enough: the others have published, and need not wait for it.
    if (!isExceeded() || !trimming.tryLock()) {
      return;
    }
    try {
      long target = maxBytes - maxBytes / 16;
      List<LiveRoom> largestFirst =
          rooms.stream()
              .map(room -> new Size(room, room.publisher.storedBytes()))
              .sorted(Comparator.comparingLong(Size::bytes).reversed())
              .map(Size::room)
              .toList();
      for (LiveRoom room : largestFirst) {
        if (bytes.get() <= target) {
          return;
        }
        room.publisher.halveHistory();
      }
    } finally {
      trimming.unlock();
    }
  }

  /** Read once: sizes change while they are sorted. */
  private record Size(LiveRoom room, long bytes) {}
}
