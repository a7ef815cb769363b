package dev.roomful.undertow;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ClientSocket;
import io.undertow.conduits.IdleTimeoutConduit;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.ServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;

/**
 * The socket of one client after the upgrade: a connection of XNIO, with or without TLS. Its I/O
 * thread reads.
 *
 * <p>Batches are written on the caller's thread where the layers below allow any thread. They do
 * not over TLS, nor with a write timeout: then the I/O thread writes.
 */
final class UndertowSocket implements ClientSocket {
  private static final FailureLog LOG = new FailureLog("dev.roomful.undertow");

  /** Stateless, hence usable on any thread. */
  private static final Set<String> THREAD_SAFE_CONDUITS =
      Set.of("org.xnio.nio.NioSocketConduit", "io.undertow.conduits.BytesSentStreamSinkConduit");

  private final StreamConnection connection;
  private final ConduitStreamSourceChannel source;
  private final ConduitStreamSinkChannel sink;
  private final XnioIoThread ioThread;
  private final boolean plain; // no layer of TLS
  private final @Nullable StreamSinkConduit writableByAll; // null unless any thread may write
  private final ClientConnection client;
  private boolean reading; // used by the I/O thread only
  private boolean waitsForIoThread; // used by one thread at a time, the one that writes
  private volatile XnioExecutor.@Nullable Key timer;

  /**
   * Creates the socket of an upgraded connection.
   *
   * @param connection the connection, of which nothing was read since the handshake
   * @param server the same connection, as Undertow serves it
   * @param client creates what reads and writes frames on this socket
   */
  UndertowSocket(
      StreamConnection connection,
      ServerConnection server,
      Function<ClientSocket, ClientConnection> client) {
    this.connection = connection;
    this.source = connection.getSourceChannel();
    this.sink = connection.getSinkChannel();
    this.ioThread = connection.getIoThread();
    if (sink.getConduit() instanceof IdleTimeoutConduit idle) {
      idle.setIdleTimeout(-1); // The chat detects dead and stalled clients itself.
    }
    this.plain = "org.xnio.nio.NioSocketStreamConnection".equals(connection.getClass().getName());
    this.writableByAll = plain ? writableByAll(connection, server) : null;
    this.client = client.apply(this);
  }

  private static @Nullable StreamSinkConduit writableByAll(
      StreamConnection connection, ServerConnection server) {
    return server instanceof AbstractServerConnection known
            && THREAD_SAFE_CONDUITS.contains(known.getOriginalSinkConduit().getClass().getName())
            && (connection.getSinkChannel().getConduit() == known.getOriginalSinkConduit()
                || connection.getSinkChannel().getConduit() instanceof IdleTimeoutConduit)
        ? known.getOriginalSinkConduit()
        : null;
  }

  /** {@return whether batches go to the socket on the thread of the write loop} */
  boolean writesOnAnyThread() {
    return writableByAll != null;
  }

  /** {@return the thread that reads} */
  XnioIoThread ioThread() {
    return ioThread;
  }

  /** Begins to read. Called on any thread, once. */
  void open(ServerConnection server) {
    server.addCloseListener(closed -> onClosed());
    sink.setWriteListener(
        channel -> {
          channel.suspendWrites();
          client.onWritable();
        });
    source.setReadListener(channel -> onReadable());
    if (client.start()) {
      readLater();
    }
    if (!connection.isOpen()) {
      onClosed(); // The listener may have come too late.
    }
  }

  private void onReadable() {
    switch (client.onReadable()) {
      case READ -> setReading(true);
      case PAUSE -> setReading(false);
      case CLOSE -> close();
    }
  }

  private void setReading(boolean wanted) {
    if (reading != wanted) {
      reading = wanted;
      if (wanted) {
        source.resumeReads();
      } else {
        source.suspendReads();
      }
    }
  }

  private void onClosed() {
    XnioExecutor.Key started = timer;
    if (started != null) {
      started.remove();
    }
    client.onSocketClosed();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return source.read(target);
  }

  @Override
  public boolean readsAll() {
    return plain;
  }

  @Override
  public boolean readsWithoutLock() {
    return true;
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    if (writableByAll != null) {
      writableByAll.write(bytes);
      return !bytes.hasRemaining();
    }
    waitsForIoThread = Thread.currentThread() != ioThread;
    if (waitsForIoThread) {
      return false;
    }
    while (bytes.hasRemaining() && sink.write(bytes) > 0) {
      // Until the socket is full: a layer such as TLS takes a part at a time.
    }
    return !bytes.hasRemaining() && sink.flush();
  }

  @Override
  public void awaitWritable() {
    if (!waitsForIoThread) {
      sink.resumeWrites();
      return;
    }
    runOnIoThread(client::onWritable);
  }

  @Override
  public void readLater() {
    runOnIoThread(this::onReadable);
  }

  private void runOnIoThread(Runnable task) {
    try {
      ioThread.execute(task);
    } catch (RejectedExecutionException stopped) {
      abort(); // The server has stopped, and closes its sockets.
    }
  }

  @Override
  public void endOutput() throws IOException {
    sink.shutdownWrites();
    sink.flush();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException | RejectedExecutionException failure) { // or the server has stopped
      LOG.debug(() -> "Closing a socket failed", failure);
    }
  }

  @Override
  public void abort() {
    close();
  }

  @Override
  public void abortAfter(Duration time) {
    try {
      XnioExecutor.Key started =
          ioThread.executeAfter(client::abort, time.toMillis(), TimeUnit.MILLISECONDS);
      timer = started;
      if (!connection.isOpen()) {
        started.remove(); // It would keep the connection in memory.
      }
    } catch (RejectedExecutionException stopped) {
      abort(); // The server has stopped, and closes its sockets.
    }
  }
}
