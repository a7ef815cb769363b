package dev.roomful.internal.delivery;

import static dev.roomful.Interleavings.runConcurrently;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.Interleavings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck does not know newer ones")
class SerialQueueInterleavedTest {
  /** Not thread-safe: the queue must serialize access. */
  private static final class UnsafeCounter {
    final SerialQueue queue = new SerialQueue();
    private boolean running;
    private int count;

    void enqueueAndRun() {
      queue.add(this::increment);
      queue.run();
    }

    void increment() {
      assertFalse(running, "two tasks overlap");
      running = true;
      count++;
      running = false;
    }
  }

  @Test
  void eachTaskRunsOnceAndNeverNested() {
    Interleavings.check(
        () -> {
          UnsafeCounter counter = new UnsafeCounter();
          runConcurrently(counter::enqueueAndRun, counter::enqueueAndRun);
          assertEquals(2, counter.count);
        });
  }

  @Test
  void aTaskAddedByATaskRunsAfterIt() {
    Interleavings.check(
        () -> {
          UnsafeCounter counter = new UnsafeCounter();
          runConcurrently(
              () -> {
                counter.queue.add(
                    () -> {
                      int before = counter.count;
                      counter.enqueueAndRun();
                      assertEquals(before, counter.count, "a task must not run within another");
                    });
                counter.queue.run();
              },
              counter::enqueueAndRun);
          assertEquals(2, counter.count);
        });
  }
}
