package dev.roomful;

import dev.roomful.admission.Rejection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Who may not come into a room, or not speak there, by the names of both: a ban outlives the
 * connection, the participant, and a room that is forgotten when the banned one was the last.
 */
final class Sanctions {
  private final String code;
  private final LongSupplier clock;
  private final ConcurrentMap<Key, Sanction> active = new ConcurrentHashMap<>();

  Sanctions(String code, LongSupplier clock) {
    this.code = code;
    this.clock = clock;
  }

  private record Key(String room, String id) {}

  private record Sanction(String reason, long since, long nanos) {
    boolean isOver(long now) {
      return now - since >= nanos;
    }

    Duration remaining(long now) {
      return Duration.ofNanos(Math.max(0, nanos - (now - since)));
    }
  }

  /** From now on, for a time; in place of one that is in force. */
  void impose(String room, String id, Duration time, String reason) {
    active.put(new Key(room, id), new Sanction(reason, clock.getAsLong(), saturatedNanos(time)));
  }

  boolean lift(String room, String id) {
    Sanction lifted = active.remove(new Key(room, id));
    return lifted != null && !lifted.isOver(clock.getAsLong());
  }

  Optional<Rejection> rejectionFor(String room, String id) {
    if (active.isEmpty()) {
      return Optional.empty();
    }
    long now = clock.getAsLong();
    return Optional.ofNullable(active.get(new Key(room, id)))
        .filter(sanction -> !sanction.isOver(now))
        .map(sanction -> new Rejection(403, code, sanction.reason(), sanction.remaining(now)));
  }

  /** Forgets those that are over. */
  void trim(long now) {
    active.values().removeIf(sanction -> sanction.isOver(now));
  }

  /** A time that is longer than the clock can count is for ever. */
  private static long saturatedNanos(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("a time of " + time + " is over at once: give more");
    }
    return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : time.toNanos();
  }
}
