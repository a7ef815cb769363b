package dev.roomful.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Bounded waits. */
final class Await {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(1);

  private Await() {}

  /** Waits until a condition holds, or fails with its description. */
  static void until(String what, Duration within, BooleanSupplier condition) {
    until(() -> what, within, condition);
  }

  /** Waits until a condition holds, or fails with a description made at that moment. */
  static void until(Supplier<String> what, Duration within, BooleanSupplier condition) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + within + ": " + what.get());
      }
      pause();
    }
  }

  /** Waits until a number has not changed for some time, or fails. */
  static void calm(String what, Duration calm, Duration within, IntSupplier number) {
    long begin = System.nanoTime();
    long since = begin;
    int seen = number.getAsInt();
    while (System.nanoTime() - since < calm.toNanos()) {
      if (System.nanoTime() - begin > within.toNanos()) {
        throw new AssertionError("not calm within " + within + ": " + what);
      }
      pause();
      int now = number.getAsInt();
      if (now != seen) {
        seen = now;
        since = System.nanoTime();
      }
    }
  }

  /** Waits for a latch, as an application's handler would that blocks. */
  static void open(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("a latch was not opened within 20 s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a latch", interrupted);
    }
  }

  private static void pause() {
    LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("interrupted while waiting");
    }
  }
}
