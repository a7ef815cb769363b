package dev.roomful;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The same short race between two threads again and again, each time a little shifted. */
public final class Races {
  /** The two ways to win are tried against each other by shifts of up to so long. */
  private static final int LONGEST_SHIFT_NANOS = 20_000;

  /** One round of a race. */
  public interface Race {
    void first() throws Exception;

    void second() throws Exception;

    /** When both are done: throws if something is wrong. */
    void verify();
  }

  private Races() {}

  /** Runs so many rounds, each with a race of its own. */
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
   * Spins at first, because who is woken from parking would start long after the other; gives up
   * the processor where the other may have none.
   */
  private static void awaitBoth(AtomicInteger arrived, int all) {
    arrived.incrementAndGet();
    for (int spins = 0; arrived.get() < all; spins++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("the other side has failed");
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
