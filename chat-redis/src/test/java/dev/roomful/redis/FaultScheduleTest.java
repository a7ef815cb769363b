package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs schedules of steps and faults on three nodes and a real Redis. In every fourth schedule each
 * node is a process of its own. A seed chooses the steps; the threads and processes run in real
 * time, so that one seed has many outcomes.
 *
 * <p>{@code -Droomful.seed=N} runs one seed, {@code -Droomful.schedules=N} the seeds 1 to N. {@code
 * -Droomful.trace=true} prints the steps of seeds that pass, too.
 */
class FaultScheduleTest {
  private static final int STEPS = 120;

  /** Most of the time, a schedule waits. */
  private static final int AT_ONCE = 10;

  /** A killed node's members leave within 13 s; the rest is for a slow machine. */
  private static final Duration SETTLED = Duration.ofSeconds(25);

  @TempDir Path folder;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void faultsLeaveNothingWrong() throws Exception {
    Long only = Long.getLong("roomful.seed");
    List<Long> seeds =
        only != null
            ? List.of(only)
            : LongStream.rangeClosed(1, Integer.getInteger("roomful.schedules", 20))
                .boxed()
                .toList();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    List<String> failures = new ArrayList<>();
    try {
      List<Future<String>> results =
          seeds.stream().map(seed -> threads.submit(() -> failure(seed))).toList();
      for (Future<String> result : results) {
        String failure = result.get();
        if (!failure.isEmpty()) {
          failures.add(failure);
        }
      }
    } catch (ExecutionException failure) {
      throw new AssertionError("a schedule could not run", failure.getCause());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of(), failures, failures.size() + " of " + seeds.size() + " seeds failed");
  }

  /** Runs one seed. {@return what was wrong, or an empty text} */
  private String failure(long seed) throws IOException {
    try (FaultStory story = new FaultStory(seed, folder.resolve("seed-" + seed))) {
      try {
        new FaultSteps(story).run(STEPS);
        FaultCheck check = new FaultCheck(story);
        settle(story, check, check::check);
        check.probe();
        settle(story, check, check::sendFromProbes);
        settle(story, check, check::checkProbes);
        if (Boolean.getBoolean("roomful.trace")) {
          System.out.println(trace(story, "-Droomful.seed=" + seed + " passes"));
        }
        return "";
      } catch (AssertionError | RuntimeException | IOException failure) {
        return trace(
            story,
            "\n\n-Droomful.seed="
                + seed
                + " fails: "
                + failure
                + "\n  "
                + failure.getStackTrace()[0]);
      }
    }
  }

  private static String trace(FaultStory story, String result) {
    return result + "\n  " + String.join("\n  ", story.notes());
  }

  /** Waits until a check passes, or fails as it does. */
  private static void settle(FaultStory story, FaultCheck check, Runnable part) {
    long begin = System.nanoTime();
    while (true) {
      try {
        part.run();
        story.note("settled after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        return;
      } catch (AssertionError notYet) {
        if (System.nanoTime() - begin > SETTLED.toNanos()) {
          check.found().forEach(story::note);
          throw notYet;
        }
      }
      FaultStory.pass(Duration.ofMillis(50));
    }
  }
}
