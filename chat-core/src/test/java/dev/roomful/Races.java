package dev.roomful;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Repeats a short race of two threads with random shifts between them. */
public final class Races {
  /** Each thread starts after a random delay of up to this length. */
  private static final int LONGEST_SHIFT_NANOS = 20_000;

  /** One round of a race. */
  public interface Race {
    void first() throws Exception;

    void second() throws Exception;

    /** Runs after both; throws if the outcome is wrong. */
    void verify();
  }

  private Races() {}

  /** Runs a new race in each round. */
  public static void run(int rounds, Supplier<Race> race) throws InterruptedException {
    AtomicReference<Race> next = new AtomicReference<>();
    AtomicInteger arrived = new AtomicInteger();
    Concurrently.run(
        2,
        number -> {
          for (int round = 0; round < rounds; round++) {
            if (number == 0) {
              next.set(race.get());
            }
            awaitBoth(arrived, 4 * round + 2);
            Race one = next.get();
            spin(ThreadLocalRandom.current().nextInt(LONGEST_SHIFT_NANOS));
            if (number == 0) {
              one.first();
            } else {
              one.second();
            }
            awaitBoth(arrived, 4 * round + 4);
            if (number == 0) {
              one.verify();
            }
          }
        });
  }

  /**
   * Spins first, because a thread that is woken from parking starts much later than the other.
   * Parks after that, because the other thread may have no processor.
   */
  private static void awaitBoth(AtomicInteger arrived, int all) {
    arrived.incrementAndGet();
    for (int spins = 0; arrived.get() < all; spins++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("the other thread failed");
      }
      if (spins < 10_000) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(1000);
      }
    }
  }

  private static void spin(int nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }
}
