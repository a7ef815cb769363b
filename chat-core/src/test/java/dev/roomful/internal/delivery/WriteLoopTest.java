package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Concurrently;
import dev.roomful.Eventually;
import dev.roomful.InlineScheduler;
import dev.roomful.Overflow;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WriteLoopTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final WriteLoop writeLoop = new WriteLoop(tasks::add, 0);
  private final List<String> written = new ArrayList<>();

  /** An outbox whose connection records its frames and completes at once. */
  private Outbox outbox(Runnable onWrite) {
    return new Outbox(
        new Connection() {
          @Override
          public void write(Batch batch, Completion completion) {
            onWrite.run();
            for (int i = 0; i < batch.size(); i++) {
              written.add(batch.frame(i).text());
            }
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
        writeLoop,
        new InlineScheduler(),
        1 << 20,
        failure -> {
          throw new AssertionError(failure);
        });
  }

  private void runOneTask() {
    tasks.remove().run();
  }

  @Test
  void wakesOnceForAllWaitingOutboxesAndDrainsThemInOrder() {
    List<Outbox> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(outbox(() -> {}));
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(true, all.get(i).offer(Frame.text("a" + i), Overflow.DISCONNECT));
      assertEquals(true, all.get(i).offer(Frame.text("b" + i), Overflow.DISCONNECT));
      all.get(i).wake();
    }
    assertEquals(1, tasks.size());
    assertEquals(List.of(), written);
    runOneTask();
    assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4"), written);
    assertEquals(0, tasks.size());
    writeLoop.wake();
    assertEquals(0, tasks.size(), "there is nothing to do");
  }

  @Test
  void drainsOutboxesAddedWhileItRunsWithoutAnotherWakeUp() {
    Outbox late = outbox(() -> {});
    Outbox first =
        outbox(
            () -> {
              if (late.offer(Frame.text("late"), Overflow.DISCONNECT)) {
                late.wake();
              }
            });
    assertEquals(true, first.offer(Frame.text("first"), Overflow.DISCONNECT));
    first.wake();
    runOneTask();
    assertEquals(List.of("first", "late"), written);
    assertEquals(0, tasks.size());
  }

  @Test
  void concurrentlyWokenOutboxesAreAllDrained() throws InterruptedException {
    int threads = 4;
    int each = 20_000;
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicInteger count = new AtomicInteger();
    try {
      WriteLoop threaded = new WriteLoop(thread, 0);
      List<Outbox> all = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        all.add(
            new Outbox(
                new CountingConnection(count),
                threaded,
                new InlineScheduler(),
                Integer.MAX_VALUE,
                failure -> {}));
      }
      Frame frame = Frame.text("");
      Concurrently.run(
          threads,
          number -> {
            for (int i = 0; i < each; i++) {
              Outbox one = all.get((i + number) % all.size());
              assertEquals(true, one.offer(frame, Overflow.DISCONNECT));
              one.wake();
            }
          });
      Eventually.eventually("all is written", () -> count.get() == threads * each);
    } finally {
      thread.shutdown();
    }
  }

  /** Each frame is offered just when the write loop, done with the one before, goes idle. */
  @Tag("slow")
  @Test
  void anOutboxWokenWhileTheWriteLoopGoesIdleIsDrained() {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicInteger count = new AtomicInteger();
    try {
      WriteLoop threaded = new WriteLoop(thread, 0);
      List<Outbox> two = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        two.add(
            new Outbox(
                new CountingConnection(count),
                threaded,
                new InlineScheduler(),
                Integer.MAX_VALUE,
                failure -> {}));
      }
      Frame frame = Frame.text("");
      for (int i = 0; i < 100_000; i++) {
        assertEquals(true, two.get(i % 2).offer(frame, Overflow.DISCONNECT));
        two.get(i % 2).wake();
        long start = System.nanoTime();
        while (count.get() <= i) {
          assertTrue(System.nanoTime() - start < 5_000_000_000L, "number " + i + " is not written");
          Thread.onSpinWait();
        }
      }
    } finally {
      thread.shutdown();
    }
  }

  /** Counts frames and completes at once. */
  private record CountingConnection(AtomicInteger count) implements Connection {
    @Override
    public void write(Batch batch, Completion completion) {
      count.addAndGet(batch.size());
      completion.succeeded();
    }

    @Override
    public void ping(Completion completion) {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}
  }
}
