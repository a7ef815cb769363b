package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.internal.delivery.DefaultScheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CallbackExecutorTest {
  private final DefaultScheduler scheduler = new DefaultScheduler(1, null);
  private final Executor executor = scheduler.callbackExecutor();
  private final CountDownLatch unblocked = new CountDownLatch(1);

  @AfterEach
  void stop() {
    unblocked.countDown();
    scheduler.stop();
  }

  private void block(CountDownLatch started) {
    started.countDown();
    try {
      unblocked.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void callbacksThatBlockDoNotDelayOthers() throws Exception {
    CountDownLatch started = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      executor.execute(() -> block(started));
    }
    assertTrue(started.await(5, TimeUnit.SECONDS));
    CountDownLatch ran = new CountDownLatch(1);
    executor.execute(ran::countDown);
    assertTrue(ran.await(5, TimeUnit.SECONDS));
  }

  @Tag("slow")
  @Test
  void moreCallbacksThanThreadsRunWhenThreadsAreFree() throws Exception {
    CountDownLatch started = new CountDownLatch(1000);
    for (int i = 0; i < 1000; i++) {
      executor.execute(() -> block(started));
    }
    assertTrue(started.getCount() >= 1000 - 256, "at most 256 run at once");
    unblocked.countDown();
    assertTrue(started.await(5, TimeUnit.SECONDS));
  }

  @Test
  void aTaskAfterTheStopRunsOnItsCaller() {
    scheduler.stop();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    executor.execute(() -> threads.add(Thread.currentThread()));
    assertEquals(Set.of(Thread.currentThread()), threads);
  }
}
