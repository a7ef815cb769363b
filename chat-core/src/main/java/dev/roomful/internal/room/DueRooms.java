package dev.roomful.internal.room;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * Rooms in the order of a time, so that what is due is found without visiting the others. Each room
 * changes its own entries with its lock held; any thread may read.
 */
final class DueRooms {
  private final NavigableSet<Entry> entries =
      new ConcurrentSkipListSet<>(
          // By difference, as System.nanoTime demands.
          ((Comparator<Entry>) (one, other) -> Long.compare(one.time - other.time, 0))
              .thenComparingLong(entry -> entry.room.number));

  /** One room and a time of the chat's clock in nanoseconds. */
  record Entry(long time, LiveRoom room) {}

  Entry add(long time, LiveRoom room) {
    Entry entry = new Entry(time, room);
    entries.add(entry);
    return entry;
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  /** Returns the room with the earliest time, or null. */
  @Nullable LiveRoom first() {
    Entry entry = firstEntry();
    return entry == null ? null : entry.room;
  }

  /** Removes and returns the room with the earliest time if that is not later than now, or null. */
  @Nullable LiveRoom takeDue(long now) {
    for (Entry entry = firstEntry(); entry != null; entry = firstEntry()) {
      if (entry.time - now > 0) {
        return null;
      }
      if (entries.remove(entry)) {
        return entry.room;
      }
    }
    return null;
  }

  private @Nullable Entry firstEntry() {
    Iterator<Entry> inOrder = entries.iterator();
    return inOrder.hasNext() ? inOrder.next() : null;
  }

  int size() {
    return entries.size();
  }
}
