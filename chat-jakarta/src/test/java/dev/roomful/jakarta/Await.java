package dev.roomful.jakarta;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits. */
final class Await {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Await() {}

  /** Waits until the condition holds; fails after 10 s. */
  static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("not within 10 s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Waits until nothing refers to the object strongly; fails after 10 s. */
  static void collected(String what, WeakReference<?> reference) {
    until(
        what + " is collected",
        () -> {
          System.gc();
          return reference.get() == null;
        });
  }
}
