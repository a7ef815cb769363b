package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Runs the callbacks about one participant one at a time, in the order in which they were added.
 * Adding and running are separate: a callback is added while the lock is held that decides the
 * order, and runs after the lock was released. {@link #run} must follow each {@link #add}.
 *
 * <p>Most participants are idle, so an empty queue is one object.
 */
public final class SerialQueue {
  private static final AtomicReferenceFieldUpdater<SerialQueue, @Nullable Task> ADDED =
      AtomicReferenceFieldUpdater.newUpdater(SerialQueue.class, Task.class, "added");

  private static final AtomicIntegerFieldUpdater<SerialQueue> RUNS =
      AtomicIntegerFieldUpdater.newUpdater(SerialQueue.class, "runs");

  /** The tasks that no run has taken, the latest first. */
  private volatile @Nullable Task added;

  @SuppressWarnings("UnusedVariable") // by its updater
  private volatile int runs;

  /** Compared with the current thread only, which always sees what it wrote last itself. */
  private @Nullable Thread runner;

  private static final class Task {
    final Runnable action;

    /** The one that was added before this one; the one after it, once a run has taken both. */
    @Nullable Task next;

    Task(Runnable action) {
      this.action = action;
    }
  }

  /** Adds a task; {@link #run} must follow. What a task throws is logged. */
  public void add(Runnable action) {
    Task task = new Task(action);
    do {
      task.next = added;
    } while (!ADDED.compareAndSet(this, task.next, task));
  }

  /**
   * Runs what waits, unless another thread, or this one further up its stack, is doing so already:
   * that call will then run it.
   */
  public void run() {
    if (RUNS.getAndIncrement(this) != 0) {
      return;
    }
    int handled = 1;
    do {
      runner = Thread.currentThread();
      while (added != null) {
        for (Task task = takeAll(); task != null; task = task.next) {
          runSafely(task.action);
        }
      }
      runner = null; // before another thread can take over
      handled = RUNS.addAndGet(this, -handled);
    } while (handled != 0);
  }

  /** {@return the tasks that wait, in the order in which they were added} */
  private @Nullable Task takeAll() {
    Task first = null;
    for (Task task = ADDED.getAndSet(this, null); task != null; ) {
      Task before = task.next;
      task.next = first;
      first = task;
      task = before;
    }
    return first;
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
