package dev.roomful.internal.state;

import dev.roomful.admission.Rejection;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bans, or the mutes, of one room by participant id. Changed with the room's lock held, read by
 * any thread. Times are milliseconds on the clock of the room's log.
 */
public final class Sanctions {
  private final String code;
  private final int limit;
  private volatile Map<String, Sanction> byId = Map.of(); // until there is one

  /**
   * Creates an empty set.
   *
   * @param code the code of rejections that they cause
   * @param limit how many participants may be sanctioned at a time
   */
  public Sanctions(String code, int limit) {
    this.code = code;
    this.limit = limit;
  }

  /**
   * One sanction.
   *
   * @param reason the reason for the participant
   * @param since when it was imposed
   * @param millis how long it lasts
   */
  public record Sanction(String reason, long since, long millis) {
    boolean isOver(long now) {
      return now - since >= millis;
    }
  }

  /** Imposes a sanction, which replaces an earlier one; returns false if there are too many. */
  boolean impose(String id, Sanction sanction) {
    if (byId.size() >= limit && !byId.containsKey(id)) {
      trim(sanction.since());
    }
    boolean fits = byId.size() < limit || byId.containsKey(id);
    if (fits) {
      if (byId.isEmpty()) {
        byId = new ConcurrentHashMap<>();
      }
      byId.put(id, sanction);
    }
    return fits;
  }

  /** Ends a sanction; returns false if there is none in force. */
  boolean lift(String id, long now) {
    Sanction lifted = byId.isEmpty() ? null : byId.remove(id);
    return lifted != null && !lifted.isOver(now);
  }

  /** Removes those that are over. */
  public void trim(long now) {
    byId.values().removeIf(sanction -> sanction.isOver(now));
  }

  /** {@return why the participant is rejected, or empty if it has no sanction in force} */
  public Optional<Rejection> rejectionFor(String id, long now) {
    if (byId.isEmpty()) {
      return Optional.empty();
    }
    Sanction sanction = byId.get(id);
    return sanction == null || sanction.isOver(now)
        ? Optional.empty()
        : Optional.of(rejection(sanction, now));
  }

  private Rejection rejection(Sanction sanction, long now) {
    long left = sanction.millis() - (now - sanction.since());
    Duration retryAfter = Duration.ofMillis(Math.min(Duration.ofDays(36500).toMillis(), left));
    return new Rejection(403, code, sanction.reason(), retryAfter);
  }

  /** {@return why participants are rejected, by their ids and in the order of these} */
  public Map<String, Rejection> rejections(long now) {
    Map<String, Rejection> rejections = new TreeMap<>();
    byId.forEach(
        (id, sanction) -> {
          if (!sanction.isOver(now)) {
            rejections.put(id, rejection(sanction, now));
          }
        });
    return Collections.unmodifiableMap(rejections);
  }

  int limit() {
    return limit;
  }

  /** {@return how many there are, including those that are over} */
  public int size() {
    return byId.size();
  }

  /** {@return those that are in force, in the order of the participants' ids} */
  Map<String, Sanction> inForce(long now) {
    Map<String, Sanction> inForce = new TreeMap<>(byId);
    inForce.values().removeIf(sanction -> sanction.isOver(now));
    return inForce;
  }

  /** Takes what a snapshot contains. */
  void restore(Map<String, Sanction> restored) {
    byId = new ConcurrentHashMap<>(restored);
  }
}
