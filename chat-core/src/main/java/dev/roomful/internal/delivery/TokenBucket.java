package dev.roomful.internal.delivery;

import java.util.concurrent.TimeUnit;

/** A token bucket: a number of tokens per second in the long run, a burst after a pause. */
public final class TokenBucket {
  private final long nanosPerToken;
  private final long capacity;
  private long available;
  private long updatedAt;

  /** Creates a full bucket; with {@code perSecond} 0 there is no limit. */
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

  /** Takes tokens for what was done already; the debt that this may leave is at most a burst. */
  public synchronized void charge(long tokens, long now) {
    refill(now);
    long affordable = nanosPerToken == 0 ? 0 : (available + capacity) / nanosPerToken;
    available -= Math.min(tokens, affordable) * nanosPerToken;
  }

  /** {@return the nanoseconds until the bucket is full; 0 if it is} */
  public synchronized long untilFull(long now) {
    refill(now);
    return capacity - available;
  }

  private void refill(long now) {
    available = Math.min(capacity, available + Math.max(0, now - updatedAt));
    updatedAt = now;
  }
}
