package dev.roomful.internal.delivery;

import java.util.concurrent.TimeUnit;

/** A token bucket: a number of tokens per second in the long run, a burst after a pause. */
public final class TokenBucket {
  private final Rate rate;
  private long available;
  private long updatedAt;

  /** How fast buckets fill, and how much they hold: one object for all buckets of a kind. */
  public static final class Rate {
    private final long nanosPerToken;
    private final long capacity;

    /** Creates a rate; with {@code perSecond} 0 there is no limit. */
    public Rate(int perSecond, int burst) {
      nanosPerToken = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
      capacity = burst * nanosPerToken;
    }
  }

  /** Creates a full bucket. */
  public TokenBucket(Rate rate, long now) {
    this.rate = rate;
    available = rate.capacity;
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
    long missing = tokens * rate.nanosPerToken - available;
    if (missing > 0) {
      return missing;
    }
    available -= tokens * rate.nanosPerToken;
    return 0;
  }

  /** Takes tokens for what was done already; the debt that this may leave is at most a burst. */
  public synchronized void charge(long tokens, long now) {
    refill(now);
    long affordable =
        rate.nanosPerToken == 0 ? 0 : (available + rate.capacity) / rate.nanosPerToken;
    available -= Math.min(tokens, affordable) * rate.nanosPerToken;
  }

  /** {@return the nanoseconds until the bucket is full; 0 if it is} */
  public synchronized long untilFull(long now) {
    refill(now);
    return rate.capacity - available;
  }

  private void refill(long now) {
    available = Math.min(rate.capacity, available + Math.max(0, now - updatedAt));
    updatedAt = now;
  }
}
