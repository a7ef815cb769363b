package dev.roomful;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits for tests that run on real threads. */
public final class Eventually {
  /** {@code -Droomful.eventually=N} waits for N milliseconds at most. */
  private static final Duration LONGEST =
      Duration.ofMillis(Integer.getInteger("roomful.eventually", 10_000));

  private Eventually() {}

  /** Waits until a condition holds, or fails with its description. */
  public static void eventually(String description, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("not within " + LONGEST.toMillis() + " ms: " + description);
      }
      LockSupport.parkNanos(200_000);
    }
  }
}
