package dev.roomful.jakarta;

import dev.roomful.jakarta.frames.MessageQueue;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/**
 * Passes messages from the container's thread to an executor, so that the container goes on reading
 * while a handler runs. A full {@link MessageQueue} blocks the container's thread until the queue
 * is empty, which is the only way to stop reading that the Jakarta API has.
 */
final class ExecutorReceiver implements Receiver {
  private final Receiver receiver;
  private final MessageQueue queue;
  private final Runnable onEnd;
  private boolean full; // guarded by this, as is the next
  private boolean closed;

  /**
   * @param onEnd called when the end of the input was reported
   */
  ExecutorReceiver(Receiver receiver, Executor executor, Runnable onEnd) {
    this.receiver = receiver;
    this.onEnd = onEnd;
    this.queue = new MessageQueue(receiver, executor, this::resume);
  }

  @Override
  public void text(String text) {
    if (!isClosed()) {
      queue.text(text);
      awaitSpace();
    }
  }

  /** Copies the bytes: the container uses its buffer again. */
  @Override
  public void binary(ByteBuffer bytes) {
    if (!isClosed()) {
      queue.binary(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
      awaitSpace();
    }
  }

  @Override
  public void fragment() {
    receiver.fragment();
  }

  @Override
  public void pong() {
    receiver.pong();
  }

  @Override
  public void closing(int code, String reason) {
    receiver.closing(code, reason);
  }

  /** Called on any thread, also while the container's thread is blocked. */
  @Override
  public void closed(int code, String reason) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    receiver.closing(code, reason);
    queue.closed(code, reason);
    queue.afterMessages(onEnd);
  }

  /** Runs a task after all messages that came before it. */
  void afterMessages(Runnable task) {
    queue.afterMessages(task);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void resume() {
    full = false;
    notifyAll();
  }

  private synchronized void awaitSpace() {
    queue.pause(() -> full = true);
    while (full && !closed) {
      try {
        wait();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return; // The container stops, and reads no further message.
      }
    }
  }
}
