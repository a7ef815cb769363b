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
 * The steps of a simulated cluster that have not happened yet: requests on their way to the engine,
 * answers and entries on their way back, callbacks of the nodes; and how much of them a call of the
 * test lets happen. The {@link Schedule} chooses which is next. Steps of one {@link StepQueue} keep
 * their order.
 */
final class SimulatedNetwork implements Delivery {
  /** Steps that happen without time passing; more of them are taken for an endless loop. */
  private static final int MAX_STEPS_AT_A_TIME = 200_000;

  private enum Mode {
    /** Each call delivers everything. */
    ALL,
    /** Each call delivers a part, chosen at random. */
    SOME,
    /** Only the test delivers. */
    NONE
  }

  private final SimulatedClock clock = new SimulatedClock(task -> run(true, task));
  private final List<StepQueue> queues = new ArrayList<>();
  private final List<Countdown> countdowns = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private Schedule schedule = new Schedule(null);
  private Mode mode = Mode.ALL;
  private long steps;
  private int stepsAtThisTime;

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

  SimulatedClock clock() {
    return clock;
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

  long nextNumber() {
    return ++steps;
  }

  /** From now on chooses steps at random, and delivers a part of them with each call. */
  void shuffle(long seed) {
    schedule = new Schedule(new Random(seed));
    mode = Mode.SOME;
  }

  void pauseDelivery() {
    mode = Mode.NONE;
  }

  void resumeDelivery() {
    mode = random() == null ? Mode.ALL : Mode.SOME;
    afterCall();
  }

  /** {@return the source of choices, or null if nothing is random} */
  @Nullable Random random() {
    return schedule.random();
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
    Random choices = random();
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
    StepQueue queue = schedule.next(queues);
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
    long deadline = clock.nanoTime() + timeout.toNanos();
    while (!future.isDone()) {
      if (!deliverNext()) {
        if (clock.nanoTime() >= deadline) {
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
      long target = clock.nanoTime() + time.toNanos();
      while (clock.nanoTime() < target) {
        moveTowards(target);
      }
    }
  }

  /** Moves the clock; timers run at their times, and steps happen between them. */
  void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time cannot go back by " + time + ": it only advances");
    }
    long target = clock.nanoTime() + time.toNanos();
    while (clock.nanoTime() < target) {
      moveTowards(target);
      afterCall();
    }
  }

  private void moveTowards(long target) {
    stepsAtThisTime = 0;
    clock.moveTowards(target);
  }

  private void throwViolation() {
    IllegalStateException thrown = violation;
    violation = null;
    if (thrown != null) {
      throw thrown;
    }
  }
}
