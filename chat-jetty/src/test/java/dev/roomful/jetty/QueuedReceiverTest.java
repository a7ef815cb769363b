package dev.roomful.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The queue between the thread that reads and the handlers, with an executor that the test runs.
 */
class QueuedReceiverTest {
  private final List<String> events = new ArrayList<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final QueuedReceiver queue = queue(tasks::add);

  private QueuedReceiver queue(Executor executor) {
    return new QueuedReceiver(new RecordingReceiver(), executor, () -> events.add("abort"));
  }

  private final class RecordingReceiver implements Receiver {
    @Override
    public void text(String text) {
      if (text.equals("throw")) {
        throw new AssertionError("intended");
      }
      events.add(text);
    }

    @Override
    public void binary(ByteBuffer bytes) {
      events.add("binary " + UTF_8.decode(bytes));
    }

    @Override
    public void fragment() {
      events.add("fragment");
    }

    @Override
    public void pong() {
      events.add("pong");
    }

    @Override
    public void closed(int code, String reason) {
      events.add("closed " + code + " " + reason);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void messagesAndTheEndAreDeliveredInOrderByOneTask() {
    ByteBuffer reused = ByteBuffer.wrap("b".getBytes(UTF_8));
    queue.text("a");
    queue.binary(reused);
    reused.array()[0] = '?';
    queue.afterMessages(() -> events.add("task"));
    queue.closed(1000, "bye");
    assertEquals(List.of(), events);
    assertEquals(1, tasks.size());
    runTasks();
    assertEquals(List.of("a", "binary b", "task", "closed 1000 bye"), events);
  }

  @Test
  void pongsAndFragmentsAreReportedAtOnce() {
    queue.text("waits");
    queue.pong();
    queue.fragment();
    assertEquals(List.of("pong", "fragment"), events);
  }

  @Test
  void readingPausesAtEnoughMessagesUntilNoneWaits() {
    assertReadingPauses(QueuedReceiver.PAUSE_AT_MESSAGES, "m");
  }

  @Test
  void readingPausesAtEnoughBytesUntilNoneWaits() {
    assertReadingPauses(4, "m".repeat(QueuedReceiver.PAUSE_AT_BYTES / 4));
  }

  private void assertReadingPauses(int messages, String text) {
    for (int i = 0; i < messages; i++) {
      queue.demand(() -> events.add("demand"));
      assertEquals(i + 1, events.size(), "frames demanded");
      queue.text(text);
    }
    events.clear();
    queue.demand(() -> events.add("demand"));
    assertEquals(List.of(), events);
    runTasks();
    assertEquals(messages + 1, events.size());
    assertEquals("demand", events.get(messages), "after the last message");
    queue.demand(() -> events.add("demand"));
    assertEquals(messages + 2, events.size(), "no demand is held any more");
  }

  @Test
  void anExceptionAbortsTheConnectionAndTheRestIsDelivered() {
    queue.text("throw");
    queue.closed(1006, "");
    runTasks();
    assertEquals(List.of("abort", "closed 1006 "), events);
    queue.text("later");
    runTasks();
    assertEquals(3, events.size(), "the queue still works");
  }

  @Test
  void withoutThreadsTheEndIsReportedOnTheCallersThread() {
    QueuedReceiver stopped =
        queue(
            task -> {
              throw new RejectedExecutionException("stopped");
            });
    stopped.closed(1012, "");
    assertEquals(List.of("closed 1012 "), events);
  }

  @Test
  void anExecutorThatCannotStartAThreadLosesNoMessageAndNoEnd() {
    QueuedReceiver exhausted =
        queue(
            task -> {
              throw new OutOfMemoryError("intended");
            });
    exhausted.text("a");
    exhausted.closed(1006, "");
    assertEquals(List.of("a", "closed 1006 "), events);
  }

  @Test
  void manyRoundsLeaveNothingWaiting() {
    IntStream.range(0, 1000)
        .forEach(
            i -> {
              queue.text("" + i);
              if (i % 7 == 0) {
                runTasks();
              }
            });
    runTasks();
    assertEquals(IntStream.range(0, 1000).mapToObj(Integer::toString).toList(), events);
  }
}
