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

/** Several threads that start at the same moment. */
public final class Crowd {
  /** What one of the threads does. */
  @FunctionalInterface
  public interface Part {
    void play(int number) throws Exception;
  }

  private Crowd() {}

  /** Returns when all have done their part, and fails if one of them fails or takes too long. */
  public static void together(int threads, Part part) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        parts.add(
            pool.submit(
                () -> {
                  start.await();
                  part.play(number);
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> each : parts) {
        each.get(20, TimeUnit.SECONDS);
      }
    } catch (ExecutionException failed) {
      throw new AssertionError("a thread failed", failed.getCause());
    } catch (TimeoutException stuck) {
      throw new AssertionError("a thread is stuck", stuck);
    } finally {
      pool.shutdownNow();
    }
  }
}
