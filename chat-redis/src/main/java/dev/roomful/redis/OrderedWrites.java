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
  private volatile @Nullable Thread writer;

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
        execute(this::drain);
      } else {
        drain();
      }
    }
  }

  /**
   * Runs actions that wait for a reply. A thread that is writing may hold locks, and writes for
   * others too: if a command has its reply while it is written, another thread runs the actions.
   */
  void settle(Runnable actions) {
    if (Thread.currentThread() == writer) {
      execute(actions);
    } else {
      actions.run();
    }
  }

  private void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException shutDown) {
      task.run();
    }
  }

  private void drain() {
    Thread thread = Thread.currentThread();
    do {
      Runnable write = queue.poll();
      if (write != null) {
        writer = thread;
        write.run();
        writer = null;
      }
    } while (waiting.decrementAndGet() > 0);
  }
}
