package dev.roomful.testkit;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Both directions of one connection over memory, each as bounded as a socket's buffers are. The
 * server's side is the {@link Connection}; the client's side is for {@link MemoryPeer}.
 */
final class MemoryLink implements Connection {
  private static final int CAPACITY = 128 << 10;
  private static final int FRAME_COST = 16;
  private static final long FOREVER = Long.MAX_VALUE;

  /** An event in flight to the client. */
  private record Outgoing(Received content, int bytes) {}

  /** An event in flight to the server. */
  record Incoming(Consumer<Receiver> arrival, int bytes, boolean isLast, int echo) {}

  // All guarded by this. Completions are called after it was released.
  private final Queue<Outgoing> toClient = new ArrayDeque<>();
  private final Queue<Incoming> toServer = new ArrayDeque<>();
  private int bytesToClient;
  private int bytesToServer;
  private @Nullable Batch batch;
  private int batched;
  private @Nullable Completion completion;
  private boolean closeSent;
  private boolean over; // for the server; the client may still read what is in flight
  private boolean clientEnded;

  @Override
  public void write(Batch frames, Completion whenDone) {
    Completion done;
    synchronized (this) {
      batch = frames;
      batched = 0;
      completion = whenDone;
      done = over ? null : pump();
    }
    if (done != null) {
      done.succeeded();
    } else {
      failIfOver();
    }
  }

  /**
   * Moves frames while there is room. {@return the completion of the batch if it was moved whole}
   */
  private @Nullable Completion pump() {
    Batch frames = batch;
    if (frames == null) {
      return null;
    }
    while (batched < frames.size() && bytesToClient < CAPACITY) {
      Frame frame = frames.frame(batched++);
      send(contentOf(frame), frame.size() + FRAME_COST);
    }
    return batched < frames.size() ? null : takeCompletion();
  }

  private @Nullable Completion takeCompletion() {
    Completion taken = completion;
    completion = null;
    batch = null;
    return taken;
  }

  private void send(Received content, int bytes) {
    toClient.add(new Outgoing(content, bytes));
    bytesToClient += bytes;
    notifyAll();
  }

  private static Received contentOf(Frame frame) {
    byte[] payload = new byte[frame.payload().remaining()];
    frame.payload().get(payload);
    return frame.isText()
        ? new Received.Text(new String(payload, StandardCharsets.UTF_8))
        : new Received.Binary(HexFormat.of().formatHex(payload));
  }

  @Override
  public void ping(Completion whenDone) {
    boolean sent;
    synchronized (this) {
      sent = !over;
      if (sent) {
        send(new Received.Ping(""), 0);
      }
    }
    if (sent) {
      whenDone.succeeded();
    } else {
      whenDone.failed(new IOException("the connection has ended"));
    }
  }

  @Override
  public synchronized void close(int code, String reason) {
    if (!over && !closeSent) {
      closeSent = true;
      send(new Received.Close(code, reason), 0);
    }
  }

  @Override
  public void abort() {
    synchronized (this) {
      toClient.clear();
      bytesToClient = 0;
      end(true);
    }
    failIfOver();
  }

  private void end(boolean reset) {
    if (!over) {
      over = true;
      send(new Received.End(reset), 0);
    }
  }

  private void failIfOver() {
    Completion unfinished;
    synchronized (this) {
      unfinished = over ? takeCompletion() : null;
    }
    if (unfinished != null) {
      unfinished.failed(new IOException("the connection has ended"));
    }
  }

  /** {@return the client's next event; the last one is the end of the connection} */
  Incoming take() {
    Incoming next;
    synchronized (this) {
      await(FOREVER, () -> over || !toServer.isEmpty());
      next = over ? null : toServer.poll();
      if (next == null) {
        next = lost();
      }
      bytesToServer -= next.bytes;
      notifyAll();
      if (next.echo != 0) {
        close(next.echo, "");
      }
      if (next.isLast) {
        end(false);
      }
    }
    failIfOver();
    return next;
  }

  private static Incoming lost() {
    return new Incoming(receiver -> receiver.closed(1006, ""), 0, true, 0);
  }

  /** The client sends; blocks while the server does not take what is in flight. */
  synchronized void bring(int bytes, Consumer<Receiver> arrival) {
    await(FOREVER, () -> over || clientEnded || bytesToServer < CAPACITY);
    requireConnected();
    bytesToServer += bytes;
    toServer.add(new Incoming(arrival, bytes, false, 0));
    notifyAll();
  }

  private void requireConnected() {
    if (over || clientEnded) {
      throw new UncheckedIOException(new IOException("the connection has ended"));
    }
  }

  /** The client sends a close frame; the server answers it, unless its own is in flight. */
  synchronized void bringClose(int code, String reason) {
    requireConnected();
    toServer.add(new Incoming(receiver -> receiver.closed(code, reason), 0, true, code));
    notifyAll();
  }

  /** The client ends; what it has sent stays in flight, or is lost too. */
  synchronized void leave(boolean atOnce) {
    if (clientEnded) {
      return;
    }
    clientEnded = true;
    if (atOnce) {
      toServer.clear();
    }
    toServer.add(lost());
    notifyAll();
  }

  /** The server answers a ping. */
  synchronized void pong(Received.Pong pong) {
    if (!over) {
      send(pong, 0);
    }
  }

  /** {@return the next event for the client, or null if none arrives in time} */
  @Nullable Received receive(long deadline) {
    Received content;
    Completion done;
    synchronized (this) {
      if (!await(deadline, () -> !toClient.isEmpty())) {
        return null;
      }
      Outgoing next = toClient.element();
      content = next.content;
      if (!(content instanceof Received.End)) {
        toClient.remove();
      }
      bytesToClient -= next.bytes;
      done = over ? null : pump();
    }
    if (done != null) {
      done.succeeded();
    }
    return content;
  }

  /** Waits with the monitor held. {@return whether the condition holds by the deadline} */
  private boolean await(long deadline, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      long left = deadline == FOREVER ? 0 : deadline - System.nanoTime();
      if (left < 0) {
        return false;
      }
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException("interrupted", interrupted));
      }
    }
    return true;
  }
}
