package dev.roomful.testing;

import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of one node of a {@link TestCluster}: its tasks are steps of the simulation, and
 * whoever waits lets steps happen meanwhile.
 */
final class NodeScheduler implements Scheduler {
  private final SimulatedNetwork network;
  private final String name;
  private final StepQueue tasks;
  private final StepQueue logTasks;
  private long shiftMillis;
  private SimulatedClock.@Nullable Timer timer;

  NodeScheduler(SimulatedNetwork network, String name) {
    this.network = network;
    this.name = name;
    this.tasks = network.newQueue(StepQueue.Kind.TASK);
    this.logTasks = network.newQueue(StepQueue.Kind.ENGINE);
  }

  @Override
  public long nanoTime() {
    return network.clock().nanoTime();
  }

  @Override
  public long currentTimeMillis() {
    return network.clock().millis() + shiftMillis;
  }

  @Override
  public List<Executor> writeExecutors() {
    return List.of(Runnable::run);
  }

  @Override
  public Executor callbackExecutor() {
    return task -> tasks.add(name + " runs a task", task);
  }

  /** Its tasks never wait; whoever waits in another task waits for them. */
  @Override
  public Executor logExecutor() {
    return task -> logTasks.add(name + " runs a task of its logs", task);
  }

  @Override
  public void every(Duration period, Runnable task) {
    timer = network.clock().every(period, task);
  }

  @Override
  public boolean await(CompletionStage<?> stage, Duration timeout) {
    return network.await(stage, timeout);
  }

  @Override
  public void pause(Duration time) {
    network.pause(time);
  }

  /** Ends the timer. Tasks that are queued still run. */
  @Override
  public void stop() {
    if (timer != null) {
      network.clock().remove(timer);
    }
  }

  /** Runs nothing, or goes on. */
  void pause(boolean pause) {
    tasks.hold(pause);
    logTasks.hold(pause);
    if (timer != null) {
      timer.pause(pause);
    }
  }

  /** Sets the time of day of the node forward or back. */
  void shiftClock(Duration by) {
    shiftMillis += by.toMillis();
  }

  /** Ends the timer, and drops the tasks that are queued and those that come. */
  void crash() {
    stop();
    network.remove(tasks);
    network.remove(logTasks);
  }
}
