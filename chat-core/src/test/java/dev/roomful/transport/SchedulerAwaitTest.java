package dev.roomful.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.InlineScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waiting for a stage with a scheduler that has threads. */
class SchedulerAwaitTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private final Scheduler scheduler = new InlineScheduler();

  @Test
  void aCompleteStageIsNotWaitedFor() {
    assertTrue(scheduler.await(CompletableFuture.completedFuture("x"), Duration.ZERO));
    assertTrue(
        scheduler.await(CompletableFuture.failedFuture(new RuntimeException()), Duration.ZERO));
  }

  @Test
  void aStageThatAnotherThreadCompletesIsWaitedFor() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    new Thread(() -> stage.complete("x")).start();
    assertTrue(scheduler.await(stage, LONG));
  }

  @Test
  void theWaitEndsWithTheTimeout() {
    assertFalse(scheduler.await(new CompletableFuture<>(), Duration.ofMillis(1)));
  }

  @Test
  void anInterruptedThreadDoesNotWaitAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertFalse(scheduler.await(new CompletableFuture<>(), LONG));
    assertTrue(Thread.interrupted());
  }
}
