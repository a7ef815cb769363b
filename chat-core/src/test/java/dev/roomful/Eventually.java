package dev.roomful;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits for tests that run on real threads. */
public final class Eventually {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Eventually() {}

  /** Waits until a condition holds, or fails with its description. */
  public static void eventually(String description, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("not within " + LONGEST.toSeconds() + " s: " + description);
      }
      LockSupport.parkNanos(200_000);
    }
  }
}
