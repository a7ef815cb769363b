package dev.roomful;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs short races in many orders of their steps. Lincheck chooses the orders: first all with one
 * switch between threads, then with two, and so on, at each access to shared memory. A failure
 * shows the order that leads to it.
 */
public final class Interleavings {
  /** Takes a second or two for each race; {@code -Dorders=5000} tries more orders. */
  private static final int ORDERS = Integer.getInteger("orders", 100);

  /** The task of one thread of a race. */
  @FunctionalInterface
  public interface Task {
    void run() throws Exception;
  }

  private Interleavings() {}

  /**
   * Runs a race once for each order.
   *
   * @param race creates its own state, and throws if the outcome is wrong
   */
  public static void check(Runnable race) {
    Lincheck.runConcurrentTest(ORDERS, race);
  }

  /** Runs the tasks of a race; returns when all are done, and fails if one of them threw. */
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
      throw new AssertionError("interrupted while a race was running", stopped);
    }
    if (failure.get() != null) {
      throw new AssertionError("a task of the race failed", failure.get());
    }
  }
}
