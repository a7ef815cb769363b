package dev.roomful.jakarta.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testsupport.Await;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Where reading pauses, and that nothing is lost or reordered. */
class MessageQueueTest {

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private final Receiver receiver =
      new Receiver() {
        @Override
        public void text(String text) {
          received.add(text);
          if (text.equals("fail")) {
            throw new IllegalStateException("intended: the test needs a failing receiver");
          }
        }

        @Override
        public void binary(ByteBuffer bytes) {
          received.add(bytes.remaining() + " bytes");
        }

        @Override
        public void pong() {
          received.add("pong");
        }

        @Override
        public void closed(int code, String reason) {
          received.add("closed " + code);
        }
      };

  private MessageQueue queueOn(Executor executor) {
    return new MessageQueue(receiver, executor, () -> received.add("resumed"));
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void messagesAndTheEndKeepTheirOrderAndPongsOvertake() {
    MessageQueue queue = queueOn(tasks::add);
    queue.text("1");
    queue.binary(ByteBuffer.allocate(2));
    queue.pong();
    queue.closed(1000, "");
    queue.afterMessages(() -> received.add("after"));
    assertEquals(1, tasks.size(), "one thread at a time");
    runTasks();
    assertEquals(List.of("pong", "1", "2 bytes", "closed 1000", "after"), received);
  }

  @Test
  void readingPausesAtTheBoundOfMessagesUntilNoneWaits() {
    MessageQueue queue = queueOn(tasks::add);
    for (int i = 1; i < MessageQueue.PAUSE_AT_MESSAGES; i++) {
      queue.text("x");
    }
    assertFalse(queue.pause(() -> {}));
    queue.text("x");
    assertTrue(queue.pause(() -> {}));
    assertTrue(queue.pause(() -> {}));
    runTasks();
    assertEquals("resumed", received.get(received.size() - 1));
    assertFalse(queue.pause(() -> {}));
    assertEquals(1, received.stream().filter("resumed"::equals).count());
  }

  @Test
  void whatWasReadIsKeptBeforeReadingGoesOnOnAnotherThread() throws Exception {
    MessageQueue queue = queueOn(tasks::add);
    queue.binary(ByteBuffer.allocate(MessageQueue.PAUSE_AT_BYTES));
    Thread draining = new Thread(this::runTasks);
    assertTrue(
        queue.pause(
            () -> {
              draining.start();
              Await.until(
                  "it waits for the pause", () -> draining.getState() == Thread.State.BLOCKED);
              received.add("kept");
            }));
    draining.join(Await.TIMEOUT.toMillis());
    assertEquals(List.of("kept", MessageQueue.PAUSE_AT_BYTES + " bytes", "resumed"), received);
  }

  @Test
  void readingPausesAtTheBoundOfBytes() {
    MessageQueue queue = queueOn(tasks::add);
    queue.binary(ByteBuffer.allocate(MessageQueue.PAUSE_AT_BYTES - 1));
    assertFalse(queue.pause(() -> {}));
    queue.text("x");
    assertTrue(queue.pause(() -> {}));
  }

  @Test
  void aQueueThatWasNotFullResumesNothing() {
    MessageQueue queue = queueOn(tasks::add);
    queue.text("x");
    assertFalse(queue.pause(() -> {}));
    runTasks();
    assertEquals(List.of("x"), received);
  }

  @Test
  void aFailingReceiverDoesNotStopTheMessagesAfterIt() {
    MessageQueue queue = queueOn(tasks::add);
    queue.text("fail");
    queue.text("next");
    runTasks();
    assertEquals(List.of("fail", "next"), received);
  }

  @Test
  void withoutAThreadMessagesAreHandledOnTheThreadThatReads() {
    MessageQueue rejected =
        queueOn(
            task -> {
              throw new RejectedExecutionException("intended: the executor has stopped");
            });
    rejected.closed(1001, "");
    MessageQueue starved =
        queueOn(
            task -> {
              throw new OutOfMemoryError("intended: no thread can be created");
            });
    starved.text("starved");
    assertEquals(List.of("closed 1001", "starved"), received);
  }
}
