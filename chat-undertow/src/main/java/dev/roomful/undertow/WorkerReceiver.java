package dev.roomful.undertow;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages from the thread that reads for many connections to one that may wait. When some
 * wait, reading from the client is suspended until they are done: what a client can have in memory
 * here is bounded by that, the rest stays in its own network buffers.
 */
final class WorkerReceiver implements Receiver {
  private static final int SUSPEND_AT_MESSAGES = 16;
  private static final int SUSPEND_AT_BYTES = 64 * 1024;

  private final Receiver receiver;
  private final Executor worker;
  private final Runnable suspend;
  private final Runnable resume;
  private final Runnable afterClose;
  private final Queue<Event> waiting = new ArrayDeque<>(); // guarded by this, as all below
  private int bytes;
  private boolean running;
  private boolean full; // from enough messages until none waits
  private boolean suspended; // what the server was told last, or is being told
  private boolean updatingReading;
  private boolean closed;

  WorkerReceiver(
      Receiver receiver, Executor worker, Runnable suspend, Runnable resume, Runnable afterClose) {
    this.receiver = receiver;
    this.worker = worker;
    this.suspend = suspend;
    this.resume = resume;
    this.afterClose = afterClose;
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

  @Override
  public void pong() {
    receiver.pong();
  }

  @Override
  public void closed(int code, String reason) {
    afterClose.run();
    add(new Event(() -> receiver.closed(code, reason), 0, true));
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
      full |= waiting.size() >= SUSPEND_AT_MESSAGES || bytes >= SUSPEND_AT_BYTES;
      start = !running;
      running = true;
    }
    updateReading();
    if (start) {
      startWorker();
    }
  }

  /**
   * Suspends or resumes reading, with no lock of ours, since the server takes its own. One thread
   * at a time, until it is as it should be: if a worker resumed while the reading thread was about
   * to suspend, reading would stay suspended.
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
      (suspending ? suspend : resume).run();
    }
  }

  private void startWorker() {
    try {
      worker.execute(this::drain);
    } catch (RejectedExecutionException stopped) {
      drain(); // the server has no more threads, and nothing to do but to close: that must be told
    }
  }

  private void drain() {
    for (Event event = next(); event != null; event = next()) {
      event.call.run();
    }
  }

  /** The next event; without one the worker is let go, and reading resumed. */
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
