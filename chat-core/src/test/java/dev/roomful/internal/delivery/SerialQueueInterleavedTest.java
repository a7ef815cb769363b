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
  /** Not safe for threads: turns have to make it so. */
  private static final class UnsafeCounter {
    final SerialQueue queue = new SerialQueue();
    private boolean running;
    private int count;

    void enqueueAndRun() {
      queue.add(this::increment);
      queue.run();
    }

    void increment() {
      assertFalse(running, "another turn is being taken");
      running = true;
      count++;
      running = false;
    }
  }

  @Test
  void eachTaskRunsOnceAndNeverNested() {
    Interleavings.check(
        () -> {
          UnsafeCounter notes = new UnsafeCounter();
          runConcurrently(notes::enqueueAndRun, notes::enqueueAndRun);
          assertEquals(2, notes.count);
        });
  }

  @Test
  void aTaskAddedByATaskRunsAfterIt() {
    Interleavings.check(
        () -> {
          UnsafeCounter notes = new UnsafeCounter();
          runConcurrently(
              () -> {
                notes.queue.add(
                    () -> {
                      int before = notes.count;
                      notes.enqueueAndRun();
                      assertEquals(before, notes.count, "not within this one");
                    });
                notes.queue.run();
              },
              notes::enqueueAndRun);
          assertEquals(2, notes.count);
        });
  }
}
