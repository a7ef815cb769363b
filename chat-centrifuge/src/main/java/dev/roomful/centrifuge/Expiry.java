package dev.roomful.centrifuge;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time until which something is valid, by the chat's clock.
 *
 * @param expiresAt the time, null for never
 */
record Expiry(@Nullable Duration expiresAt) {
  /** How long after the expiry a client may still send a new token. */
  private static final Duration REFRESH_WINDOW = Duration.ofSeconds(25);

  private static final Expiry NEVER = new Expiry(null);

  /**
   * Returns the expiry at a time in seconds since 1970, 0 for never.
   *
   * @throws InvalidTokenException if the time has passed
   */
  static Expiry at(long seconds, Instant wallTime, Duration now) throws InvalidTokenException {
    if (seconds == 0) {
      return NEVER;
    }
    long remaining = seconds - wallTime.getEpochSecond();
    if (remaining <= 0) {
      throw InvalidTokenException.expired("what the token allows has expired");
    }
    return new Expiry(now.plusSeconds(remaining));
  }

  Reply.TimeToLive timeToLive(Duration now) {
    return expiresAt == null
        ? Reply.TimeToLive.UNLIMITED
        : Reply.TimeToLive.ofSeconds(
            (int) Math.min(Integer.MAX_VALUE, Math.max(1, expiresAt.minus(now).toSeconds())));
  }

  boolean expires() {
    return expiresAt != null;
  }

  boolean isRefreshOverdue(Duration now) {
    return expiresAt != null && now.minus(expiresAt).compareTo(REFRESH_WINDOW) > 0;
  }
}
