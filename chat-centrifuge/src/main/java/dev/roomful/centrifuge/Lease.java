package dev.roomful.centrifuge;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long something is good for, by the chat's clock.
 *
 * @param end when it expires, null for never
 */
record Lease(@Nullable Duration end) {
  /** How long after that a client may still come with a new token. */
  private static final Duration GRACE = Duration.ofSeconds(25);

  private static final Lease FOR_EVER = new Lease(null);

  /** Until a time in seconds since 1970; 0 for ever. */
  static Lease until(long seconds, Instant wall, Duration now) throws TokenRefused {
    if (seconds == 0) {
      return FOR_EVER;
    }
    long left = seconds - wall.getEpochSecond();
    if (left <= 0) {
      throw TokenRefused.expired("what it allows is over");
    }
    return new Lease(now.plusSeconds(left));
  }

  Reply.Expiry expiry(Duration now) {
    return end == null
        ? Reply.Expiry.NEVER
        : Reply.Expiry.in(
            (int) Math.min(Integer.MAX_VALUE, Math.max(1, end.minus(now).toSeconds())));
  }

  boolean ends() {
    return end != null;
  }

  boolean isOver(Duration now) {
    return end != null && now.minus(end).compareTo(GRACE) > 0;
  }
}
