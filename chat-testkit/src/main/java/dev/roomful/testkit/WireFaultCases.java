package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Limits;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded faults of the network between clients and the server. {@code -Droomful.wire.schedules=200}
 * runs more seeds, {@code -Droomful.seed=N} runs one alone, and {@code -Droomful.trace=true} prints
 * the steps of seeds that pass, too.
 */
abstract class WireFaultCases extends WireFuzzCases {
  private static final int AT_ONCE = 20;

  /** Short, so that the ends of lost clients do not take long. */
  static final Limits SHORT =
      LIMITS
          .withResumeWindow(Duration.ofMillis(800))
          .withPingInterval(Duration.ofMillis(600))
          .withIdleTimeout(Duration.ofSeconds(2))
          .withWriteTimeout(Duration.ofSeconds(1))
          .withOutboxBytes(256 << 10);

  @Test
  @Rule("2.1")
  @Timeout(1800)
  void faultsOfTheNetworkLeaveNoSilentGapNoDuplicateAndNoGhost() throws Exception {
    Long only = Long.getLong("roomful.seed");
    List<Long> seeds =
        only != null
            ? List.of(only)
            : LongStream.rangeClosed(1, Integer.getInteger("roomful.wire.schedules", 20))
                .boxed()
                .toList();
    List<WireFaultStory> stories = new ArrayList<>();
    Map<String, WireFaultRoom> rooms = new HashMap<>();
    WireFaultHandler handler = new WireFaultHandler(rooms);
    Chat.Builder builder =
        Chat.builder(handler)
            .observer(handler)
            .limits(SHORT)
            .authenticator(ResumeCases::authenticateWithResume);
    for (long seed : seeds) {
      WireFaultStory story =
          new WireFaultStory(seed, toleratesViolations(), WireFaultStory.SETTLED);
      stories.add(story);
      rooms.put(story.room.name, story.room);
      builder.room(story.room.name, story.room.options);
    }
    Chat chat = open(builder);
    ExecutorService some = Executors.newFixedThreadPool(AT_ONCE);
    List<String> failures = new ArrayList<>();
    try {
      List<Future<String>> results =
          stories.stream().map(story -> some.submit(() -> run(story, chat))).toList();
      for (Future<String> result : results) {
        String failure = result.get();
        if (!failure.isEmpty()) {
          failures.add(failure);
        }
      }
    } finally {
      some.shutdownNow();
    }
    assertEquals(List.of(), failures, failures.size() + " of " + seeds.size() + " seeds failed");
  }

  private String run(WireFaultStory story, Chat chat) throws Exception {
    try (story) {
      return story.run(
          chat,
          served() instanceof RunningServer wire ? wire.base() : URI.create("ws://none"),
          task -> beside(() -> runs(task)),
          has(Quirk.LOSES_INPUT_AFTER_A_FAILED_WRITE));
    }
  }

  private static boolean runs(Runnable task) {
    task.run();
    return true;
  }

  private boolean toleratesViolations() {
    return has(Quirk.TRUNCATES_FRAMES_ON_CLOSE) || has(Quirk.SENDS_FRAMES_AFTER_CLOSE);
  }
}
