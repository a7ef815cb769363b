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
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WriteLoopTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final WriteLoops writeLoops = new WriteLoops(List.of(task -> execute(task)));
  private final WriteLoop writeLoop = writeLoops.next();
  private final List<String> written = new ArrayList<>();

  private boolean refuses;

  private void execute(Runnable task) {
    if (refuses) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    tasks.add(task);
  }

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
        FailureRecipient.none());
  }

  private void runOneTask() {
    tasks.remove().run();
  }

  @Test
  void aCallerThatRunsItStartsAtMostItsOperationsAndTheExecutorGoesOn() {
    for (int i = 0; i < 5; i++) {
      assertTrue(outbox(() -> {}).offer(Frame.text("a" + i), Overflow.DISCONNECT));
    }
    assertEquals(0, writeLoop.runOnCaller(3));
    assertEquals(List.of("a0", "a1", "a2"), written);
    runOneTask();
    assertEquals(List.of("a0", "a1", "a2", "a3", "a4"), written);
    assertEquals(7, writeLoop.runOnCaller(7), "nothing is ready");
    assertTrue(outbox(() -> {}).offer(Frame.text("b"), Overflow.DISCONNECT));
    assertEquals(6, writeLoop.runOnCaller(7));
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

  private void offer(Outbox outbox, String text) {
    assertTrue(outbox.offer(Frame.text(text), Overflow.DISCONNECT));
    outbox.wake();
  }

  @Test
  void aThreadThatReadsWritesAtTheEndOfItsTurnWhatItHasMadeReady() {
    Outbox ann = outbox(() -> {});
    Outbox bob = outbox(() -> {});
    writeLoops.beginRead();
    offer(ann, "1");
    offer(bob, "1");
    offer(ann, "2");
    writeLoops.wake();
    assertEquals(List.of(), written);
    writeLoops.endRead();
    assertEquals(List.of("1", "2", "1"), written);
    assertEquals(0, tasks.size());
    offer(ann, "3");
    assertEquals(1, tasks.size(), "its turn has ended");
  }

  @Test
  void anotherThreadDoesNotWaitForTheEndOfTheTurn() throws InterruptedException {
    Outbox ann = outbox(() -> {});
    writeLoops.beginRead();
    Concurrently.run(1, number -> offer(ann, "1"));
    assertEquals(1, tasks.size());
    writeLoops.endRead();
    assertEquals(List.of(), written, "the loop runs elsewhere");
    runOneTask();
    assertEquals(List.of("1"), written);
  }

  @Test
  void theExecutorGoesOnWhereATurnHasMadeManyReady() {
    writeLoops.beginRead();
    for (int i = 0; i < WriteLoops.MAX_OPERATIONS_ON_CALLER + 8; i++) {
      offer(outbox(() -> {}), "" + i);
    }
    writeLoops.endRead();
    assertEquals(WriteLoops.MAX_OPERATIONS_ON_CALLER, written.size());
    assertEquals(1, tasks.size());
    runOneTask();
    assertEquals(WriteLoops.MAX_OPERATIONS_ON_CALLER + 8, written.size());
    offer(outbox(() -> {}), "later");
    assertEquals(1, tasks.size());
  }

  @Test
  void aThreadThatReadsDoesNotWriteToManyRecipients() {
    writeLoops.beginRead();
    assertTrue(outbox(() -> {}).offer(Frame.text("1"), Overflow.DISCONNECT));
    writeLoops.wakeFor(WriteLoops.MAX_RECIPIENTS_ON_CALLER);
    assertEquals(0, tasks.size());
    writeLoops.wakeFor(WriteLoops.MAX_RECIPIENTS_ON_CALLER + 1);
    assertEquals(1, tasks.size());
    writeLoops.endRead();
    assertEquals(List.of(), written);
    runOneTask();
    assertEquals(List.of("1"), written);
  }

  @Test
  void theExecutorLeavesToAThreadThatReadsWhatHasBecomeReadyMeanwhile() throws Exception {
    Outbox late = outbox(() -> {});
    Outbox early =
        outbox(
            () -> {
              writeLoops.beginRead();
              offer(late, "late");
            });
    offer(early, "early");
    Concurrently.run(1, number -> runOneTask());
    assertEquals(List.of("early"), written);
    assertEquals(0, tasks.size());
    writeLoops.endRead();
    assertEquals(List.of("early", "late"), written);
  }

  private static List<Outbox> countingOutboxes(int number, WriteLoop loop, AtomicInteger count) {
    return Stream.generate(
            () ->
                new Outbox(
                    new CountingConnection(count),
                    loop,
                    new InlineScheduler(),
                    Integer.MAX_VALUE,
                    new FailureRecipient(failure -> {})))
        .limit(number)
        .toList();
  }

  @Test
  void concurrentTurnsLeaveNothingBehind() throws InterruptedException {
    int threads = 4;
    int each = 20_000;
    ExecutorService executor = Executors.newSingleThreadExecutor();
    AtomicInteger count = new AtomicInteger();
    try {
      WriteLoops threaded = new WriteLoops(List.of(executor));
      List<Outbox> all = countingOutboxes(7, threaded.next(), count);
      Frame frame = Frame.text("");
      Concurrently.run(
          threads,
          number -> {
            for (int i = 0; i < each; i++) {
              boolean reads = (i + number) % 3 != 0;
              if (reads) {
                threaded.beginRead();
              }
              if (all.get(i % all.size()).offer(frame, Overflow.DISCONNECT)) {
                all.get(i % all.size()).wake();
              }
              if (reads) {
                threaded.endRead();
              }
            }
          });
      Eventually.eventually("all are written", () -> count.get() == threads * each);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void theCallerWritesAllIfTheExecutorRefuses() {
    writeLoops.beginRead();
    for (int i = 0; i < WriteLoops.MAX_OPERATIONS_ON_CALLER + 8; i++) {
      offer(outbox(() -> {}), "" + i);
    }
    refuses = true;
    writeLoops.endRead();
    assertEquals(WriteLoops.MAX_OPERATIONS_ON_CALLER + 8, written.size());
    refuses = false;
    offer(outbox(() -> {}), "later");
    assertEquals(1, tasks.size());
  }

  @Test
  void concurrentlyWokenOutboxesAreAllDrained() throws InterruptedException {
    int threads = 4;
    int each = 20_000;
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicInteger count = new AtomicInteger();
    try {
      WriteLoop threaded = new WriteLoop(thread, 0);
      List<Outbox> all = countingOutboxes(7, threaded, count);
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
      List<Outbox> two = countingOutboxes(2, threaded, count);
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
