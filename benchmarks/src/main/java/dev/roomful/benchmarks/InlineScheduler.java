package dev.roomful.benchmarks;

import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler without threads. Callbacks run on the caller; the write loop runs at once, or when
 * {@link #drain} is called.
 */
final class InlineScheduler implements Scheduler {
  private final boolean manual;
  private final AtomicReference<@Nullable Runnable> pending = new AtomicReference<>();

  private InlineScheduler(boolean manual) {
    this.manual = manual;
  }

  /** {@return a scheduler that drains outboxes within the call that fills them} */
  static InlineScheduler immediate() {
    return new InlineScheduler(false);
  }

  /** {@return a scheduler that drains outboxes when {@link #drain} is called} */
  static InlineScheduler manual() {
    return new InlineScheduler(true);
  }

  /** Runs the write loop if it has been scheduled. */
  void drain() {
    Runnable writeLoop = pending.getAndSet(null);
    if (writeLoop != null) {
      writeLoop.run();
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public List<Executor> writeExecutors() {
    return List.of(manual ? pending::set : Runnable::run);
  }

  @Override
  public Executor callbackExecutor() {
    return Runnable::run;
  }

  @Override
  public void every(Duration period, Runnable task) {}

  @Override
  public void pause(Duration time) {}

  @Override
  public void stop() {}
}
