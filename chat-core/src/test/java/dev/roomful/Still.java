package dev.roomful;

import dev.roomful.transport.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** An engine whose time stands still, and where everything runs on the caller. */
class Still implements Engine {
  @Override
  public long nanoTime() {
    return 0;
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
  public void every(Duration period, Runnable task) {}

  @Override
  public void pause(Duration time) {}

  @Override
  public void stop() {}
}
