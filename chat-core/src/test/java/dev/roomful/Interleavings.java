package dev.roomful;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;

/**
 * Short races in many different orders of their steps, chosen by Lincheck: first all with one
 * switch between threads, then with two, and so on, at every access to shared memory. A failure
 * tells the order that leads to it.
 */
public final class Interleavings {
  /** A second or two for each race; {@code -Dorders=5000} digs deeper. */
  private static final int ORDERS = Integer.getInteger("orders", 100);

  /** What one of the threads of a race does. */
  @FunctionalInterface
  public interface Task {
    void run() throws Exception;
  }

  private Interleavings() {}

  /**
   * Runs a race again and again.
   *
   * @param race makes all it needs itself, and throws if something is wrong in the end
   */
  public static void check(Runnable race) {
    Lincheck.runConcurrentTest(ORDERS, race);
  }

  /** Within a race: returns when all parts are done, and throws what one of them threw. */
  public static void runConcurrently(Task... tasks) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Task task : tasks) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  task.run();
                } catch (Throwable failed) {
                  failure.compareAndSet(null, failed);
                }
              });
      threads.add(thread);
      thread.start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stopped) {
      throw new AssertionError("interrupted while parts of a race were playing", stopped);
    }
    if (failure.get() != null) {
      throw new AssertionError("a part of the race failed", failure.get());
    }
  }
}
