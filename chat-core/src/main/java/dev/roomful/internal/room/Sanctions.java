package dev.roomful.internal.room;

import dev.roomful.Outcome;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.Arguments;
import dev.roomful.internal.validation.Identifiers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Bans, or mutes, by room name and participant id. A sanction outlives the connection, the
 * participant, and the room. Bounded per room and in all; a new sanction is rejected at the bound.
 */
public final class Sanctions {
  /** The bound over all rooms, as a multiple of the bound per room. */
  private static final int ROOMS_AT_THE_BOUND = 10;

  private static final int MAX_REASON_LENGTH = 256;

  /** How often all sanctions are visited to remove those that are over. */
  private static final long TRIM_NANOS = Duration.ofSeconds(30).toNanos();

  private final String code;
  private final LongSupplier clock;
  private final int maxPerRoom;
  private final ConcurrentMap<String, Map<String, Sanction>> byRoom = new ConcurrentHashMap<>();
  private volatile long trimmedAt;

  public Sanctions(String code, LongSupplier clock, int maxPerRoom) {
    this.trimmedAt = clock.getAsLong();
    this.code = code;
    this.clock = clock;
    this.maxPerRoom = maxPerRoom;
  }

  private record Sanction(String reason, long since, long nanos) {
    boolean isOver(long now) {
      return now - since >= nanos;
    }

    Duration remaining(long now) {
      return Duration.ofNanos(Math.max(0, nanos - (now - since)));
    }
  }

  /** Imposes a sanction from now on; it replaces one that is in force. */
  public Outcome impose(String room, String id, Duration duration, String reason) {
    String idError = Identifiers.errorIn("participant's id", id);
    if (idError != null) {
      throw new IllegalArgumentException(idError);
    }
    if (reason.length() > MAX_REASON_LENGTH) {
      throw new IllegalArgumentException(
          "the reason has " + reason.length() + " characters: at most " + MAX_REASON_LENGTH);
    }
    Sanction sanction = new Sanction(reason, clock.getAsLong(), saturatedNanos(duration));
    if (imposeIfItFits(room, id, sanction)) {
      return Outcome.done();
    }
    removeExpired(clock.getAsLong());
    return imposeIfItFits(room, id, sanction)
        ? Outcome.done()
        : Outcome.rejected(Rejections.tooManySanctions(room, maxPerRoom));
  }

  private boolean imposeIfItFits(String room, String id, Sanction sanction) {
    long all = byRoom.values().stream().mapToLong(Map::size).sum();
    boolean[] imposed = {false};
    byRoom.compute(
        room,
        (name, present) -> {
          Map<String, Sanction> sanctions = present == null ? new ConcurrentHashMap<>() : present;
          boolean fits =
              sanctions.size() < maxPerRoom && all < (long) ROOMS_AT_THE_BOUND * maxPerRoom;
          if (fits || sanctions.containsKey(id)) {
            sanctions.put(id, sanction);
            imposed[0] = true;
          }
          return sanctions.isEmpty() ? null : sanctions;
        });
    return imposed[0];
  }

  public boolean lift(String room, String id) {
    boolean[] lifted = {false};
    byRoom.computeIfPresent(
        room,
        (name, sanctions) -> {
          Sanction removed = sanctions.remove(id);
          lifted[0] = removed != null && !removed.isOver(clock.getAsLong());
          return sanctions.isEmpty() ? null : sanctions;
        });
    return lifted[0];
  }

  public Optional<Rejection> rejectionFor(String room, String id) {
    if (byRoom.isEmpty()) {
      return Optional.empty();
    }
    long now = clock.getAsLong();
    return Optional.ofNullable(byRoom.get(room))
        .map(sanctions -> sanctions.get(id))
        .filter(sanction -> !sanction.isOver(now))
        .map(sanction -> new Rejection(403, code, sanction.reason(), sanction.remaining(now)));
  }

  /** Removes those that are over, now and then; called by the deadline timer. */
  public void trim(long now) {
    if (now - trimmedAt >= TRIM_NANOS) {
      trimmedAt = now;
      removeExpired(now);
    }
  }

  private void removeExpired(long now) {
    for (String room : byRoom.keySet()) {
      byRoom.computeIfPresent(
          room,
          (name, sanctions) -> {
            sanctions.values().removeIf(sanction -> sanction.isOver(now));
            return sanctions.isEmpty() ? null : sanctions;
          });
    }
  }

  /** A duration that is longer than the clock can count never ends. */
  private static long saturatedNanos(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "the duration " + duration + " is over at once: give more than zero");
    }
    return Arguments.saturatedNanos(duration);
  }
}
