package dev.roomful.testing;

import dev.roomful.ScenarioShrinker;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Runs random stories and checks what holds afterwards. A failing story is shrunk, and the failure
 * shows the steps that are left.
 */
class ClusterStoriesTest {
  private static final int STORIES = Integer.getInteger("roomful.stories", 250);
  private static final int STEPS = 40;

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
    for (int number = 0; number < STORIES; number++) {
      check(number, nodes, faults);
    }
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
