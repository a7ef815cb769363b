package dev.roomful.internal.delivery;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.FakeConnection;
import dev.roomful.RoomHandler;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connections of a container whose {@code ping} and {@code abort} block while the client does not
 * read, as Tomcat's do: many stalled ones, and a healthy one. The threads are those of a chat; the
 * tests move the clock.
 */
@Timeout(60)
class BlockingConnectionsTest {
  private static final int STALLED = 200;

  private final ManualClock clock = new ManualClock();
  private final CountDownLatch unblock = new CountDownLatch(1);
  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicInteger aborts = new AtomicInteger();
  private final Chat chat = Scheduler.install(clock, Chat.builder(new RoomHandler() {})).build();
  private final List<FakeConnection> stalled = new ArrayList<>();
  private final FakeConnection healthy = FakeConnection.open(chat, "lobby", "healthy");

  /** The threads of a chat with one write loop, and a clock that a test moves. */
  private static final class ManualClock implements Scheduler {
    private final DefaultScheduler threads = new DefaultScheduler(1, null);
    private final AtomicLong now = new AtomicLong();
    private @Nullable Runnable timer;

    /**
     * Moves the clock from one run of the timer to the next, and returns when the write loop has
     * done what is due.
     */
    void moveTo(Duration time) throws InterruptedException {
      while (now.get() < time.toNanos()) {
        now.set(Math.min(time.toNanos(), now.get() + TimeUnit.SECONDS.toNanos(1)));
        if (timer != null) {
          timer.run();
        }
      }
      CountDownLatch written = new CountDownLatch(1);
      threads.writeExecutors().get(0).execute(written::countDown);
      assertTrue(written.await(10, TimeUnit.SECONDS));
    }

    @Override
    public long nanoTime() {
      return now.get();
    }

    @Override
    public List<Executor> writeExecutors() {
      return threads.writeExecutors();
    }

    @Override
    public Executor callbackExecutor() {
      return threads.callbackExecutor();
    }

    @Override
    public Executor networkExecutor() {
      return threads.networkExecutor();
    }

    @Override
    public Executor abortExecutor() {
      return threads.abortExecutor();
    }

    @Override
    public void every(Duration period, Runnable task) {
      timer = task;
    }

    @Override
    public void pause(Duration time) {
      now.addAndGet(time.toNanos());
      threads.pause(Duration.ofMillis(1));
    }

    @Override
    public void stop() {
      threads.stop();
    }
  }

  private void connectStalled() {
    for (int i = 0; i < STALLED; i++) {
      stalled.add(
          FakeConnection.open(chat, "stalled", "stalled" + i)
              .onPing(() -> block(pings))
              .onAbort(() -> block(aborts)));
    }
  }

  private void block(AtomicInteger calls) {
    calls.incrementAndGet();
    try {
      unblock.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    unblock.countDown();
    chat.close();
  }

  @Test
  void aHealthyConnectionWhosePingWaitsBehindBlockedOnesIsNotCut() throws InterruptedException {
    connectStalled();
    clock.moveTo(Duration.ofSeconds(2));
    healthy.receiver().pong(); // Its ping is due at 27 s, those of the others at 25 s.
    clock.moveTo(Duration.ofSeconds(25));
    eventually(
        "all network threads are blocked",
        () -> pings.get() == DefaultScheduler.MAX_NETWORK_THREADS);
    clock.moveTo(Duration.ofSeconds(28));
    clock.moveTo(Duration.ofSeconds(29));
    clock.moveTo(Duration.ofSeconds(40));
    assertEquals(0, healthy.pings(), "its ping waits for a thread");
    assertTrue(chat.participant("healthy").isPresent());
    eventually(
        "the connections whose ping is stuck are aborted, as far as there are threads",
        () -> aborts.get() == DefaultScheduler.MAX_ABORT_THREADS);

    unblock.countDown();
    eventually("the healthy one is pinged", () -> healthy.pings() == 1);
    eventually(
        "only those were cut whose ping was stuck",
        () ->
            pings.get() == STALLED
                && chat.connections() == 1 + STALLED - DefaultScheduler.MAX_NETWORK_THREADS);
    assertEquals(DefaultScheduler.MAX_NETWORK_THREADS, aborts.get());
    assertTrue(healthy.isOpen());
    clock.moveTo(Duration.ofSeconds(41));
    assertEquals(0, healthy.aborts());
  }

  @Test
  void abortsThatBlockDelayNoPing() throws InterruptedException {
    connectStalled();
    stalled.forEach(FakeConnection::hold);
    chat.room("stalled").orElseThrow().announce("stuck");
    clock.moveTo(Duration.ofSeconds(1));
    clock.moveTo(Duration.ofSeconds(12));
    eventually(
        "all abort threads are blocked", () -> aborts.get() == DefaultScheduler.MAX_ABORT_THREADS);
    clock.moveTo(Duration.ofSeconds(26));
    eventually("the healthy one is pinged", () -> healthy.pings() == 1);
    assertTrue(healthy.isOpen());
    unblock.countDown();
    eventually("all stalled ones are aborted", () -> aborts.get() == STALLED);
    eventually("and removed", () -> chat.connections() == 1);
  }
}
