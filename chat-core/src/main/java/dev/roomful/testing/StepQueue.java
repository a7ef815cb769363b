package dev.roomful.testing;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Steps of a simulation that happen in their order, such as the messages of one connection. */
final class StepQueue {
  /** What a step may do. */
  enum Kind {
    /** Runs inside the simulated engine, or calls the chat the way an engine does: never waits. */
    ENGINE,
    /** Runs a task of the chat, which may wait for other steps. */
    TASK
  }

  /**
   * One step.
   *
   * @param number counts the steps of the simulation in the order in which they were added
   * @param text describes it in the trace
   * @param action what happens
   */
  record Step(long number, String text, Runnable action) {}

  final Kind kind;
  private final SimulatedNetwork network;
  private final Queue<Step> steps = new ArrayDeque<>();

  private boolean held;
  private boolean ending;

  /** How often this queue is chosen, relative to others. */
  int weight = 1;

  StepQueue(SimulatedNetwork network, Kind kind) {
    this.network = network;
    this.kind = kind;
  }

  void add(String text, Runnable action) {
    steps.add(new Step(network.nextNumber(), text, action));
  }

  @Nullable Step peek() {
    return steps.peek();
  }

  @Nullable Step poll() {
    return steps.poll();
  }

  /** {@return whether its first step can happen} */
  boolean isReady() {
    return !held && !steps.isEmpty();
  }

  boolean isHeld() {
    return held;
  }

  /** Keeps its steps from happening, or lets them happen again. */
  void hold(boolean hold) {
    held = hold;
  }

  /** Drops all but the first steps; the queue is removed when they have happened. */
  void endAfter(int count) {
    ending = true;
    List<Step> kept = steps.stream().limit(count).toList();
    steps.clear();
    steps.addAll(kept);
  }

  boolean isEnding() {
    return ending;
  }

  int size() {
    return steps.size();
  }

  void clear() {
    steps.clear();
  }
}
