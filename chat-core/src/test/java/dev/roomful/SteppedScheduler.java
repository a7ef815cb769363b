package dev.roomful;

import java.time.Duration;

/** A scheduler whose time advances when the test says so, with the runs of the deadline timer. */
class SteppedScheduler extends InlineScheduler {
  /** Not 0, which a moment and a span of time could have in common by chance. */
  static final long START_NANOS = Duration.ofDays(100).toNanos();

  private long now = START_NANOS;
  private Duration period = Duration.ZERO;
  private Runnable task = () -> {};

  @Override
  public final long nanoTime() {
    return now;
  }

  @Override
  public final void every(Duration newPeriod, Runnable newTask) {
    period = newPeriod;
    task = newTask;
  }

  @Override
  public final void pause(Duration time) {
    run(time);
  }

  /** Lets time pass, with all runs of the timer. */
  final void run(Duration time) {
    long end = now + time.toNanos();
    while (now < end) {
      now = Math.min(end, now + period.toNanos());
      task.run();
    }
  }

  /** Lets time pass without a run of the timer, as during one. */
  final void advance(Duration time) {
    now += time.toNanos();
  }

  /** Lets time pass with one run of the timer, at its end. */
  final void standStill(Duration time) {
    advance(time);
    task.run();
  }
}
