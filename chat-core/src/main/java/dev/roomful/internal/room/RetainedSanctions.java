package dev.roomful.internal.room;

import dev.roomful.internal.state.RoomState.RoomSanctions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sanctions of rooms that have been removed, by name: a ban outlives the connection, the
 * participant, and the room. Bounded per room and in all.
 */
final class RetainedSanctions {
  /** The bound over all rooms, as a multiple of the bound per room. */
  private static final int ROOMS_AT_THE_BOUND = 10;

  /** How often all sanctions are visited to remove those that are over. */
  private static final long TRIM_NANOS = Duration.ofSeconds(30).toNanos();

  private final int maxPerRoom;
  private final Map<String, RoomSanctions> byRoom = new ConcurrentHashMap<>();
  private volatile long trimmedAt;

  RetainedSanctions(int maxPerRoom, long now) {
    this.maxPerRoom = maxPerRoom;
    this.trimmedAt = now;
  }

  /** Returns the sanctions of a room: those that are retained, or none yet. */
  RoomSanctions of(String room) {
    RoomSanctions retained = byRoom.get(room);
    return retained == null ? RoomSanctions.of(maxPerRoom) : retained;
  }

  /** Keeps the sanctions of a room, which may be removed. */
  void retain(String room, RoomSanctions sanctions) {
    if (sanctions.size() > 0) {
      byRoom.put(room, sanctions);
    }
  }

  /** Whether one more sanction is within the bound of all rooms. */
  boolean hasPlace(long millis) {
    if (!isFull()) {
      return true;
    }
    trim(millis);
    return !isFull();
  }

  private boolean isFull() {
    long bans = 0;
    long mutes = 0;
    for (RoomSanctions sanctions : byRoom.values()) {
      bans += sanctions.bans().size();
      mutes += sanctions.mutes().size();
    }
    return Math.max(bans, mutes) >= (long) ROOMS_AT_THE_BOUND * maxPerRoom;
  }

  /** Removes sanctions that are over, now and then; called by the deadline timer. */
  void trim(long nanos, long millis) {
    if (nanos - trimmedAt >= TRIM_NANOS) {
      trimmedAt = nanos;
      trim(millis);
    }
  }

  private void trim(long millis) {
    byRoom
        .values()
        .removeIf(
            sanctions -> {
              sanctions.bans().trim(millis);
              sanctions.mutes().trim(millis);
              return sanctions.size() == 0;
            });
  }
}
