package dev.roomful.internal.validation;

import java.time.Duration;

/** Checks of numbers and times that an application sets. */
public final class Arguments {
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

  private Arguments() {}

  /**
   * Returns the value, or throws an {@link IllegalArgumentException} if it is below the minimum.
   */
  public static int requireAtLeast(int minimum, int value, String name) {
    if (value < minimum) {
      throw new IllegalArgumentException(
          name + " is " + value + ": it must be at least " + minimum);
    }
    return value;
  }

  /** As {@link #requireAtLeast(int, int, String)}. */
  public static long requireAtLeast(long minimum, long value, String name) {
    if (value < minimum) {
      throw new IllegalArgumentException(
          name + " is " + value + ": it must be at least " + minimum);
    }
    return value;
  }

  /**
   * Returns the value, or throws an {@link IllegalArgumentException} if it is not more than zero or
   * longer than a year.
   */
  public static Duration requireTimeout(Duration value, String name) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + ": it must be longer than zero");
    }
    return requireAtMost(LONGEST_TIMEOUT, value, name);
  }

  /**
   * Returns the value, or throws an {@link IllegalArgumentException} if it is negative or longer
   * than the maximum.
   */
  public static Duration requireAtMost(Duration maximum, Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " is " + value + ": it must not be negative");
    }
    if (value.compareTo(maximum) > 0) {
      String longest =
          maximum.toDays() > 0 ? maximum.toDays() + " days" : maximum.toMinutes() + " minutes";
      throw new IllegalArgumentException(name + " is " + value + ": it must be at most " + longest);
    }
    return value;
  }

  /** Returns the nanoseconds of a duration; one that is longer than they can count never ends. */
  public static long saturatedNanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0
        ? Long.MAX_VALUE
        : duration.toNanos();
  }
}
