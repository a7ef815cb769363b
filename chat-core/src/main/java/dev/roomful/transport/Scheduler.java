package dev.roomful.transport;

import dev.roomful.Chat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What drives a chat: time, the threads that write, and the beat of its housekeeping. A chat has
 * its own unless it is given another one, as the test client does, where time stands still and
 * everything runs on the caller.
 */
public interface Scheduler {
  /**
   * The time on a clock that only moves forward.
   *
   * @return nanoseconds since some fixed moment
   */
  long nanoTime();

  /**
   * Where connections are written, each connection on one of them. A lane runs one task at a time,
   * in order; application code never runs there.
   *
   * @return at least one executor
   */
  List<Executor> writeExecutors();

  /**
   * Where callbacks of the application run that no server thread brought. They may block, and hold
   * up each other then, but nothing else.
   *
   * @return an executor
   */
  Executor callbackExecutor();

  /**
   * Where {@link Connection#ping}, {@link Connection#close} and {@link Connection#abort} are
   * called, which may block for a bounded moment. No application code runs there, so that deadlines
   * do not depend on it.
   *
   * @return an executor, by default the one for callbacks
   */
  default Executor networkExecutor() {
    return callbackExecutor();
  }

  /**
   * Starts the housekeeping: deadlines, pings. Called once.
   *
   * @param period how often
   * @param task quick, does not block
   */
  void every(Duration period, Runnable task);

  /**
   * Lets time pass, for whoever waits for something to happen.
   *
   * @param time how long to wait before another look; ends early if the thread is interrupted
   */
  void pause(Duration time);

  /**
   * Ends all threads; what is queued for callbacks is still run. Called once, by the chat's close.
   */
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
