package dev.roomful;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs random scenarios, and shrinks a failing one to the steps that it needs to fail. */
public final class ScenarioShrinker {
  /** {@code -Droomful.shrink=false} fails at once, for runs that only count failures. */
  private static final boolean SHRINKS =
      Boolean.parseBoolean(System.getProperty("roomful.shrink", "true"));

  /** A deterministic scenario; each run starts from the initial state. */
  @FunctionalInterface
  public interface Scenario<S> {
    /**
     * Runs the steps; throws at the first wrong outcome.
     *
     * @param notes receives a description of each step
     */
    void run(List<S> steps, List<String> notes);
  }

  /** The notes and the cause of a failed run. */
  private record Failure(List<String> notes, Throwable cause) {}

  private ScenarioShrinker() {}

  /** Runs a scenario; if it fails, fails with the notes of the shrunk scenario. */
  public static <S> void check(List<S> allSteps, Scenario<S> scenario) {
    Failure first = failure(allSteps, scenario);
    if (first == null) {
      return;
    }
    Failure last = SHRINKS ? shrunk(allSteps, scenario, first) : null;
    Failure shown = last == null ? first : last;
    throw new AssertionError(
        "these steps are left of %d:%n%s%n%s"
            .formatted(allSteps.size(), numbered(shown.notes), shown.cause.getMessage()),
        shown.cause);
  }

  /**
   * Returns a part of the steps that still fails, and passes if any one step is removed. Removes
   * halves first, then quarters, and so on, the later ones first: that removes most of the steps
   * after the failure at once.
   *
   * @param fails returns true for {@code steps}
   */
  public static <S> List<S> shrink(List<S> steps, Predicate<List<S>> fails) {
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
      // A step that was removed last may have been the only reason for an earlier one: try again.
      done = chunk == 1 && left.size() == before;
      chunk = Math.max(1, chunk / 2);
    }
    return left;
  }

  private static <S> @Nullable Failure shrunk(
      List<S> allSteps, Scenario<S> scenario, Failure first) {
    List<S> shortened =
        shrink(
            allSteps,
            steps -> {
              Failure failure = failure(steps, scenario);
              return failure != null && failure.cause.getClass() == first.cause.getClass();
            });
    return failure(shortened, scenario);
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
