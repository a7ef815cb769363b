package dev.roomful.benchmarks;

import java.time.Duration;

/** A histogram of times in nanoseconds, with 32 buckets for each doubling. */
final class Latencies {
  private static final int STEPS = 32;

  private final long[] counts = new long[64 * STEPS];
  private long total;

  void add(long nanos) {
    counts[index(Math.max(nanos, STEPS))]++;
    total++;
  }

  long count() {
    return total;
  }

  /** {@return a quantile, with an error of about three per cent} */
  Duration quantile(double share) {
    long left = (long) Math.ceil(share * total);
    for (int i = 0; i < counts.length; i++) {
      left -= counts[i];
      if (left <= 0) {
        return Duration.ofNanos(upper(i));
      }
    }
    return Duration.ZERO;
  }

  private static int index(long nanos) {
    int doubling = 63 - Long.numberOfLeadingZeros(nanos);
    return doubling * STEPS + (int) (nanos >>> (doubling - 5)) - STEPS;
  }

  private static long upper(int index) {
    return (long) (index % STEPS + STEPS + 1) << Math.max(0, index / STEPS - 5);
  }
}
