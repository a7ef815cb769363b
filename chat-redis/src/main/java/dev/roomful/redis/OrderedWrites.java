package dev.roomful.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes commands to a connection in the order in which they were given.
 *
 * <p>Lettuce alone does not keep that order: a command of the connection's own event loop is
 * written at once, before those that other threads have handed over earlier. Here no command is
 * written by the event loop.
 */
final class OrderedWrites {
  private final Executor executor;
  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile @Nullable Thread eventLoop;

  /**
   * @param executor writes for the event loop; not one of its threads
   */
  OrderedWrites(Executor executor) {
    this.executor = executor;
  }

  void eventLoop(Thread thread) {
    eventLoop = thread;
  }

  /**
   * @param write does not throw
   */
  void add(Runnable write) {
    queue.add(write);
    if (waiting.getAndIncrement() == 0) {
      if (Thread.currentThread() == eventLoop) {
        try {
          executor.execute(this::drain);
        } catch (RejectedExecutionException shutDown) {
          drain();
        }
      } else {
        drain();
      }
    }
  }

  private void drain() {
    do {
      Runnable write = queue.poll();
      if (write != null) {
        write.run();
      }
    } while (waiting.decrementAndGet() > 0);
  }
}
