package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.jakarta.frames.MessageQueue;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExecutorReceiverTest {
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final Queue<Runnable> submitted = new ConcurrentLinkedQueue<>();
  private final ExecutorReceiver receiver =
      new ExecutorReceiver(new RecordingReceiver(), submitted::add, () -> calls.add("end"));

  private final class RecordingReceiver implements Receiver {
    @Override
    public void text(String text) {
      calls.add("text " + text);
      if (text.equals("fail")) {
        throw new IllegalStateException("intended");
      }
    }

    @Override
    public void binary(ByteBuffer bytes) {
      calls.add("binary " + bytes.remaining());
    }

    @Override
    public void fragment() {
      calls.add("fragment");
    }

    @Override
    public void pong() {
      calls.add("pong");
    }

    @Override
    public void closing(int code, String reason) {
      calls.add("closing " + code);
    }

    @Override
    public void closed(int code, String reason) {
      calls.add("closed " + code);
    }
  }

  private void runSubmitted() {
    for (Runnable task = submitted.poll(); task != null; task = submitted.poll()) {
      task.run();
    }
  }

  @Test
  void messagesAndTheCloseRunOnTheExecutorInOrder() {
    ByteBuffer reused = ByteBuffer.allocate(3);
    receiver.text("one");
    receiver.binary(reused);
    receiver.text("two");
    receiver.closed(1000, "");
    assertEquals(List.of("closing 1000"), calls);
    assertEquals(1, submitted.size());
    runSubmitted();
    assertEquals(
        List.of("closing 1000", "text one", "binary 3", "text two", "closed 1000", "end"), calls);
  }

  @Test
  void pongsAndFragmentsDoNotWaitForMessages() {
    receiver.text("one");
    receiver.pong();
    receiver.fragment();
    assertEquals(List.of("pong", "fragment"), calls);
  }

  @Test
  void aReceiverThatThrowsIsCalledAgain() {
    receiver.text("fail");
    receiver.text("next");
    runSubmitted();
    assertEquals(List.of("text fail", "text next"), calls);
  }

  @Test
  void nothingFollowsTheClose() {
    receiver.closed(1000, "");
    receiver.text("late");
    receiver.closed(1006, "");
    runSubmitted();
    assertEquals(List.of("closing 1000", "closed 1000", "end"), calls);
  }

  @Test
  void anExecutorThatRejectsTasksDoesNotLoseTheClose() {
    ExecutorReceiver stopped =
        new ExecutorReceiver(
            new RecordingReceiver(),
            task -> {
              throw new RejectedExecutionException();
            },
            () -> calls.add("end"));
    stopped.closed(1000, "");
    assertEquals(List.of("closing 1000", "closed 1000", "end"), calls);
  }

  @Test
  void aFullQueueBlocksTheContainersThreadUntilItIsEmpty() throws Exception {
    Thread container = sender(MessageQueue.PAUSE_AT_MESSAGES + 1);
    container.start();
    Await.until("it waits", () -> container.getState() == Thread.State.WAITING);
    runSubmitted();
    container.join(Await.TIMEOUT.toMillis());
    runSubmitted();
    assertEquals(
        IntStream.rangeClosed(0, MessageQueue.PAUSE_AT_MESSAGES)
            .mapToObj(i -> "text " + i)
            .toList(),
        calls);
  }

  @Test
  void aCloseReleasesTheContainersThread() throws Exception {
    Thread container = sender(MessageQueue.PAUSE_AT_MESSAGES);
    container.start();
    Await.until("it waits", () -> container.getState() == Thread.State.WAITING);
    receiver.closed(1006, "");
    container.join(Await.TIMEOUT.toMillis());
    assertEquals(Thread.State.TERMINATED, container.getState());
  }

  private Thread sender(int messages) {
    return new Thread(
        () -> IntStream.range(0, messages).forEach(i -> receiver.text(Integer.toString(i))));
  }
}
