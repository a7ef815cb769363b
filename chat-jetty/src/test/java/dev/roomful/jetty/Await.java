package dev.roomful.jetty;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits. */
final class Await {
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Await() {}

  /** Waits until the condition holds, or fails with what was waited for. */
  static void until(String description, BooleanSupplier condition) {
    until(description, TIMEOUT, condition);
  }

  static void until(String description, Duration timeout, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + timeout + ": " + description);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
