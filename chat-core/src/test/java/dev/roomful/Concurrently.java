package dev.roomful;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a task on several threads that start at the same moment. */
public final class Concurrently {
  /** The task of one thread. */
  @FunctionalInterface
  public interface Task {
    void run(int number) throws Exception;
  }

  private Concurrently() {}

  /** Returns when all threads are done; fails if one of them fails or takes longer than 20 s. */
  public static void run(int threads, Task task) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        futures.add(
            pool.submit(
                () -> {
                  start.await();
                  task.run(number);
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> each : futures) {
        each.get(20, TimeUnit.SECONDS);
      }
    } catch (ExecutionException failed) {
      throw new AssertionError("a thread failed", failed.getCause());
    } catch (TimeoutException timeout) {
      throw new AssertionError("a thread is stuck", timeout);
    } finally {
      pool.shutdownNow();
    }
  }
}
