package dev.roomful.testing;

import dev.roomful.testing.StepQueue.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a simulated cluster, and the steps that have not happened yet: requests on their way
 * to the engine, answers and entries on their way back, callbacks of the nodes. Chooses which step
 * happens next.
 *
 * <p>Steps of one {@link StepQueue} keep their order. Without a seed, steps happen in the order in
 * which they were caused; with a seed, the queue whose first step is next is chosen at random.
 */
final class SimulatedNetwork implements Delivery {
  /** 2026-01-01, the time of day at which every simulation begins. */
  private static final long START_MILLIS = 1_767_225_600_000L;

  /** Steps that happen without time passing; more of them are taken for an endless loop. */
  private static final int MAX_STEPS_AT_A_TIME = 200_000;

  /** Picks for which the queues keep their weights. */
  private static final int PICKS_PER_WEIGHTS = 25;

  /** How often a slow queue is chosen, and how often another one. */
  private static final int SLOW = 1;

  private static final int FAST = 20;

  private enum Mode {
    /** Each call delivers everything. */
    ALL,
    /** Each call delivers a part, chosen at random. */
    SOME,
    /** Only the test delivers. */
    NONE
  }

  private final List<StepQueue> queues = new ArrayList<>();
  private final List<SimulatedTimer> timers = new ArrayList<>();
  private final List<Countdown> countdowns = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private @Nullable Random random;
  private Mode mode = Mode.ALL;
  private long nanos;
  private long engineShiftMillis;
  private long steps;
  private int stepsAtThisTime;
  private int picks;

  /** How many steps are on the call stack. */
  private int depth;

  /** Whether the innermost of them must not wait. */
  private boolean engineRuns;

  private @Nullable IllegalStateException violation;

  /** Something that happens between two steps. */
  private static final class Countdown {
    int left;
    final Runnable action;

    Countdown(int left, Runnable action) {
      this.left = left;
      this.action = action;
    }
  }

  /** A regular task, run when the clock passes its time. */
  static final class SimulatedTimer {
    private final long period;
    private final Runnable task;
    private long due;
    private boolean paused;

    private SimulatedTimer(long period, Runnable task, long due) {
      this.period = period;
      this.task = task;
      this.due = due;
    }

    /** Does not run, and runs once when it goes on if it was due meanwhile. */
    void pause(boolean pause) {
      paused = pause;
    }
  }

  StepQueue newQueue(StepQueue.Kind kind) {
    StepQueue queue = new StepQueue(this, kind);
    queues.add(queue);
    return queue;
  }

  /** Keeps the first steps of a queue, and removes it after they have happened. */
  void removeAfter(StepQueue queue, int count) {
    queue.endAfter(count);
    if (queue.size() == 0) {
      queues.remove(queue);
    }
  }

  /** Removes the queues that were going to be removed after their steps. */
  void loseStragglers() {
    queues.removeIf(StepQueue::isEnding);
  }

  /** Removes a queue with the steps in it. */
  void remove(StepQueue queue) {
    queue.clear();
    queues.remove(queue);
  }

  SimulatedTimer addTimer(Duration period, Runnable task) {
    SimulatedTimer timer =
        new SimulatedTimer(period.toNanos(), task, nanos + Math.max(1, period.toNanos()));
    timers.add(timer);
    return timer;
  }

  void remove(SimulatedTimer timer) {
    timers.remove(timer);
  }

  long nextNumber() {
    return ++steps;
  }

  /** {@return nanoseconds since the start of the simulation} */
  long nanoTime() {
    return nanos;
  }

  /** {@return the time of day of the nodes in milliseconds since 1970} */
  long millis() {
    return START_MILLIS + nanos / 1_000_000;
  }

  /** {@return the engine's clock in milliseconds since 1970} */
  long engineMillis() {
    return millis() + engineShiftMillis;
  }

  /** Sets the engine's clock forward or back. */
  void shiftEngineClock(Duration by) {
    engineShiftMillis += by.toMillis();
  }

  /** From now on chooses steps at random, and delivers a part of them with each call. */
  void shuffle(long seed) {
    random = new Random(seed);
    mode = Mode.SOME;
  }

  void pauseDelivery() {
    mode = Mode.NONE;
  }

  void resumeDelivery() {
    mode = random == null ? Mode.ALL : Mode.SOME;
    afterCall();
  }

  /** {@return the source of choices, or null if nothing is random} */
  @Nullable Random random() {
    return random;
  }

  /** Runs an action after a number of further steps, before the next one. */
  void afterSteps(int count, Runnable action) {
    countdowns.add(new Countdown(count, action));
  }

  /** Forgets the actions of {@link #afterSteps} that have not run. */
  void cancelCountdowns() {
    countdowns.clear();
  }

  /** {@return the steps that have happened, oldest first} */
  List<String> trace() {
    return List.copyOf(trace);
  }

  void note(String text) {
    trace.add(text);
  }

  @Override
  public void afterCall() {
    if (depth > 0) {
      return;
    }
    switch (mode) {
      case ALL -> deliver();
      case SOME -> deliverSome();
      case NONE -> {}
    }
    throwViolation();
  }

  @Override
  public void beforeRead() {
    if (depth == 0 && mode == Mode.ALL) {
      deliver();
    }
  }

  /** Lets all steps happen, and those that they cause. */
  void deliver() {
    while (deliverNext()) {}
    throwViolation();
  }

  private void deliverSome() {
    Random choices = random;
    if (choices == null) {
      return;
    }
    int kind = choices.nextInt(6);
    if (kind == 0) {
      deliver();
    } else if (kind < 5) {
      int count = choices.nextInt(kind < 3 ? 4 : 30);
      while (count-- > 0 && deliverNext()) {}
    }
  }

  /**
   * Lets one step happen.
   *
   * @return false if there is none
   */
  boolean deliverNext() {
    runCountdowns();
    StepQueue queue = next();
    if (queue == null) {
      return false;
    }
    Step step = queue.poll();
    if (step == null) {
      throw new AssertionError("an empty queue was chosen");
    }
    if (++stepsAtThisTime > MAX_STEPS_AT_A_TIME) {
      throw new IllegalStateException(
          "the steps cause each other without end; the last ones: "
              + trace.subList(trace.size() - 20, trace.size()));
    }
    if (queue.isEnding() && queue.size() == 0) {
      queues.remove(queue);
    }
    trace.add(step.text());
    run(queue.kind == StepQueue.Kind.ENGINE, step.action());
    return true;
  }

  /** Runs an action of which the chat learns as it does from an engine or timer. */
  private void run(boolean byEngine, Runnable action) {
    boolean outer = engineRuns;
    engineRuns = byEngine;
    depth++;
    try {
      action.run();
    } finally {
      depth--;
      engineRuns = outer;
    }
  }

  private void runCountdowns() {
    if (countdowns.isEmpty()) {
      return;
    }
    List<Countdown> over = new ArrayList<>();
    for (Countdown countdown : countdowns) {
      if (countdown.left-- <= 0) {
        over.add(countdown);
      }
    }
    countdowns.removeAll(over);
    over.forEach(countdown -> countdown.action.run());
  }

  private @Nullable StepQueue next() {
    return random == null ? oldest() : anyQueue(random);
  }

  private @Nullable StepQueue oldest() {
    StepQueue oldest = null;
    long number = Long.MAX_VALUE;
    for (StepQueue queue : queues) {
      Step first = queue.isHeld() ? null : queue.peek();
      if (first != null && first.number() < number) {
        number = first.number();
        oldest = queue;
      }
    }
    return oldest;
  }

  /** A queue with a step. Some queues are slow for a while, so that they fall far behind. */
  private @Nullable StepQueue anyQueue(Random choices) {
    if (picks++ % PICKS_PER_WEIGHTS == 0) {
      queues.forEach(queue -> queue.weight = choices.nextInt(3) == 0 ? SLOW : FAST);
    }
    int total = 0;
    for (StepQueue queue : queues) {
      total += queue.isReady() ? queue.weight : 0;
    }
    if (total == 0) {
      return null;
    }
    int chosen = choices.nextInt(total);
    for (StepQueue queue : queues) {
      chosen -= queue.isReady() ? queue.weight : 0;
      if (chosen < 0) {
        return queue;
      }
    }
    throw new AssertionError("weights changed");
  }

  /**
   * Lets steps happen until a stage is complete. If no step is left, moves the clock.
   *
   * @return false if the stage is not complete after the timeout
   */
  boolean await(CompletionStage<?> stage, Duration timeout) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    if (engineRuns && !future.isDone()) {
      violation =
          new IllegalStateException(
              "the chat waits in a call of the cluster engine or of the timer, which never blocks");
      throw violation;
    }
    long deadline = nanos + timeout.toNanos();
    while (!future.isDone()) {
      if (!deliverNext()) {
        if (nanos >= deadline) {
          return false;
        }
        moveTowards(deadline);
      }
    }
    return true;
  }

  /** Lets steps happen, or moves the clock if there are none: one round of a loop that polls. */
  void pause(Duration time) {
    if (!deliverNext()) {
      long target = nanos + time.toNanos();
      while (nanos < target) {
        moveTowards(target);
      }
    }
  }

  /** Moves the clock; timers run at their times, and steps happen between them. */
  void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time cannot go back by " + time + ": it only advances");
    }
    long target = nanos + time.toNanos();
    while (nanos < target) {
      moveTowards(target);
      afterCall();
    }
  }

  /** Moves the clock to the next timer that is due, at most to a time, and runs the due ones. */
  private void moveTowards(long target) {
    long next = target;
    for (SimulatedTimer timer : timers) {
      next = timer.paused ? next : Math.min(next, timer.due);
    }
    nanos = Math.max(nanos, next);
    stepsAtThisTime = 0;
    for (SimulatedTimer timer : List.copyOf(timers)) {
      if (timer.due <= nanos && !timer.paused && timers.contains(timer)) {
        timer.due = nanos + Math.max(1, timer.period);
        run(true, timer.task);
      }
    }
  }

  private void throwViolation() {
    IllegalStateException thrown = violation;
    violation = null;
    if (thrown != null) {
      throw thrown;
    }
  }
}
