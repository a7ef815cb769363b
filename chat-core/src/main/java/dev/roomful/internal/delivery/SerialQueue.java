package dev.roomful.internal.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the callbacks about one participant one at a time, in the order in which they were added.
 * Adding and running are separate: a callback is added under the lock that decides the order, and
 * run after that lock was released. Whoever adds a callback ensures that {@link #run} follows.
 */
public final class SerialQueue {
  private static final System.Logger LOG = System.getLogger("dev.roomful");

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger runs = new AtomicInteger();

  /** Adds a task; {@link #run} must follow. What a task throws is logged. */
  public void add(Runnable task) {
    tasks.add(task);
  }

  /**
   * Runs the queued tasks, unless another thread, or this one further up its stack, is running the
   * queue already. That run then includes them.
   */
  public void run() {
    if (runs.getAndIncrement() != 0) {
      return;
    }
    int handled = 1;
    do {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        try {
          task.run();
        } catch (Throwable failure) {
          // A failure that left this loop would stop the participant's callbacks for ever.
          LOG.log(System.Logger.Level.ERROR, "A task of a participant failed", failure);
        }
      }
      handled = runs.addAndGet(-handled);
    } while (handled != 0);
  }
}
