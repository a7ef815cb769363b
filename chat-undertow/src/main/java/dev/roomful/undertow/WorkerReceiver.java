package dev.roomful.undertow;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Hands input over from the thread that reads for many connections to an executor whose threads may
 * block. When too many messages wait, reading is suspended until all of them are handled. This
 * bounds the memory that a client can occupy here; the rest stays in its network buffers.
 */
final class WorkerReceiver implements Receiver {
  private static final FailureLog LOG = new FailureLog("dev.roomful.undertow");

  private static final int SUSPEND_AT_EVENTS = 16;
  private static final int SUSPEND_AT_BYTES = 64 * 1024;

  private final Receiver receiver;
  private final Executor executor;
  private final InputControl control;
  private final Queue<Event> waiting = new ArrayDeque<>(); // guarded by this, as are all below
  private int bytes;
  private boolean running;
  private boolean full; // set at the bound, cleared when no event waits
  private boolean suspended; // the last request to the server, possibly in progress
  private boolean updatingReading;
  private boolean closed;

  WorkerReceiver(Receiver receiver, Executor executor, InputControl control) {
    this.receiver = receiver;
    this.executor = executor;
    this.control = control;
  }

  @Override
  public void text(String text) {
    add(new Event(() -> receiver.text(text), text.length(), false));
  }

  @Override
  public void binary(ByteBuffer message) {
    ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message).flip();
    add(new Event(() -> receiver.binary(copy), copy.remaining(), false));
  }

  /** Keeps its place in the order of messages, as a fragment may end the connection. */
  @Override
  public void fragment() {
    add(new Event(receiver::fragment, 0, false));
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
    if (isClosed()) {
      return;
    }
    receiver.closing(code, reason);
    control.closeReceived();
    add(new Event(() -> deliverClose(code, reason), 0, true));
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void deliverClose(int code, String reason) {
    try {
      receiver.closed(code, reason);
    } finally {
      control.closeDelivered();
    }
  }

  private void add(Event event) {
    boolean start;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = event.last;
      waiting.add(event);
      bytes += event.bytes;
      full |= waiting.size() >= SUSPEND_AT_EVENTS || bytes >= SUSPEND_AT_BYTES;
      start = !running;
      running = true;
    }
    updateReading();
    if (start) {
      startDraining();
    }
  }

  /**
   * Suspends or resumes reading until the server's state is the wanted one. Holds no lock, because
   * the server takes its own. One thread does this at a time: if a worker resumed while the reading
   * thread was about to suspend, reading would remain suspended.
   */
  private void updateReading() {
    boolean updating = false;
    while (true) {
      boolean suspending;
      synchronized (this) {
        if (updatingReading && !updating) {
          return;
        }
        updating = full != suspended;
        updatingReading = updating;
        if (!updating) {
          return;
        }
        suspended = full;
        suspending = full;
      }
      try {
        if (suspending) {
          control.suspendReading();
        } else {
          control.resumeReading();
        }
      } catch (RuntimeException failure) {
        LOG.debug(() -> "Undertow could not suspend or resume reading", failure);
      }
    }
  }

  private void startDraining() {
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException stopped) {
      drain(); // The executor has stopped, but the close must still be delivered.
    } catch (Error failure) { // such as an OutOfMemoryError when no thread can be created
      LOG.error(
          () -> "The executor for callbacks failed; running callbacks on the thread that reads",
          failure);
      drain();
    }
  }

  private void drain() {
    for (Event event = next(); event != null; event = next()) {
      try {
        event.call.run();
      } catch (Throwable failure) {
        // Without this, the queue would count as running for ever and deliver nothing, not even
        // the close.
        LOG.error(() -> "The chat failed to handle input of a connection", failure);
      }
    }
  }

  /** Returns the next event; if there is none, ends draining and resumes reading. */
  private @Nullable Event next() {
    synchronized (this) {
      Event event = waiting.poll();
      if (event != null) {
        bytes -= event.bytes;
        return event;
      }
      running = false;
      full = false;
    }
    updateReading();
    return null;
  }

  private record Event(Runnable call, int bytes, boolean last) {}
}
