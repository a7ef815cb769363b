package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.ScenarioShrinker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Runs random stories and checks what holds afterwards. A failing story is shrunk, and the failure
 * shows the steps that are left.
 */
class ClusterStoriesTest {
  private static final int STORIES = Integer.getInteger("roomful.stories", 250);
  private static final int STEPS = 40;

  /** Each failing story is shrunk, which takes seconds. */
  private static final int MAX_SHOWN = 10;

  @Test
  void aSingleNodeMissesNothing() {
    checkAll(1, ClusterStory.Faults.NONE);
  }

  @Test
  void nodesAgreeWhateverIsDeliveredFirst() {
    checkAll(3, ClusterStory.Faults.NONE);
  }

  @Test
  void nodesAgreeAfterLostLinks() {
    checkAll(3, ClusterStory.Faults.LINKS);
  }

  @Test
  void nodesAgreeAfterCrashes() {
    checkAll(3, ClusterStory.Faults.CRASHES);
  }

  @Test
  void nodesAgreeAfterRewinds() {
    checkAll(3, ClusterStory.Faults.REWINDS);
  }

  /** Checks all stories, or the one that the property {@code roomful.story} names. */
  private static void checkAll(int nodes, ClusterStory.Faults faults) {
    Integer only = Integer.getInteger("roomful.story");
    if (only != null) {
      check(only, nodes, faults);
      return;
    }
    List<AssertionError> failures = new ArrayList<>();
    for (int number = 0; number < STORIES && failures.size() < MAX_SHOWN; number++) {
      try {
        check(number, nodes, faults);
      } catch (AssertionError failure) {
        failures.add(failure);
      }
    }
    assertTrue(
        failures.isEmpty(),
        () -> failures.stream().map(Throwable::getMessage).collect(Collectors.joining("\n")));
  }

  private static void check(int number, int nodes, ClusterStory.Faults faults) {
    List<Long> steps = new Random(number).longs(STEPS).boxed().toList();
    try {
      ScenarioShrinker.check(steps, (left, notes) -> run(nodes, faults, left, notes));
    } catch (AssertionError failure) {
      throw new AssertionError(
          "story %d on %d nodes fails (-Droomful.story=%d), faults up to %s: %s"
              .formatted(number, nodes, number, faults, failure.getMessage()),
          failure.getCause());
    }
  }

  private static void run(
      int nodes, ClusterStory.Faults faults, List<Long> steps, List<String> notes) {
    try (ClusterStory story = new ClusterStory(nodes, faults, notes)) {
      steps.forEach(story::step);
      story.settle();
      new StoryCheck(story).check();
    }
  }
}
