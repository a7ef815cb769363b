package dev.roomful.jakarta.frames;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Passes messages from a thread that reads to one that may block, one at a time and in order. The
 * thread that reads goes on meanwhile, so pings are answered while a handler runs. At {@value
 * #PAUSE_AT_MESSAGES} waiting messages or {@value #PAUSE_AT_BYTES} waiting bytes reading pauses
 * until no message waits; the rest stays in the client's TCP connection.
 */
public final class MessageQueue implements Receiver {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jakarta");

  /** At this number of waiting messages reading pauses. */
  public static final int PAUSE_AT_MESSAGES = 16;

  static final int PAUSE_AT_BYTES = 64 * 1024;

  private final Receiver receiver;
  private final Executor executor;
  private final Runnable resume;
  private @Nullable Queue<Task> waiting; // guarded by this, as all below; null until the first
  private int waitingBytes;
  private boolean running;
  private boolean full; // from enough messages until none waits
  private boolean paused; // reading has paused since

  /**
   * Creates a queue for the messages of one connection.
   *
   * @param receiver the chat's receiver, which may block
   * @param executor runs the chat's receiver
   * @param resume called when reading has paused and no message waits
   */
  public MessageQueue(Receiver receiver, Executor executor, Runnable resume) {
    this.receiver = receiver;
    this.executor = executor;
    this.resume = resume;
  }

  /**
   * Pauses reading if the queue is full. Then {@code resume} is called when it may go on, on
   * another thread and perhaps before this call has returned.
   *
   * @param keepRest keeps what was read and not added; called within this call, and before {@code
   *     resume}
   * @return whether reading pauses
   */
  public synchronized boolean pause(Runnable keepRest) {
    if (full) {
      keepRest.run();
      paused = true;
    }
    return full;
  }

  @Override
  public void text(String text) {
    add(new Task(() -> receiver.text(text), text.length()));
  }

  /** Keeps the buffer, since each message has its own. */
  @Override
  public void binary(ByteBuffer bytes) {
    add(new Task(() -> receiver.binary(bytes), bytes.remaining()));
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

  /**
   * Runs a task after all messages that came before it.
   *
   * @param task the task, run where messages are handled
   */
  public void afterMessages(Runnable task) {
    add(new Task(task, 0));
  }

  private void add(Task task) {
    synchronized (this) {
      if (waiting == null) {
        waiting = new ArrayDeque<>(2);
      }
      waiting.add(task);
      waitingBytes += task.bytes;
      full |= waiting.size() >= PAUSE_AT_MESSAGES || waitingBytes >= PAUSE_AT_BYTES;
      if (running) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException stopped) {
      drain(); // The executor has stopped. What is left is to report the end.
    } catch (Error failure) { // such as an OutOfMemoryError when no thread can be created
      LOG.error(
          () -> "The executor for callbacks failed; running callbacks on the thread that reads",
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
        LOG.error(() -> "The chat failed to handle input of a connection", failure);
      }
    }
  }

  /** {@return the next task, or null after the thread was released and reading resumed} */
  private @Nullable Task next() {
    boolean resuming;
    synchronized (this) {
      Task task = waiting == null ? null : waiting.poll();
      if (task != null) {
        waitingBytes -= task.bytes;
        return task;
      }
      running = false;
      full = false;
      resuming = paused;
      paused = false;
    }
    if (resuming) {
      resume.run();
    }
    return null;
  }

  private record Task(Runnable call, int bytes) {}
}
