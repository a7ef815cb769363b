package dev.roomful.undertow;

import dev.roomful.transport.Completion;
import io.undertow.conduits.IdleTimeoutConduit;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.ServerConnection;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.extensions.NoopExtensionFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xnio.Buffers;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;

/**
 * A conduit above the socket through which batches bypass Undertow's queue. A batch is written on
 * the caller's thread, between Undertow's own frames: pongs, pings and the close frame. A batch
 * does not start within one of these, nor one of these within a batch; nothing is written after the
 * close frame. There is one batch at a time, and each is completed once, with no lock held.
 *
 * <p>Undertow writes on the connection's IO thread only. To it, "nothing written" means that the
 * socket is full: it tries again when it is notified by the socket or by this conduit.
 */
final class BatchConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {
  /** The conduits that may be below this one: stateless, hence usable on any thread. Not TLS. */
  private static final Set<String> THREAD_SAFE_CONDUITS =
      Set.of("org.xnio.nio.NioSocketConduit", "io.undertow.conduits.BytesSentStreamSinkConduit");

  private final WebSocketChannel channel;
  private final WriteReadyHandler undertowHandler;
  private final WriteFailureReporter failures;

  // The rest of the batch in flight; guarded by this, as are all below.
  private @Nullable ByteBuffer remainingBatch;
  private @Nullable Completion completion;
  private boolean undertowFrameInProgress;
  private boolean writesShutDown;
  private boolean channelClosed; // both directions

  private BatchConduit(
      StreamSinkConduit next,
      WebSocketChannel channel,
      ConduitStreamSinkChannel sinkChannel,
      WriteFailureReporter failures) {
    super(next);
    this.channel = channel;
    this.failures = failures;
    this.undertowHandler = new WriteReadyHandler.ChannelListenerHandler<>(sinkChannel);
  }

  /**
   * Returns the channel to install a conduit on. Only the connection of the handshake's request
   * gives access to it, the later session does not.
   *
   * @return null if there is a conduit that only the IO thread may use, such as TLS
   */
  static @Nullable ConduitStreamSinkChannel sinkChannelOf(ServerConnection connection) {
    return connection instanceof AbstractServerConnection server
            && "org.xnio.nio.NioSocketStreamConnection"
                .equals(server.getChannel().getClass().getName())
            && THREAD_SAFE_CONDUITS.contains(server.getOriginalSinkConduit().getClass().getName())
        ? server.getChannel().getSinkChannel()
        : null;
  }

  /**
   * Installs a conduit, before anything is sent on the channel.
   *
   * @return null if the channel has other conduits than expected or a WebSocket extension
   */
  static @Nullable BatchConduit install(
      ConduitStreamSinkChannel sinkChannel,
      WebSocketChannel channel,
      WriteFailureReporter failures) {
    StreamSinkConduit next = sinkChannel.getConduit();
    if (!(next instanceof IdleTimeoutConduit)
        || channel.getExtensionFunction() != NoopExtensionFunction.INSTANCE) {
      return null;
    }
    BatchConduit conduit = new BatchConduit(next, channel, sinkChannel, failures);
    next.setWriteReadyHandler(conduit.new SocketReadyHandler());
    sinkChannel.setConduit(conduit);
    channel.addCloseTask(closed -> conduit.onChannelClosed());
    if (!channel.isOpen()) {
      conduit.onChannelClosed(); // The task may have come too late.
    }
    return conduit;
  }

  /** Writes a batch without blocking; completes at once if the socket takes all of it. */
  void write(ByteBuffer wire, Completion whenWritten) {
    Exception failure = null;
    synchronized (this) {
      if (channelClosed || (writesShutDown && !channel.isCloseFrameSent())) {
        failure = new ClosedChannelException();
      } else {
        remainingBatch = wire;
        completion = whenWritten;
        try {
          if (!advance()) {
            next.resumeWrites();
            return;
          }
        } catch (IOException | RuntimeException broken) {
          failure = broken;
        }
        remainingBatch = null;
        completion = null;
      }
    }
    if (failure == null) {
      whenWritten.succeeded();
    } else {
      failures.report(whenWritten, failure);
    }
  }

  /**
   * Writes as much of the batch as the socket takes.
   *
   * @return true if nothing of it remains
   */
  private boolean advance() throws IOException {
    ByteBuffer batch = remainingBatch;
    if (batch == null) {
      return true;
    }
    if (undertowFrameInProgress || isAfterCloseFrame()) {
      return false;
    }
    next.write(batch);
    return !batch.hasRemaining();
  }

  /** Writes frames of Undertow, unless a batch is partly written. */
  @Override
  public synchronized long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (remainingBatch != null && remainingBatch.position() > 0) {
      return 0;
    }
    long written = next.write(srcs, offset, length);
    // Undertow passes everything that it has to write, and again until nothing remains.
    undertowFrameInProgress =
        (undertowFrameInProgress || written > 0) && Buffers.hasRemaining(srcs, offset, length);
    return written;
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    return (int) write(new ByteBuffer[] {src}, 0, 1);
  }

  @Override
  public int writeFinal(ByteBuffer src) throws IOException {
    return Conduits.writeFinalBasic(this, src);
  }

  @Override
  public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return Conduits.writeFinalBasic(this, srcs, offset, length);
  }

  @Override
  public long transferFrom(FileChannel src, long position, long count) throws IOException {
    return src.transferTo(position, count, new ConduitWritableByteChannel(this));
  }

  @Override
  public long transferFrom(StreamSourceChannel source, long count, ByteBuffer throughBuffer)
      throws IOException {
    return Conduits.transfer(source, count, throughBuffer, this);
  }

  @Override
  public synchronized void suspendWrites() {
    if (remainingBatch == null || isAfterCloseFrame()) {
      next.suspendWrites();
    }
  }

  /**
   * Returns whether the batch comes after the close frame. Such a batch fails when the connection
   * ends, which follows soon.
   */
  private boolean isAfterCloseFrame() {
    return remainingBatch != null && remainingBatch.position() == 0 && channel.isCloseFrameSent();
  }

  private synchronized @Nullable Completion takeCompletion() {
    Completion taken = completion;
    remainingBatch = null;
    completion = null;
    return taken;
  }

  private void onWritesShutDown() {
    Completion pending;
    synchronized (this) {
      writesShutDown = true;
      pending = isAfterCloseFrame() ? null : takeCompletion();
    }
    if (pending != null) {
      failures.report(pending, new ClosedChannelException());
    }
  }

  private void onChannelClosed() {
    Completion pending;
    synchronized (this) {
      channelClosed = true;
      pending = takeCompletion();
    }
    if (pending != null) {
      failures.report(pending, new ClosedChannelException());
    }
  }

  /** Handles events of the socket: on the IO thread, its termination on any thread. */
  private final class SocketReadyHandler implements WriteReadyHandler {
    @Override
    public void writeReady() {
      Completion done = null;
      Exception failure = null;
      synchronized (BatchConduit.this) {
        try {
          if (advance()) {
            done = takeCompletion();
          } else if (remainingBatch != null && remainingBatch.position() > 0) {
            return; // The socket is full again.
          }
        } catch (IOException | RuntimeException broken) {
          failure = broken;
          done = takeCompletion();
        }
      }
      // Before the completion, which may bring the next batch: that would always go first.
      undertowHandler.writeReady();
      if (done == null) {
        return;
      }
      if (failure == null) {
        done.succeeded();
      } else {
        failures.report(done, failure);
      }
    }

    @Override
    public void terminated() {
      onWritesShutDown();
      undertowHandler.terminated();
    }

    @Override
    public void forceTermination() {
      onWritesShutDown();
      undertowHandler.forceTermination();
    }
  }
}
