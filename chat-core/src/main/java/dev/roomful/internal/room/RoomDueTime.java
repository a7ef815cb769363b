package dev.roomful.internal.room;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The next time at which a room has something to do; guarded by the room. */
final class RoomDueTime {
  /** Delays that are longer never end; times within them compare correctly. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final DueRooms queue;
  private final LiveRoom room;
  private DueRooms.@Nullable Entry entry;

  RoomDueTime(DueRooms queue, LiveRoom room) {
    this.queue = queue;
    this.room = room;
  }

  /** Has the room called at a time, or earlier if that was asked for already. */
  void require(long from, Duration delay) {
    if (delay.compareTo(Duration.ofNanos(LONGEST_NANOS)) > 0) {
      return;
    }
    long time = from + delay.toNanos();
    if (entry == null || time - entry.time() < 0) {
      cancel();
      entry = queue.add(time, room);
    }
  }

  /** Forgets the time; what is still to be done has to be required again. */
  void cancel() {
    if (entry != null) {
      queue.remove(entry);
      entry = null;
    }
  }
}
