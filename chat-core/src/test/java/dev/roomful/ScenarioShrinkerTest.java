package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioShrinkerTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 49, 50, 98, 99})
  void aSingleFailingStepRemains(int guilty) {
    assertEquals(
        List.of(guilty), ScenarioShrinker.shrink(HUNDRED, steps -> steps.contains(guilty)));
  }

  @Test
  void stepsThatFailTogetherRemainInOrder() {
    assertEquals(
        List.of(3, 52, 97),
        ScenarioShrinker.shrink(HUNDRED, steps -> steps.containsAll(Set.of(97, 3, 52))));
  }

  @Test
  void aFailureOfLengthKeepsTheMinimalLength() {
    assertEquals(7, ScenarioShrinker.shrink(HUNDRED, steps -> steps.size() >= 7).size());
  }

  @Test
  void anAlwaysFailingScenarioShrinksToNothing() {
    assertEquals(List.of(), ScenarioShrinker.shrink(HUNDRED, steps -> true));
    assertEquals(List.of(), ScenarioShrinker.shrink(List.of(), steps -> true));
  }

  /** 20 needs 10, and 30 needs 20. */
  @Test
  void aStepNeededOnlyByALaterStepIsRemovedAfterIt() {
    assertEquals(
        List.of(60),
        ScenarioShrinker.shrink(
            HUNDRED,
            steps ->
                steps.contains(60)
                    && (!steps.contains(30) || steps.contains(20))
                    && (!steps.contains(20) || steps.contains(10))));
  }

  @Test
  void noSingleRemainingStepCanBeRemoved() {
    List<Integer> left =
        ScenarioShrinker.shrink(
            HUNDRED, steps -> steps.stream().mapToInt(step -> step).sum() > 1000);
    for (Integer step : left) {
      List<Integer> without = new ArrayList<>(left);
      without.remove(step);
      assertTrue(without.stream().mapToInt(one -> one).sum() <= 1000, left.toString());
    }
  }

  @Test
  void aPassingScenarioRunsOnce() {
    List<String> events = new ArrayList<>();
    ScenarioShrinker.check(HUNDRED, (steps, notes) -> events.add("run"));
    assertEquals(List.of("run"), events);
  }

  @Test
  void theFailureShowsTheShrunkScenario() {
    IllegalStateException cause = new IllegalStateException("failed");
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                ScenarioShrinker.check(
                    HUNDRED,
                    (steps, notes) -> {
                      for (int step : steps) {
                        notes.add("step " + step);
                        if (step == 42 && notes.contains("step 7")) {
                          throw cause;
                        }
                      }
                    }));
    assertEquals(
        List.of("these steps are left of 100:", "  1. step 7", "  2. step 42", "failed"),
        failure.getMessage().lines().toList());
    assertSame(cause, failure.getCause());
  }

  /** Otherwise the shrunk scenario could fail for another reason than the original. */
  @Test
  void aDifferentFailureIsNotTheSameFailure() {
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                ScenarioShrinker.check(
                    HUNDRED,
                    (steps, notes) -> {
                      if (!steps.contains(7)) {
                        throw new IllegalArgumentException("step 7 is missing");
                      }
                      throw new IllegalStateException("found");
                    }));
    assertEquals("found", failure.getCause().getMessage());
  }
}
