package dev.roomful.undertow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testsupport.Await;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerReceiverTest {
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final Queue<Runnable> workerTasks = new ArrayDeque<>();
  private Runnable whenResumed = () -> {};
  private final WorkerReceiver workerReceiver =
      new WorkerReceiver(new RecordingReceiver(), workerTasks::add, new RecordingControl());

  /** Records the calls of the server's side. */
  private class RecordingControl implements InputControl {
    @Override
    public void suspendReading() {
      log.add("suspend");
    }

    @Override
    public void resumeReading() {
      log.add("resume");
      whenResumed.run();
    }

    @Override
    public void closeReceived() {
      log.add("close received");
    }

    @Override
    public void closeDelivered() {
      log.add("close delivered");
    }
  }

  /** Records what is delivered; fails on some texts. */
  private final class RecordingReceiver implements Receiver {
    @Override
    public void text(String text) {
      if (text.equals("fail")) {
        throw new StackOverflowError("a test's");
      }
      log.add(text.length() < 100 ? text : text.length() + " characters");
    }

    @Override
    public void binary(ByteBuffer bytes) {
      log.add("binary " + UTF_8.decode(bytes));
    }

    @Override
    public void fragment() {
      log.add("fragment");
    }

    @Override
    public void pong() {
      log.add("pong");
    }

    @Override
    public void closed(int code, String reason) {
      log.add("closed " + code + " " + reason);
    }
  }

  private void runWorkerTasks() {
    for (Runnable task = workerTasks.poll(); task != null; task = workerTasks.poll()) {
      task.run();
    }
  }

  @Test
  void nothingIsDeliveredOnTheReadingThread() {
    workerReceiver.text("a");
    workerReceiver.binary(ByteBuffer.wrap("b".getBytes(UTF_8)));
    assertEquals(List.of(), log);
    runWorkerTasks();
    assertEquals(List.of("a", "binary b"), log);
  }

  @Test
  void oneTaskAtATimeIsSubmittedToTheWorker() {
    workerReceiver.text("a");
    workerReceiver.text("b");
    assertEquals(1, workerTasks.size());
    runWorkerTasks();
    workerReceiver.text("c");
    assertEquals(1, workerTasks.size());
    runWorkerTasks();
    assertEquals(List.of("a", "b", "c"), log);
  }

  @Test
  void bytesAreCopiedBeforeTheServerUsesItsBufferAgain() {
    ByteBuffer buffer = ByteBuffer.wrap("own!".getBytes(UTF_8));
    workerReceiver.binary(buffer);
    buffer.clear().put("new!".getBytes(UTF_8));
    runWorkerTasks();
    assertEquals(List.of("binary own!"), log);
  }

  @Test
  void aPongDoesNotWaitForAHandlerThatBlocks() {
    workerReceiver.text("a");
    workerReceiver.pong();
    assertEquals(List.of("pong"), log);
  }

  @Test
  void fragmentsAreDeliveredInOrderAndSuspendReadingLikeMessages() {
    workerReceiver.text("a");
    for (int i = 0; i < 15; i++) {
      workerReceiver.fragment();
    }
    assertEquals(List.of("suspend"), log);
    runWorkerTasks();
    List<String> expected = new ArrayList<>(List.of("suspend", "a"));
    expected.addAll(Collections.nCopies(15, "fragment"));
    expected.add("resume");
    assertEquals(expected, log);
  }

  @Test
  void fragmentsAndPongsReachAChatThatDoesNotBlock() {
    SameThreadReceiver direct =
        new SameThreadReceiver(new RecordingReceiver(), new RecordingControl());
    direct.fragment();
    direct.pong();
    direct.text("a");
    direct.closed(1000, "bye");
    assertEquals(
        List.of("fragment", "pong", "a", "close received", "closed 1000 bye", "close delivered"),
        log);
  }

  @Test
  void manyMessagesSuspendReadingOnceUntilAllAreHandled() {
    for (int i = 0; i < 20; i++) {
      workerReceiver.text("" + i);
    }
    assertEquals(List.of("suspend"), log);
    runWorkerTasks();
    List<String> expected = new ArrayList<>(List.of("suspend"));
    IntStream.range(0, 20).mapToObj(Integer::toString).forEach(expected::add);
    expected.add("resume");
    assertEquals(expected, log);
  }

  @Test
  void aFewLargeMessagesSuspendReadingToo() {
    workerReceiver.text("x".repeat(40_000));
    assertEquals(List.of(), log);
    workerReceiver.text("y".repeat(40_000));
    assertEquals(List.of("suspend"), log);
    runWorkerTasks();
    assertEquals(List.of("suspend", "40000 characters", "40000 characters", "resume"), log);
  }

  @Test
  void afterReadingWasResumedItIsSuspendedAgain() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 16; i++) {
        workerReceiver.text("");
      }
      runWorkerTasks();
    }
    assertEquals(3, log.stream().filter("suspend"::equals).count());
    assertEquals(3, log.stream().filter("resume"::equals).count());
    assertEquals("resume", log.get(log.size() - 1));
  }

  @Test
  void aMessageReceivedDuringTheResumeIsDeliveredByTheSameTask() {
    whenResumed =
        () -> {
          whenResumed = () -> {};
          workerReceiver.text("at once");
        };
    for (int i = 0; i < 16; i++) {
      workerReceiver.text("");
    }
    runWorkerTasks();
    assertEquals("at once", log.get(log.size() - 1));
    assertEquals(0, workerTasks.size());
  }

  @Test
  void theCloseIsDeliveredAfterAllWaitingMessages() {
    workerReceiver.text("a");
    workerReceiver.closed(1000, "bye");
    assertEquals(List.of("close received"), log);
    runWorkerTasks();
    assertEquals(List.of("close received", "a", "closed 1000 bye", "close delivered"), log);
  }

  @Test
  void nothingIsDeliveredAfterTheClose() {
    workerReceiver.closed(1000, "bye");
    workerReceiver.text("too late");
    workerReceiver.binary(ByteBuffer.allocate(1));
    workerReceiver.closed(1006, "again");
    runWorkerTasks();
    assertEquals(1, log.stream().filter(line -> line.startsWith("closed ")).count());
    assertEquals("close delivered", log.get(log.size() - 1));
  }

  @Test
  void aStoppedExecutorLosesNoMessageAndNoClose() {
    WorkerReceiver stopped =
        new WorkerReceiver(
            new RecordingReceiver(),
            task -> {
              throw new RejectedExecutionException("stopped");
            },
            new RecordingControl());
    stopped.text("the last message");
    stopped.closed(1006, "");
    assertEquals(
        List.of("the last message", "close received", "closed 1006 ", "close delivered"), log);
  }

  @Test
  void anExecutorThatStopsWhileAHandlerRunsLosesNoClose() {
    AtomicBoolean stopped = new AtomicBoolean();
    WorkerReceiver stopping =
        new WorkerReceiver(
            new RecordingReceiver(),
            task -> {
              if (stopped.get()) {
                throw new RejectedExecutionException("stopped");
              }
              workerTasks.add(task);
            },
            new RecordingControl());
    stopping.text("a");
    stopped.set(true);
    stopping.closed(1006, "");
    runWorkerTasks();
    assertEquals(List.of("close received", "a", "closed 1006 ", "close delivered"), log);
  }

  @Test
  void anExecutorThatCannotStartAThreadLosesNoMessageAndNoClose() {
    WorkerReceiver exhausted =
        new WorkerReceiver(
            new RecordingReceiver(),
            task -> {
              throw new OutOfMemoryError("a test's");
            },
            new RecordingControl());
    exhausted.text("a");
    exhausted.closed(1006, "");
    assertEquals(List.of("a", "close received", "closed 1006 ", "close delivered"), log);
  }

  @Test
  void aFailureOfTheChatDoesNotStopTheDelivery() {
    workerReceiver.text("fail");
    workerReceiver.text("a");
    runWorkerTasks();
    workerReceiver.text("fail");
    workerReceiver.closed(1000, "bye");
    runWorkerTasks();
    assertEquals(List.of("a", "close received", "closed 1000 bye", "close delivered"), log);
  }

  @Test
  void aFailureToResumeReadingDoesNotPreventTheNextSuspension() {
    whenResumed =
        () -> {
          throw new IllegalStateException("a test's");
        };
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 16; i++) {
        workerReceiver.text("");
      }
      runWorkerTasks();
    }
    assertEquals(2, log.stream().filter("suspend"::equals).count());
    assertEquals(2, log.stream().filter("resume"::equals).count());
  }

  @Test
  void manyThreadsAndOneReaderLoseNothingAndKeepTheOrder() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicBoolean reading = new AtomicBoolean(true);
    try {
      WorkerReceiver busy =
          new WorkerReceiver(
              new RecordingReceiver(),
              threads,
              new RecordingControl() {
                @Override
                public void suspendReading() {
                  reading.set(false);
                }

                @Override
                public void resumeReading() {
                  reading.set(true);
                }
              });
      for (int i = 0; i < 20_000; i++) {
        Await.until("reading is resumed", reading::get);
        busy.text("" + i);
      }
      busy.closed(1000, "");
      Await.until("the close is delivered", () -> log.contains("close delivered"));
      log.remove("close received"); // comes at any time
    } finally {
      threads.shutdownNow();
    }
    List<String> expected = new ArrayList<>();
    IntStream.range(0, 20_000).mapToObj(Integer::toString).forEach(expected::add);
    expected.addAll(List.of("closed 1000 ", "close delivered"));
    assertTrue(expected.equals(log), "everything is delivered in order");
  }
}
