package dev.roomful.internal.delivery;

import java.util.concurrent.TimeUnit;

/** A token bucket: so many a second in the long run, so many at once after a silence. */
public final class TokenBucket {
  private final long nanosPerToken;
  private final long capacity;
  private long available;
  private long updatedAt;

  /** With {@code perSecond} 0 there is no limit. */
  public TokenBucket(int perSecond, int burst, long now) {
    nanosPerToken = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    capacity = burst * nanosPerToken;
    available = capacity;
    updatedAt = now;
  }

  /** Takes one token and returns 0, or returns how many nanoseconds there will be none yet. */
  public synchronized long take(long now) {
    if (nanosPerToken == 0) {
      return 0;
    }
    available = Math.min(capacity, available + Math.max(0, now - updatedAt));
    updatedAt = now;
    if (available < nanosPerToken) {
      return nanosPerToken - available;
    }
    available -= nanosPerToken;
    return 0;
  }
}
