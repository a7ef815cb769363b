package dev.roomful;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Long random stories, of which one that fails is told again as short as it still fails. */
final class ScenarioShrinker {
  /** How a story goes; each telling begins anew, and two of the same steps are alike. */
  @FunctionalInterface
  interface Scenario<S> {
    /**
     * Throws where the story goes wrong.
     *
     * @param notes where to note what happened, in words
     */
    void run(List<S> steps, List<String> notes);
  }

  /** How one telling went wrong. */
  private record Failure(List<String> notes, Throwable cause) {}

  private ScenarioShrinker() {}

  /** Tells a story, and fails in the words of a short one if it goes wrong. */
  static <S> void check(List<S> allSteps, Scenario<S> scenario) {
    Failure first = failure(allSteps, scenario);
    if (first == null) {
      return;
    }
    List<S> shortened =
        shrink(
            allSteps,
            steps -> {
              Failure failure = failure(steps, scenario);
              return failure != null && failure.cause.getClass() == first.cause.getClass();
            });
    Failure last = failure(shortened, scenario);
    Failure shown = last == null ? first : last;
    throw new AssertionError(
        "these steps are left of %d:%n%s%n%s"
            .formatted(allSteps.size(), numbered(shown.notes), shown.cause.getMessage()),
        shown.cause);
  }

  /**
   * A part of a story that still fails, and does not any more if one step is left out. Halves are
   * left out first, then quarters, and so on, the later ones first: most of what comes after the
   * failure goes at once.
   *
   * @param fails true for the story itself
   */
  static <S> List<S> shrink(List<S> steps, Predicate<List<S>> fails) {
    List<S> left = List.copyOf(steps);
    int chunk = Math.max(1, left.size() / 2);
    boolean done = false;
    while (!done) {
      int before = left.size();
      for (int end = left.size(); end > 0; end -= chunk) {
        List<S> without = new ArrayList<>(left.subList(0, Math.max(0, end - chunk)));
        without.addAll(left.subList(end, left.size()));
        if (fails.test(without)) {
          left = without;
        }
      }
      // What was left out last may have been what an earlier step was needed for: once more.
      done = chunk == 1 && left.size() == before;
      chunk = Math.max(1, chunk / 2);
    }
    return left;
  }

  private static <S> @Nullable Failure failure(List<S> steps, Scenario<S> scenario) {
    List<String> notes = new ArrayList<>();
    try {
      scenario.run(steps, notes);
      return null;
    } catch (RuntimeException | AssertionError failed) {
      return new Failure(notes, failed);
    }
  }

  private static String numbered(List<String> notes) {
    return IntStream.range(0, notes.size())
        .mapToObj(i -> "  " + (i + 1) + ". " + notes.get(i))
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
