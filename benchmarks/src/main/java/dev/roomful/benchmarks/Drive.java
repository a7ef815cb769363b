package dev.roomful.benchmarks;

import dev.roomful.transport.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An engine without threads: everything runs on its caller, the lane either at once or when {@link
 * #drain} is called.
 */
final class Drive implements Engine {
  private final boolean held;
  private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();

  private Drive(boolean held) {
    this.held = held;
  }

  /** Each broadcast empties the outboxes that it fills. */
  static Drive atOnce() {
    return new Drive(false);
  }

  /** Outboxes fill until they are drained. */
  static Drive held() {
    return new Drive(true);
  }

  /** Runs the lane, if it has something to do. */
  void drain() {
    Runnable lane = waiting.getAndSet(null);
    if (lane != null) {
      lane.run();
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public List<Executor> lanes() {
    return List.of(held ? waiting::set : Runnable::run);
  }

  @Override
  public Executor callbacks() {
    return Runnable::run;
  }

  @Override
  public void every(Duration period, Runnable task) {}

  @Override
  public void pause(Duration time) {}

  @Override
  public void stop() {}
}
