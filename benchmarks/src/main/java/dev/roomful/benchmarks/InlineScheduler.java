package dev.roomful.benchmarks;

import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An engine without threads: everything runs on its caller, the lane either at once or when {@link
 * #drain} is called.
 */
final class InlineScheduler implements Scheduler {
  private final boolean manual;
  private final AtomicReference<@Nullable Runnable> pending = new AtomicReference<>();

  private InlineScheduler(boolean manual) {
    this.manual = manual;
  }

  /** Each broadcast empties the outboxes that it fills. */
  static InlineScheduler immediate() {
    return new InlineScheduler(false);
  }

  /** Outboxes fill until they are drained. */
  static InlineScheduler manual() {
    return new InlineScheduler(true);
  }

  /** Runs the lane, if it has something to do. */
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
