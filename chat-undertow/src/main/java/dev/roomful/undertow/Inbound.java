package dev.roomful.undertow;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages from the thread that reads for many connections to one that may wait. When some
 * wait, reading from the client is suspended until they are done: what a client can have in memory
 * here is bounded by that, the rest stays in its own network buffers.
 */
final class Inbound implements Receiver {
  private static final int ENOUGH_MESSAGES = 16;
  private static final int ENOUGH_BYTES = 64 * 1024;

  private final Receiver receiver;
  private final Executor worker;
  private final Runnable suspend;
  private final Runnable resume;
  private final Runnable afterClose;
  private final Queue<Event> waiting = new ArrayDeque<>(); // guarded by this, as all below
  private int bytes;
  private boolean running;
  private boolean suspended;
  private boolean closed;

  Inbound(
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
    boolean full;
    boolean start;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = event.last;
      waiting.add(event);
      bytes += event.bytes;
      full = !suspended && (waiting.size() >= ENOUGH_MESSAGES || bytes >= ENOUGH_BYTES);
      suspended |= full;
      start = !running;
      running = true;
    }
    if (full) {
      suspend.run();
    }
    if (start) {
      worker.execute(this::drain);
    }
  }

  private void drain() {
    for (Event event = next(); event != null; event = next()) {
      event.call.run();
    }
  }

  /** The next event; without one the worker is let go, after reading has been resumed. */
  private @Nullable Event next() {
    while (true) {
      synchronized (this) {
        Event event = waiting.poll();
        if (event != null) {
          bytes -= event.bytes;
          return event;
        }
        if (!suspended) {
          running = false;
          return null;
        }
        suspended = false;
      }
      resume.run(); // takes the server's locks, therefore none of ours; messages may come at once
    }
  }

  private record Event(Runnable call, int bytes, boolean last) {}
}
