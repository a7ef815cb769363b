package dev.roomful.testing;

import dev.roomful.transport.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Everything on the caller's thread, and a clock that stands still until it is moved. */
final class TestEngine implements Engine {
  private long now;
  private Duration period = Duration.ofSeconds(1);
  private @Nullable Runnable beat;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public List<Executor> lanes() {
    return List.of(Runnable::run);
  }

  @Override
  public Executor callbacks() {
    return Runnable::run;
  }

  @Override
  public void every(Duration period, Runnable task) {
    this.period = period;
    this.beat = task;
  }

  @Override
  public void pause(Duration time) {
    advance(time);
  }

  @Override
  public void stop() {
    beat = null;
  }

  /** Moves the clock beat by beat, so that deadlines come in their order. */
  void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time cannot go back by " + time + ": it only advances");
    }
    Duration left = time;
    while (!left.isZero()) {
      Duration step = left.compareTo(period) < 0 ? left : period;
      synchronized (this) {
        now += step.toNanos();
      }
      if (beat != null) {
        beat.run();
      }
      left = left.minus(step);
    }
  }
}
