package dev.roomful.internal.session;

import dev.roomful.internal.validation.LogEvent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices that the whole process stood still: the timer of deadlines runs much later than it was
 * due. What clients sent meanwhile is still to be read, so that time does not count as theirs. Used
 * by the timer only.
 */
final class Standstill {
  private static final int PERIODS = 4;
  private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);

  private final long shortest;
  private long lastRun;
  private long runningSince;

  /**
   * Begins with a process that runs.
   *
   * @param period the time between two runs of the timer
   */
  Standstill(Duration period, long now) {
    shortest = Math.max(SHORTEST, PERIODS * period.toNanos());
    lastRun = now;
    runningSince = now;
  }

  /** {@return whether the process stood still since the last call} */
  boolean hasEnded(long now) {
    long late = now - lastRun;
    lastRun = now;
    if (late < shortest) {
      return false;
    }
    runningSince = now;
    long millis = TimeUnit.NANOSECONDS.toMillis(late);
    LogEvent.PROCESS_STOOD_STILL.log(
        () -> "The process stood still for about " + millis + " ms", millis);
    return true;
  }

  /** {@return for how many nanoseconds the process has not stood still} */
  long runningFor(long now) {
    return now - runningSince;
  }
}
