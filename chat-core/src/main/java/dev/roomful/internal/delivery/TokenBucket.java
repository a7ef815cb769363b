package dev.roomful.internal.delivery;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket: tokens are added at a constant rate, up to the capacity of the bucket. Safe for
 * use by several threads.
 */
public final class TokenBucket {
  private final long nanosPerToken;
  private final long capacity;
  private long available;
  private long updatedAt;

  /**
   * Creates a full bucket.
   *
   * @param perSecond the tokens added each second; 0 for no limit
   * @param burst the capacity in tokens
   * @param now the time in nanoseconds
   */
  public TokenBucket(int perSecond, int burst, long now) {
    nanosPerToken = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    capacity = burst * nanosPerToken;
    available = capacity;
    updatedAt = now;
  }

  /** Takes one token and returns 0, or returns the nanoseconds until there is one. */
  public long take(long now) {
    return take(1, now);
  }

  /**
   * Takes tokens and returns 0, or takes none and returns the nanoseconds until there are enough.
   * Taking 0 tokens fails while the bucket is in debt.
   */
  public synchronized long take(int tokens, long now) {
    refill(now);
    long missing = tokens * nanosPerToken - available;
    if (missing > 0) {
      return missing;
    }
    available -= tokens * nanosPerToken;
    return 0;
  }

  /** Takes tokens that were spent already. This may leave a debt of at most the capacity. */
  public synchronized void charge(long tokens, long now) {
    refill(now);
    long affordable = nanosPerToken == 0 ? 0 : (available + capacity) / nanosPerToken;
    available -= Math.min(tokens, affordable) * nanosPerToken;
  }

  private void refill(long now) {
    available = Math.min(capacity, available + Math.max(0, now - updatedAt));
    updatedAt = now;
  }
}
