package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the callbacks about one participant one at a time, in the order in which they were added.
 * Adding and running are separate: a callback is added while the lock is held that decides the
 * order, and runs after the lock was released. {@link #run} must follow each {@link #add}.
 */
public final class SerialQueue {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger runs = new AtomicInteger();

  /** Compared with the current thread only, which always sees what it wrote last itself. */
  private @Nullable Thread runner;

  /** Adds a task; {@link #run} must follow. What a task throws is logged. */
  public void add(Runnable task) {
    tasks.add(task);
  }

  /**
   * Runs what waits, unless another thread, or this one further up its stack, is doing so already:
   * that call will then run it.
   */
  public void run() {
    if (runs.getAndIncrement() != 0) {
      return;
    }
    int handled = 1;
    do {
      runner = Thread.currentThread();
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        runSafely(task);
      }
      runner = null; // before another thread can take over
      handled = runs.addAndGet(-handled);
    } while (handled != 0);
  }

  /** A failure that left the loop would stop the participant's callbacks for ever. */
  private static void runSafely(Runnable task) {
    try {
      try {
        task.run();
      } catch (Throwable failure) {
        LogEvent.TASK_FAILED.logFailure(() -> "A task of a participant failed", failure);
      }
    } catch (Throwable unlogged) {
      // There is no memory to call the log with.
    }
  }

  /** {@return whether this method is called from within {@link #run}} */
  public boolean isRunningOnCurrentThread() {
    return runner == Thread.currentThread();
  }
}
