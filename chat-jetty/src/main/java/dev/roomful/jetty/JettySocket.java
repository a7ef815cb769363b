package dev.roomful.jetty;

import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ClientSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one client after the upgrade: an end point of Jetty's, which is a TCP connection
 * with or without TLS, or a stream of HTTP/2, where a batch is the content of DATA frames.
 *
 * <p>Jetty's selector thread reads, since nothing that is called from there blocks.
 */
final class JettySocket extends AbstractConnection implements Connection.UpgradeTo, ClientSocket {
  private final Scheduler scheduler;
  private final Runnable resetStream;
  private final ClientConnection client;
  private final Callback fillable = new FillableCallback();
  private final @Nullable SocketChannel channel; // null with TLS and over HTTP/2
  private @Nullable ByteBuffer cameWithHandshake; // used by the thread that reads
  private @Nullable Write incomplete; // used by one thread at a time, the one that writes
  private volatile Scheduler.@Nullable Task timer;

  /**
   * Creates the socket of an upgrade that has not been opened.
   *
   * @param resetStream ends a stream of HTTP/2 at once; has no effect for a TCP connection
   * @param client creates what reads and writes frames on this socket
   */
  JettySocket(
      EndPoint endPoint,
      Executor executor,
      Scheduler scheduler,
      Runnable resetStream,
      Function<ClientSocket, ClientConnection> client) {
    super(endPoint, executor);
    this.channel = endPoint instanceof SocketChannelEndPoint plain ? plain.getChannel() : null;
    this.scheduler = scheduler;
    this.resetStream = resetStream;
    this.client = client.apply(this);
  }

  @Override
  public void onUpgradeTo(ByteBuffer rest) {
    cameWithHandshake = rest;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(0); // The chat detects dead and stalled clients itself.
    if (client.start()) {
      onFillable();
    }
  }

  @Override
  public void onFillable() {
    switch (client.onReadable()) {
      case READ -> fillInterested(fillable);
      case PAUSE -> {}
      case CLOSE -> close();
    }
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    Scheduler.Task started = timer;
    if (started != null) {
      started.cancel();
    }
    client.onSocketClosed();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    ByteBuffer rest = cameWithHandshake;
    if (rest != null && rest.hasRemaining()) {
      int length = Math.min(rest.remaining(), target.remaining());
      target.put(rest.slice(rest.position(), length));
      rest.position(rest.position() + length);
      return length;
    }
    cameWithHandshake = null;
    target.limit(target.position()); // Jetty appends at the limit.
    int read = getEndPoint().fill(target);
    target.position(target.limit()).limit(target.capacity());
    return read;
  }

  @Override
  public boolean readsAll() {
    return channel != null;
  }

  @Override
  public boolean readsWithoutLock() {
    return true;
  }

  @Override
  public boolean write(ByteBuffer source) throws IOException {
    Write write = incomplete;
    if (write == null) {
      if (channel != null) {
        channel.write(source); // without what Jetty does for each of its writes
        if (!source.hasRemaining()) {
          return true;
        }
      }
      write = new Write();
      getEndPoint().write(write, source);
    }
    incomplete = write.isComplete() ? null : write;
    return incomplete == null;
  }

  /** Does nothing: the write that is in flight calls back. */
  @Override
  public void awaitWritable() {}

  @Override
  public void readLater() {
    getExecutor().execute(this::onFillable);
  }

  @Override
  public void endOutput() {
    getEndPoint().shutdownOutput();
  }

  @Override
  public void abort() {
    resetStream.run();
    close();
  }

  @Override
  public void abortAfter(Duration time) {
    timer = scheduler.schedule(client::abort, time.toMillis(), TimeUnit.MILLISECONDS);
    if (!getEndPoint().isOpen()) {
      timer.cancel();
    }
  }

  /** One write of Jetty's, which is complete within the call unless the socket is full. */
  private final class Write implements Callback {
    private boolean ended; // guarded by this, as are the next two
    private @Nullable Throwable failure;
    private boolean waiting;

    /** {@return whether all bytes were written; the callback reports it later otherwise} */
    synchronized boolean isComplete() throws IOException {
      if (failure instanceof IOException lost) {
        throw lost;
      }
      if (failure != null) {
        throw new IOException("Jetty could not write", failure);
      }
      waiting = !ended;
      return ended;
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void succeeded() {
      end(null);
    }

    @Override
    public void failed(Throwable cause) {
      end(cause);
    }

    private void end(@Nullable Throwable cause) {
      boolean notify;
      synchronized (this) {
        ended = true;
        failure = cause;
        notify = waiting;
      }
      if (notify) {
        client.onWritable();
      }
    }
  }

  private final class FillableCallback implements Callback {
    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void succeeded() {
      onFillable();
    }

    @Override
    public void failed(Throwable cause) {
      onFillInterestedFailed(cause);
    }
  }
}
