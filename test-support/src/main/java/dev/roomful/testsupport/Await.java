package dev.roomful.testsupport;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Bounded waits. */
public final class Await {
  /** The bound of waits that name no other. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Await() {}

  /** Waits until a condition holds, or fails with its description. */
  public static void until(String description, BooleanSupplier condition) {
    until(description, TIMEOUT, condition);
  }

  /** Waits until a condition holds, or fails with its description. */
  public static void until(String description, Duration timeout, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + timeout + ": " + description);
      }
      LockSupport.parkNanos(1_000_000);
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting: " + description);
      }
    }
  }

  /** Waits until a number has not changed for some time, or fails. */
  public static void untilStable(String description, Duration period, IntSupplier number) {
    int[] seen = {number.getAsInt()};
    long[] since = {System.nanoTime()};
    until(
        description + " does not change any more",
        () -> {
          int now = number.getAsInt();
          since[0] = now == seen[0] ? since[0] : System.nanoTime();
          seen[0] = now;
          return System.nanoTime() - since[0] > period.toNanos();
        });
  }

  /** Waits for a latch, as an application's handler would that blocks. */
  public static void latch(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("a latch was not opened within 20 s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a latch", interrupted);
    }
  }
}
