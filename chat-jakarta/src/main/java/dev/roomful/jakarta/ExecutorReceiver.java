package dev.roomful.jakarta;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Passes messages from the container's thread to an executor, one at a time and in order, so that
 * the container goes on reading while a handler runs. At {@value #MAX_WAITING_MESSAGES} waiting
 * messages or {@value #MAX_WAITING_BYTES} waiting bytes it blocks the container's thread, which is
 * the only way to stop reading that the Jakarta API has; the rest stays in the client's TCP
 * connection.
 */
final class ExecutorReceiver implements Receiver {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jakarta");

  static final int MAX_WAITING_MESSAGES = 16;
  static final int MAX_WAITING_BYTES = 64 * 1024;

  private final Receiver receiver;
  private final Executor executor;
  private final Queue<Task> waiting = new ArrayDeque<>(2); // guarded by this, as all below
  private int waitingBytes;
  private boolean running;
  private boolean closed;

  ExecutorReceiver(Receiver receiver, Executor executor) {
    this.receiver = receiver;
    this.executor = executor;
  }

  @Override
  public void text(String text) {
    add(new Task(() -> receiver.text(text), text.length()));
    awaitSpace();
  }

  @Override
  public void binary(ByteBuffer bytes) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    add(new Task(() -> receiver.binary(copy), copy.remaining()));
    awaitSpace();
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
    if (isClosed()) {
      return;
    }
    receiver.closing(code, reason);
    add(new Task(() -> receiver.closed(code, reason), 0));
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void add(Task task) {
    synchronized (this) {
      if (closed) {
        return;
      }
      waiting.add(task);
      waitingBytes += task.bytes;
      if (running) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException stopped) {
      drain(); // The executor has stopped, but the close must still be delivered.
    } catch (Error failure) { // such as an OutOfMemoryError when no thread can be created
      LOG.error(
          () -> "The executor for callbacks failed; running callbacks on the container's thread",
          failure);
      drain();
    }
  }

  private synchronized void awaitSpace() {
    while (!closed
        && (waiting.size() >= MAX_WAITING_MESSAGES || waitingBytes >= MAX_WAITING_BYTES)) {
      try {
        wait();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return; // The container stops, and reads no further message.
      }
    }
  }

  private void drain() {
    for (Task task = next(); task != null; task = next()) {
      try {
        task.call.run();
      } catch (Throwable failure) {
        // An exception that left this loop would stop the connection's messages for ever.
        LOG.error(() -> "The chat failed to handle input of a connection", failure);
      }
    }
  }

  /** {@return the next task, or null after the thread was released} */
  private synchronized @Nullable Task next() {
    Task task = waiting.poll();
    if (task == null) {
      running = false;
    } else {
      waitingBytes -= task.bytes;
    }
    notifyAll();
    return task;
  }

  private record Task(Runnable call, int bytes) {}
}
