package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Passes tasks to an executor, and passes those that it refused again when {@link #retry} is
 * called. An executor may refuse a task because no thread can be created, or because the
 * application has shut it down.
 */
public final class RetryingExecutor {
  private final Supplier<Executor> executor;
  private final Queue<Runnable> refused = new ConcurrentLinkedQueue<>();

  /**
   * Creates an executor.
   *
   * @param executor provides the executor that runs the tasks
   */
  public RetryingExecutor(Supplier<Executor> executor) {
    this.executor = executor;
  }

  /** Passes a task to the executor, now or at a retry. */
  public void execute(Runnable task) {
    if (!accepts(task)) {
      refused.add(task);
    }
  }

  /** Passes the refused tasks to the executor again; called by the deadline timer. */
  public void retry() {
    for (Runnable task = refused.peek(); task != null; task = refused.peek()) {
      if (!accepts(task)) {
        return;
      }
      refused.remove();
    }
  }

  private boolean accepts(Runnable task) {
    try {
      executor.get().execute(task);
      return true;
    } catch (Throwable failure) {
      LogEvent.CALLBACK_REFUSED.logFailure(
          () -> "The callback executor refused a task; the deadline timer submits it again",
          failure);
      return false;
    }
  }
}
