package dev.roomful;

import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** A scheduler whose time does not advance and whose executors run tasks on the caller. */
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
