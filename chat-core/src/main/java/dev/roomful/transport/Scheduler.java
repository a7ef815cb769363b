package dev.roomful.transport;

import dev.roomful.Chat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The clock, the executors and the timer of a chat. A chat creates its own unless {@link #install}
 * sets another one, as {@code TestChat} does, whose clock stands still and which runs everything on
 * the caller.
 */
public interface Scheduler {
  /**
   * Returns the time of a monotonic clock.
   *
   * @return nanoseconds since an arbitrary moment
   */
  long nanoTime();

  /**
   * Returns the executors of the write loops. Each connection is written on one of them. Each runs
   * one task at a time, in order. Application code never runs there.
   *
   * @return at least one executor
   */
  List<Executor> writeExecutors();

  /**
   * Returns the executor for callbacks of the application that no server thread caused. They may
   * block; blocked callbacks delay only other callbacks.
   *
   * @return an executor
   */
  Executor callbackExecutor();

  /**
   * Returns the executor on which {@link Connection#ping} and {@link Connection#close} are called,
   * which may block for a bounded time. No application code runs there, so that deadlines do not
   * depend on it.
   *
   * @return an executor, by default the one for callbacks
   */
  default Executor networkExecutor() {
    return callbackExecutor();
  }

  /**
   * Returns the executor on which {@link Connection#abort} is called, which may block for a bounded
   * time. An abort must not wait behind pings and closes that block, because it ends such a block.
   *
   * @return an executor, by default the one for pings and closes
   */
  default Executor abortExecutor() {
    return networkExecutor();
  }

  /**
   * Returns the executor on which the entries of logs are applied if the chat is a node of a
   * cluster. Tasks do memory work and evaluate rules of broadcast policies.
   *
   * @return an executor, by default the one for callbacks
   */
  default Executor logExecutor() {
    return callbackExecutor();
  }

  /**
   * Starts the timer of deadlines and pings. Called once.
   *
   * @param period the time between two runs
   * @param task a task that does not block
   */
  void every(Duration period, Runnable task);

  /**
   * Pauses the caller, which polls for a condition.
   *
   * @param time the time to wait; the pause ends early if the thread is interrupted
   */
  void pause(Duration time);

  /**
   * Waits until a stage is complete, normally or exceptionally.
   *
   * @param stage the stage; its result is read by the caller
   * @param timeout the longest time to wait
   * @return whether it is complete; false if the time is over, or if the thread was interrupted,
   *     and stays so
   */
  default boolean await(CompletionStage<?> stage, Duration timeout) {
    CompletableFuture<?> complete = stage.handle((result, failure) -> true).toCompletableFuture();
    try {
      complete.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return complete.isDone();
    } catch (ExecutionException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Ends all threads. Callbacks that are queued still run. Called once, when the chat closes. */
  void stop();

  /**
   * Returns the time of day, for messages.
   *
   * @return milliseconds since 1970-01-01 UTC
   */
  default long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  /**
   * Lets a chat run on a scheduler other than its own threads: for tests and benchmarks.
   *
   * @param scheduler the scheduler; the chat stops it when it closes
   * @param builder a builder that {@link Chat#builder} created
   * @return the builder
   */
  static Chat.Builder install(Scheduler scheduler, Chat.Builder builder) {
    if (!(builder instanceof Configurable configurable)) {
      throw new IllegalArgumentException("builder " + builder + " was not created by Chat.builder");
    }
    configurable.scheduler(scheduler);
    return builder;
  }

  /** A builder that takes a scheduler; the library's own builder implements it. */
  interface Configurable {
    /**
     * Sets the scheduler.
     *
     * @param scheduler the scheduler
     */
    void scheduler(Scheduler scheduler);
  }
}
