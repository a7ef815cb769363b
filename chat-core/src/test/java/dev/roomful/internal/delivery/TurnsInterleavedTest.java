package dev.roomful.internal.delivery;

import static dev.roomful.Interleavings.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.Interleavings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck does not know newer ones")
class TurnsInterleavedTest {
  /** Not safe for threads: turns have to make it so. */
  private static final class Notes {
    final SerialQueue turns = new SerialQueue();
    private boolean inside;
    private int taken;

    void take() {
      turns.add(this::note);
      turns.run();
    }

    void note() {
      assertFalse(inside, "another turn is being taken");
      inside = true;
      taken++;
      inside = false;
    }
  }

  @Test
  void eachTurnIsTakenOnceAndNeverWithinAnotherInWhateverOrder() {
    Interleavings.of(
        () -> {
          Notes notes = new Notes();
          together(notes::take, notes::take);
          assertEquals(2, notes.taken);
        });
  }

  @Test
  void aTurnThatAnotherAddsIsTakenTooAndBehindIt() {
    Interleavings.of(
        () -> {
          Notes notes = new Notes();
          together(
              () -> {
                notes.turns.add(
                    () -> {
                      int before = notes.taken;
                      notes.take();
                      assertEquals(before, notes.taken, "not within this one");
                    });
                notes.turns.run();
              },
              notes::take);
          assertEquals(2, notes.taken);
        });
  }
}
