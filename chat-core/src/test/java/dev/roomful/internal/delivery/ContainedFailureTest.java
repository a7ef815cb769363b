package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.InlineScheduler;
import dev.roomful.Overflow;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Guarantee 9: no Throwable stops a loop that serves others. */
class ContainedFailureTest {
  private static final String NO_THREAD = "unable to create native thread";

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final AtomicBoolean refusing = new AtomicBoolean();
  private final Executor refusingExecutor =
      task -> {
        if (refusing.get()) {
          throw new OutOfMemoryError(NO_THREAD);
        }
        tasks.add(task);
      };
  private final List<String> written = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  private Outbox outbox(WriteLoop loop, Executor network) {
    return new Outbox(
        new Connection() {
          @Override
          public void write(Batch batch, Completion completion) {
            written.add(batch.frame(0).text());
            completion.succeeded();
          }

          @Override
          public void ping(Completion completion) {
            completion.succeeded();
          }

          @Override
          public void close(int code, String reason) {}

          @Override
          public void abort() {}
        },
        loop,
        new InlineScheduler() {
          @Override
          public Executor networkExecutor() {
            return network;
          }
        },
        1 << 20,
        new FailureRecipient(failures::add));
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void aWriteLoopWhoseExecutorRefusedItRunsAtTheNextWake() {
    WriteLoop loop = new WriteLoop(refusingExecutor, 0);
    Outbox outbox = outbox(loop, Runnable::run);
    refusing.set(true);
    try (LogCapture log = new LogCapture()) {
      outbox.offer(Frame.text("one"), Overflow.DISCONNECT);
      outbox.wake();
      assertEquals(1, log.messages().size());
    }
    refusing.set(false);
    loop.wake();
    runTasks();
    assertEquals(List.of("one"), written);
  }

  @Test
  void aPingThatNoThreadCanBeCreatedForFailsItsConnectionAndNoOther() {
    WriteLoop loop = new WriteLoop(tasks::add, 0);
    Outbox failing =
        outbox(
            loop,
            task -> {
              throw new OutOfMemoryError(NO_THREAD);
            });
    Outbox healthy = outbox(loop, Runnable::run);
    failing.ping();
    healthy.offer(Frame.text("one"), Overflow.DISCONNECT);
    loop.wake();
    runTasks();
    assertEquals(List.of("one"), written);
    assertEquals(NO_THREAD, failures.get(0).getMessage());
  }

  @Test
  void anOwnerThatFailsToHandleAFailureDoesNotStopTheWriteLoop() {
    WriteLoop loop = new WriteLoop(tasks::add, 0);
    Outbox failing =
        new Outbox(
            new Connection() {
              @Override
              public void write(Batch batch, Completion completion) {
                throw new AssertionError("write");
              }

              @Override
              public void ping(Completion completion) {}

              @Override
              public void close(int code, String reason) {}

              @Override
              public void abort() {}
            },
            loop,
            new InlineScheduler(),
            1 << 20,
            new FailureRecipient(
                failure -> {
                  throw new LinkageError("owner");
                }));
    Outbox healthy = outbox(loop, Runnable::run);
    try (LogCapture log = new LogCapture()) {
      failing.offer(Frame.text("lost"), Overflow.DISCONNECT);
      healthy.offer(Frame.text("one"), Overflow.DISCONNECT);
      loop.wake();
      runTasks();
      assertEquals(List.of("one"), written);
      healthy.offer(Frame.text("two"), Overflow.DISCONNECT);
      loop.wake();
      runTasks();
      assertEquals(List.of("one", "two"), written);
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void aTaskThatThrowsDoesNotStopTheTasksAfterIt() {
    SerialQueue queue = new SerialQueue();
    List<String> done = new ArrayList<>();
    queue.add(
        () -> {
          throw new AssertionError("task");
        });
    queue.add(() -> done.add("second"));
    try (LogCapture log = new LogCapture()) {
      queue.run();
      queue.add(() -> done.add("third"));
      queue.run();
      assertEquals(List.of("second", "third"), done);
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void aTaskThatAnExecutorRefusedRunsAfterARetry() {
    RetryingExecutor executor = new RetryingExecutor(() -> refusingExecutor);
    List<String> done = new ArrayList<>();
    refusing.set(true);
    try (LogCapture log = new LogCapture()) {
      executor.execute(() -> done.add("task"));
      executor.retry();
      assertEquals(2, log.messages().size());
    }
    refusing.set(false);
    executor.retry();
    executor.retry();
    runTasks();
    assertEquals(List.of("task"), done);
  }

  @Test
  void anErrorInTheDeadlineTimerDoesNotStopIt() throws InterruptedException {
    DefaultScheduler scheduler = new DefaultScheduler(1, null);
    CountDownLatch runs = new CountDownLatch(3);
    try (LogCapture log = new LogCapture()) {
      scheduler.every(
          Duration.ofMillis(1),
          () -> {
            runs.countDown();
            throw new AssertionError("tick");
          });
      assertTrue(runs.await(20, TimeUnit.SECONDS));
      assertTrue(log.messages().size() >= 2);
    } finally {
      scheduler.stop();
    }
  }

  @Test
  void aReservationInAFullOutboxIsRefusedAndClosesIt() {
    Connection stalled =
        new Connection() {
          @Override
          public void write(Batch batch, Completion completion) {}

          @Override
          public void ping(Completion completion) {}

          @Override
          public void close(int code, String reason) {}

          @Override
          public void abort() {}
        };
    Outbox outbox =
        new Outbox(
            stalled,
            new WriteLoop(tasks::add, 0),
            new InlineScheduler(),
            40,
            new FailureRecipient(failures::add));
    assertNotNull(outbox.reserve());
    assertNotNull(outbox.reserve());
    assertNull(outbox.reserve());
    assertTrue(outbox.offer(Frame.text("dropped, because it is closed"), Overflow.DISCONNECT));
  }
}
