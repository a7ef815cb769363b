package dev.roomful.testing;

import dev.roomful.testing.StepQueue.Step;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Chooses which queue's first step happens next. */
final class Schedule {
  /** Choices for which the queues keep their weights. */
  private static final int CHOICES_PER_WEIGHTS = 25;

  /** How often a slow queue is chosen, and how often another one. */
  private static final int SLOW = 1;

  private static final int FAST = 20;

  private final @Nullable Random random;
  private int choices;

  /**
   * Creates a schedule.
   *
   * @param random makes the choices; null for the order in which steps were caused
   */
  Schedule(@Nullable Random random) {
    this.random = random;
  }

  /** {@return the source of choices, or null if nothing is random} */
  @Nullable Random random() {
    return random;
  }

  /** {@return a queue whose first step can happen, or null if there is none} */
  @Nullable StepQueue next(List<StepQueue> queues) {
    return random == null ? oldest(queues) : any(queues, random);
  }

  private static @Nullable StepQueue oldest(List<StepQueue> queues) {
    StepQueue oldest = null;
    long number = Long.MAX_VALUE;
    for (StepQueue queue : queues) {
      Step first = queue.isReady() ? queue.peek() : null;
      if (first != null && first.number() < number) {
        number = first.number();
        oldest = queue;
      }
    }
    return oldest;
  }

  /** Some queues are slow for a while, so that they fall far behind. */
  private @Nullable StepQueue any(List<StepQueue> queues, Random by) {
    if (choices++ % CHOICES_PER_WEIGHTS == 0) {
      queues.forEach(queue -> queue.weight = by.nextInt(3) == 0 ? SLOW : FAST);
    }
    int total = 0;
    for (StepQueue queue : queues) {
      total += queue.isReady() ? queue.weight : 0;
    }
    int left = total == 0 ? 0 : by.nextInt(total);
    for (StepQueue queue : queues) {
      left -= queue.isReady() ? queue.weight : 0;
      if (left < 0) {
        return queue;
      }
    }
    return null;
  }
}
