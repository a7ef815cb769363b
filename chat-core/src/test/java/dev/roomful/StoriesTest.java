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

class StoriesTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 49, 50, 98, 99})
  void ofAStoryThatFailsForOneStepThatStepIsLeft(int guilty) {
    assertEquals(List.of(guilty), Stories.shortened(HUNDRED, steps -> steps.contains(guilty)));
  }

  @Test
  void stepsThatFailTogetherAreLeftInTheirOrder() {
    assertEquals(
        List.of(3, 52, 97),
        Stories.shortened(HUNDRED, steps -> steps.containsAll(Set.of(97, 3, 52))));
  }

  @Test
  void ofAStoryThatFailsForItsLengthTheLengthIsLeft() {
    assertEquals(7, Stories.shortened(HUNDRED, steps -> steps.size() >= 7).size());
  }

  @Test
  void aStoryThatAlwaysFailsIsEmptyInTheEnd() {
    assertEquals(List.of(), Stories.shortened(HUNDRED, steps -> true));
    assertEquals(List.of(), Stories.shortened(List.of(), steps -> true));
  }

  /** 10 is only there for 20 to be possible, 20 only for 30. */
  @Test
  void whatOnlyALaterStepNeededGoesAfterIt() {
    assertEquals(
        List.of(60),
        Stories.shortened(
            HUNDRED,
            steps ->
                steps.contains(60)
                    && (!steps.contains(30) || steps.contains(20))
                    && (!steps.contains(20) || steps.contains(10))));
  }

  @Test
  void noSingleStepCanBeLeftOutOfWhatIsLeft() {
    List<Integer> left =
        Stories.shortened(HUNDRED, steps -> steps.stream().mapToInt(step -> step).sum() > 1000);
    for (Integer step : left) {
      List<Integer> without = new ArrayList<>(left);
      without.remove(step);
      assertTrue(without.stream().mapToInt(one -> one).sum() <= 1000, left.toString());
    }
  }

  @Test
  void aStoryThatGoesWellIsToldOnce() {
    List<String> told = new ArrayList<>();
    Stories.tell(HUNDRED, (steps, notes) -> told.add("told"));
    assertEquals(List.of("told"), told);
  }

  @Test
  void aFailureIsToldInTheWordsOfTheShortStory() {
    IllegalStateException cause = new IllegalStateException("it rains");
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Stories.tell(
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
        List.of("these steps are left of 100:", "  1. step 7", "  2. step 42", "it rains"),
        failure.getMessage().lines().toList());
    assertSame(cause, failure.getCause());
  }

  /** Without this the story would end with another failure than the one that was found. */
  @Test
  void anotherKindOfFailureIsNotTakenForTheSame() {
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Stories.tell(
                    HUNDRED,
                    (steps, notes) -> {
                      if (!steps.contains(7)) {
                        throw new IllegalArgumentException("nothing can go on without 7");
                      }
                      throw new IllegalStateException("found");
                    }));
    assertEquals("found", failure.getCause().getMessage());
  }
}
