package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Eventually;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /**
   * Refuses threads, as if the system had no more of them. Not by {@code Thread.start}, which the
   * pools of newer JDKs do not call.
   */
  private static ThreadFactory refusing(AtomicBoolean refuse, String prefix) {
    return task -> {
      if (refuse.get()) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      Thread thread = new Thread(task, prefix + "1");
      thread.setDaemon(true);
      return thread;
    };
  }

  @Test
  void tasksThatNoThreadCanBeStartedForRunOnceWhenThatIsPossible() throws InterruptedException {
    AtomicBoolean refuse = new AtomicBoolean();
    DefaultScheduler starved = new DefaultScheduler(1, null, prefix -> refusing(refuse, prefix));
    try (LogCapture log = new LogCapture()) {
      starved.every(Duration.ofMillis(1), () -> {});
      refuse.set(true);
      List<Executor> all =
          List.of(
              starved.writeExecutors().get(0),
              starved.networkExecutor(),
              starved.abortExecutor(),
              starved.logExecutor());
      CountDownLatch done = new CountDownLatch(all.size());
      AtomicInteger runs = new AtomicInteger();
      for (Executor executor : all) {
        executor.execute(
            () -> {
              runs.incrementAndGet();
              done.countDown();
            });
      }
      assertEquals(
          Collections.nCopies(
              all.size(),
              "A thread could not be started; its task waits for another one"
                  + " [event=thread-refused]"),
          log.messages());
      assertEquals(0, runs.get());
      refuse.set(false);
      assertTrue(done.await(10, TimeUnit.SECONDS));
      starved.stop();
      assertEquals(all.size(), runs.get());
    } finally {
      starved.stop();
    }
  }

  @Test
  void tasksThatNoThreadCouldBeStartedForRunAtTheStop() {
    AtomicBoolean refuse = new AtomicBoolean(true);
    DefaultScheduler starved = new DefaultScheduler(1, null, prefix -> refusing(refuse, prefix));
    AtomicInteger runs = new AtomicInteger();
    try (LogCapture log = new LogCapture()) {
      starved.networkExecutor().execute(runs::incrementAndGet);
      starved.writeExecutors().get(0).execute(runs::incrementAndGet);
      assertEquals(2, log.messages().size());
      starved.stop();
      assertEquals(2, runs.get());
    }
  }

  @Test
  void aTaskForWhichNoThreadCanBeStartedIsRunByAThreadThatIsThere() throws InterruptedException {
    AtomicBoolean refuse = new AtomicBoolean();
    DefaultScheduler starved = new DefaultScheduler(1, null, prefix -> refusing(refuse, prefix));
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch unblock = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (LogCapture log = new LogCapture()) {
      Executor callbacks = starved.callbackExecutor();
      callbacks.execute(
          () -> {
            busy.countDown();
            awaitUnlessStopped(unblock);
          });
      assertTrue(busy.await(10, TimeUnit.SECONDS));
      refuse.set(true);
      callbacks.execute(done::countDown);
      assertEquals(1, log.messages().size());
      unblock.countDown();
      assertTrue(done.await(10, TimeUnit.SECONDS));
    } finally {
      starved.stop();
    }
  }

  /** Its caller may run it on its own thread, as the queue of an adapter does. */
  @Test
  void aCallbackIsRefusedIfThereIsNoThreadForCallbacksAtAll() {
    AtomicBoolean refuse = new AtomicBoolean(true);
    DefaultScheduler starved = new DefaultScheduler(1, null, prefix -> refusing(refuse, prefix));
    assertThrows(OutOfMemoryError.class, () -> starved.callbackExecutor().execute(() -> {}));
    starved.stop();
  }

  private static void awaitUnlessStopped(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anInterruptDoesNotStopTheTimer() throws InterruptedException {
    CountDownLatch ticks = new CountDownLatch(3);
    scheduler.every(
        Duration.ofMillis(1),
        () -> {
          Thread.currentThread().interrupt();
          ticks.countDown();
        });
    assertTrue(ticks.await(10, TimeUnit.SECONDS));
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
