package dev.roomful.testing;

import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs everything on the caller's thread, with a clock that only {@link TestChat#advance} moves.
 */
final class TestScheduler implements Scheduler {
  private long now = SimulatedClock.START_NANOS;
  private Duration period = Duration.ofSeconds(1);
  private @Nullable Runnable task;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public List<Executor> writeExecutors() {
    return List.of(Runnable::run);
  }

  @Override
  public Executor callbackExecutor() {
    return Runnable::run;
  }

  @Override
  public void every(Duration period, Runnable task) {
    this.period = period;
    this.task = task;
  }

  @Override
  public void pause(Duration time) {
    advance(time);
  }

  /** Moves the clock by the timeout if the stage is not complete: only time can complete it. */
  @Override
  public boolean await(CompletionStage<?> stage, Duration timeout) {
    if (!stage.toCompletableFuture().isDone()) {
      advance(timeout);
    }
    return stage.toCompletableFuture().isDone();
  }

  @Override
  public void stop() {
    task = null;
  }

  /**
   * Moves the clock from one run of the deadline timer to the next, so that deadlines keep their
   * order.
   */
  void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time cannot go back by " + time + ": it only advances");
    }
    Duration remaining = time;
    while (!remaining.isZero()) {
      Duration step = remaining.compareTo(period) < 0 ? remaining : period;
      synchronized (this) {
        now += step.toNanos();
      }
      if (task != null) {
        task.run();
      }
      remaining = remaining.minus(step);
    }
  }
}
