package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Eventually;
import dev.roomful.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DefaultSchedulerTest {
  private final DefaultScheduler scheduler = new DefaultScheduler(2, null);

  @AfterEach
  void stop() {
    scheduler.stop();
  }

  /** The threads of an open chat must not keep a program alive. */
  @Test
  void allThreadsAreDaemonsWithDescriptiveNames() {
    List<Executor> all = new ArrayList<>(scheduler.writeExecutors());
    all.add(scheduler.callbackExecutor());
    all.add(scheduler.networkExecutor());
    all.add(scheduler.abortExecutor());
    all.add(task -> scheduler.every(Duration.ofMillis(1), task));
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
            "roomful-abort-1",
            "roomful-timer-1"),
        names);
  }

  @Test
  void aFailingTickIsLoggedAndTheNextOneRuns() throws InterruptedException {
    try (LogCapture log = new LogCapture()) {
      AtomicInteger ticks = new AtomicInteger();
      CountDownLatch second = new CountDownLatch(1);
      scheduler.every(
          Duration.ofMillis(1),
          () -> {
            if (ticks.incrementAndGet() == 1) {
              throw new IllegalStateException("tick");
            }
            second.countDown();
          });
      assertTrue(second.await(10, TimeUnit.SECONDS));
      assertEquals(
          List.of(
              "A run of the deadline timer failed; the next one runs as planned"
                  + " [event=timer-failed]"),
          log.messages());
    }
  }

  @Test
  void aPauseLetsTimePass() {
    long start = scheduler.nanoTime();
    scheduler.pause(Duration.ofMillis(5));
    assertTrue(scheduler.nanoTime() - start >= 5_000_000);
  }

  @Test
  void anInterruptEndsAPauseAndStaysSet() {
    Thread.currentThread().interrupt();
    scheduler.pause(Duration.ofHours(1));
    assertTrue(Thread.interrupted());
  }

  @Test
  void anInterruptDuringStopStopsAtOnceAndStaysSet() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    scheduler
        .callbackExecutor()
        .execute(
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException stopped) {
                interrupted.countDown();
              }
            });
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    Thread.currentThread().interrupt();
    scheduler.stop();
    assertTrue(Thread.interrupted());
    assertTrue(interrupted.await(10, TimeUnit.SECONDS));
  }

  @Test
  void tasksAfterStopRunOnTheCaller() {
    scheduler.stop();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    scheduler.networkExecutor().execute(() -> thread.complete(Thread.currentThread()));
    assertEquals(Thread.currentThread(), thread.join());
  }

  @Test
  void tasksThatBlockAreRunByABoundedNumberOfThreadsThatEndWithTheStop()
      throws InterruptedException {
    Map<Executor, Integer> bounds =
        Map.of(
            scheduler.networkExecutor(), DefaultScheduler.MAX_NETWORK_THREADS,
            scheduler.abortExecutor(), DefaultScheduler.MAX_ABORT_THREADS);
    Set<Thread> all = ConcurrentHashMap.newKeySet();
    for (Map.Entry<Executor, Integer> each : bounds.entrySet()) {
      int tasks = 3 * each.getValue();
      Set<Thread> blocked = ConcurrentHashMap.newKeySet();
      CountDownLatch unblock = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(tasks);
      for (int i = 0; i < tasks; i++) {
        each.getKey()
            .execute(
                () -> {
                  blocked.add(Thread.currentThread());
                  try {
                    unblock.await();
                  } catch (InterruptedException stopped) {
                    return;
                  }
                  done.countDown();
                });
      }
      Eventually.eventually("all threads are blocked", () -> blocked.size() == each.getValue());
      unblock.countDown();
      assertTrue(done.await(10, TimeUnit.SECONDS));
      assertEquals(each.getValue(), blocked.size());
      all.addAll(blocked);
    }
    scheduler.stop();
    for (Thread thread : all) {
      thread.join(10_000);
      assertFalse(thread.isAlive(), thread.getName());
    }
  }
}
