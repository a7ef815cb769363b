package dev.roomful.internal.delivery;

import static dev.roomful.Interleavings.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.Interleavings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck does not know newer ones")
class SerialQueueInterleavedTest {
  /** Not safe for threads: the queue makes it so. */
  private static final class Counter {
    final SerialQueue queue = new SerialQueue();
    private boolean inside;
    private int count;

    void enqueue() {
      queue.add(this::increment);
      queue.run();
    }

    void increment() {
      assertFalse(inside, "another task is running");
      inside = true;
      count++;
      inside = false;
    }
  }

  @Test
  void eachTaskRunsOnceAndNeverWithinAnotherInWhateverOrder() {
    Interleavings.of(
        () -> {
          Counter counter = new Counter();
          together(counter::enqueue, counter::enqueue);
          assertEquals(2, counter.count);
        });
  }

  @Test
  void aTaskThatATaskAddsRunsTooAndAfterIt() {
    Interleavings.of(
        () -> {
          Counter counter = new Counter();
          together(
              () -> {
                counter.queue.add(
                    () -> {
                      int before = counter.count;
                      counter.enqueue();
                      assertEquals(before, counter.count, "not within this one");
                    });
                counter.queue.run();
              },
              counter::enqueue);
          assertEquals(2, counter.count);
        });
  }
}
