package dev.roomful.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The clock of a simulated cluster, and the regular tasks that run when it passes their times. */
final class SimulatedClock {
  /** 2026-01-01, the time of day at which every simulation begins. */
  private static final long START_MILLIS = 1_767_225_600_000L;

  /** Not 0, which a moment and a span of time could have in common by chance. */
  static final long START_NANOS = Duration.ofDays(100).toNanos();

  private final Consumer<Runnable> runner;
  private final List<Timer> timers = new ArrayList<>();
  private long nanos = START_NANOS;

  /** A regular task. */
  static final class Timer {
    private final long period;
    private final Runnable task;
    private long due;
    private boolean paused;

    private Timer(long period, Runnable task, long due) {
      this.period = period;
      this.task = task;
      this.due = due;
    }

    /** Does not run, and runs once when it goes on if it was due meanwhile. */
    void pause(boolean pause) {
      paused = pause;
    }
  }

  /**
   * Creates a clock that stands still.
   *
   * @param runner runs the tasks
   */
  SimulatedClock(Consumer<Runnable> runner) {
    this.runner = runner;
  }

  Timer every(Duration period, Runnable task) {
    long nonZero = Math.max(1, period.toNanos());
    Timer timer = new Timer(nonZero, task, nanos + nonZero);
    timers.add(timer);
    return timer;
  }

  void remove(Timer timer) {
    timers.remove(timer);
  }

  /** {@return nanoseconds since an arbitrary moment} */
  long nanoTime() {
    return nanos;
  }

  /** {@return the time of day in milliseconds since 1970} */
  long millis() {
    return START_MILLIS + (nanos - START_NANOS) / 1_000_000;
  }

  /** Moves to the time of the task that is due next, at most to a time, and runs what is due. */
  void moveTowards(long target) {
    long next = target;
    for (Timer timer : timers) {
      next = timer.paused ? next : Math.min(next, timer.due);
    }
    nanos = Math.max(nanos, next);
    for (Timer timer : List.copyOf(timers)) {
      if (timer.due <= nanos && !timer.paused && timers.contains(timer)) {
        timer.due = nanos + timer.period;
        runner.accept(timer.task);
      }
    }
  }
}
