package dev.roomful.jetty;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Passes messages from the thread that reads a connection to a thread that may block, one at a time
 * and in order. Jetty goes on reading meanwhile, so it answers pings and reports pongs while a
 * handler runs. At {@value #PAUSE_AT_MESSAGES} waiting messages or {@value #PAUSE_AT_BYTES} waiting
 * bytes reading pauses until no message waits; the rest stays in the client's TCP connection.
 */
final class QueuedReceiver implements Receiver {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jetty");

  static final int PAUSE_AT_MESSAGES = 16;
  static final int PAUSE_AT_BYTES = 64 * 1024;

  private final Receiver receiver;
  private final Executor executor;
  private final Runnable abort;
  private final Queue<Task> waiting = new ArrayDeque<>(2); // guarded by this, as all below
  private int waitingBytes;
  private boolean running;
  private boolean paused; // from enough messages until none waits
  private @Nullable Runnable heldDemand;

  /**
   * @param receiver the chat's receiver, which may block
   * @param executor runs the chat's receiver
   * @param abort ends the connection if the chat's receiver throws
   */
  QueuedReceiver(Receiver receiver, Executor executor, Runnable abort) {
    this.receiver = receiver;
    this.executor = executor;
    this.abort = abort;
  }

  @Override
  public void text(String text) {
    add(new Task(() -> receiver.text(text), text.length()));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    add(new Task(() -> receiver.binary(copy), copy.remaining()));
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

  @Override
  public void closed(int code, String reason) {
    add(new Task(() -> receiver.closed(code, reason), 0));
  }

  /** Runs a task after all messages that came before it. */
  void afterMessages(Runnable task) {
    add(new Task(task, 0));
  }

  /**
   * Asks Jetty for the next frame, now or when no message waits. Each call follows the frame that
   * the call before asked for, so at most one is held.
   */
  void demand(Runnable demand) {
    synchronized (this) {
      if (paused) {
        heldDemand = demand;
        return;
      }
    }
    demand.run();
  }

  private void add(Task task) {
    synchronized (this) {
      waiting.add(task);
      waitingBytes += task.bytes;
      paused |= waiting.size() >= PAUSE_AT_MESSAGES || waitingBytes >= PAUSE_AT_BYTES;
      if (running) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException stopped) {
      drain(); // The server's threads have ended. What is left is to report the end.
    } catch (Error failure) { // such as an OutOfMemoryError when no thread can be created
      LOG.error(
          () -> "The server's thread pool failed; running callbacks on the thread that reads",
          failure);
      drain();
    }
  }

  private void drain() {
    for (Task task = next(); task != null; task = next()) {
      try {
        task.call.run();
      } catch (Throwable failure) {
        // An exception that left this loop would stop the connection's messages for ever.
        LOG.error(() -> "Receiver threw an exception; aborting the connection", failure);
        abort.run();
      }
    }
  }

  /** {@return the next task, or null after the thread was released and reading resumed} */
  private @Nullable Task next() {
    Runnable demand;
    synchronized (this) {
      Task task = waiting.poll();
      if (task != null) {
        waitingBytes -= task.bytes;
        return task;
      }
      running = false;
      paused = false;
      demand = heldDemand;
      heldDemand = null;
    }
    if (demand != null) {
      demand.run();
    }
    return null;
  }

  private record Task(Runnable call, int bytes) {}
}
