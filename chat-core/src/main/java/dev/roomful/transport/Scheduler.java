package dev.roomful.transport;

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
}
