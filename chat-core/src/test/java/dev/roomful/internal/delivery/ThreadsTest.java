package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ThreadsTest {
  private final DefaultScheduler threads = new DefaultScheduler(2, null);

  @AfterEach
  void stop() {
    threads.stop();
  }

  /** A program must be able to end while a chat is open. */
  @Test
  void allAreDaemonsWithNamesThatSayWhatTheyAreFor() {
    List<Executor> all = new ArrayList<>(threads.writeExecutors());
    all.add(threads.callbackExecutor());
    all.add(threads.networkExecutor());
    all.add(task -> threads.every(Duration.ofMillis(1), task));
    List<String> names = new ArrayList<>();
    for (Executor executor : all) {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      executor.execute(() -> thread.complete(Thread.currentThread()));
      names.add(thread.join().getName());
      assertTrue(thread.join().isDaemon(), thread.join().getName());
    }
    assertEquals(
        List.of(
            "roomful-write-1",
            "roomful-write-2",
            "roomful-callback-1",
            "roomful-network-1",
            "roomful-timer-1"),
        names);
  }

  @Test
  void aBeatThatFailsIsLoggedAndTheNextOneComes() throws InterruptedException {
    try (LogCapture log = new LogCapture()) {
      AtomicInteger beats = new AtomicInteger();
      CountDownLatch second = new CountDownLatch(1);
      threads.every(
          Duration.ofMillis(1),
          () -> {
            if (beats.incrementAndGet() == 1) {
              throw new IllegalStateException("as it was told");
            }
            second.countDown();
          });
      assertTrue(second.await(10, TimeUnit.SECONDS));
      assertEquals(
          List.of("A run of the deadline timer failed; the next one runs as planned"),
          log.messages());
    }
  }

  @Test
  void aPauseLetsTimePass() {
    long start = threads.nanoTime();
    threads.pause(Duration.ofMillis(5));
    assertTrue(threads.nanoTime() - start >= 5_000_000);
  }

  @Test
  void aPauseEndsEarlyForWhoIsInterruptedAndStaysSo() {
    Thread.currentThread().interrupt();
    threads.pause(Duration.ofHours(1));
    assertTrue(Thread.interrupted());
  }

  @Test
  void whoIsInterruptedWhileItStopsThemStopsThemAtOnceAndStaysSo() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    threads
        .callbackExecutor()
        .execute(
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException asked) {
                interrupted.countDown();
              }
            });
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    Thread.currentThread().interrupt();
    threads.stop();
    assertTrue(Thread.interrupted());
    assertTrue(interrupted.await(10, TimeUnit.SECONDS));
  }

  @Test
  void whatComesAfterTheStopRunsOnWhoGivesIt() {
    threads.stop();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    threads.networkExecutor().execute(() -> thread.complete(Thread.currentThread()));
    assertEquals(Thread.currentThread(), thread.join());
  }
}
