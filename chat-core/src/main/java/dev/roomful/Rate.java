package dev.roomful;

import java.util.concurrent.TimeUnit;

/** A token bucket: so many a second in the long run, so many at once after a silence. */
final class Rate {
  private final long nanosPerToken;
  private final long full;
  private long credit;
  private long asOf;

  /** With {@code perSecond} 0 there is no limit. */
  Rate(int perSecond, int burst, long now) {
    nanosPerToken = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    full = burst * nanosPerToken;
    credit = full;
    asOf = now;
  }

  /** Takes one token and returns 0, or returns how many nanoseconds there will be none yet. */
  synchronized long take(long now) {
    if (nanosPerToken == 0) {
      return 0;
    }
    credit = Math.min(full, credit + Math.max(0, now - asOf));
    asOf = now;
    if (credit < nanosPerToken) {
      return nanosPerToken - credit;
    }
    credit -= nanosPerToken;
    return 0;
  }
}
