package dev.roomful;

import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** An engine whose time stands still, and where everything runs on the caller. */
public class InlineScheduler implements Scheduler {
  @Override
  public long nanoTime() {
    return 0;
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
  public void every(Duration period, Runnable task) {}

  @Override
  public void pause(Duration time) {}

  @Override
  public void stop() {}
}
