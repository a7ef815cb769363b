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
 * Lets batches to the socket on the thread that brings them, between Undertow's own frames: pongs,
 * pings and the close frame. Neither is begun before the other has gone whole; nothing is written
 * behind the close frame. One batch at a time, and each is completed once, with no lock held.
 *
 * <p>Undertow writes on the connection's IO thread only, and takes "nothing written" for a full
 * socket: it comes again when the socket, or this gate, says so.
 */
final class BatchConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {
  /** What may be between a gate and the socket: stateless, hence for any thread. Not TLS. */
  private static final Set<String> THREAD_SAFE_CONDUITS =
      Set.of("org.xnio.nio.NioSocketConduit", "io.undertow.conduits.BytesSentStreamSinkConduit");

  private final WebSocketChannel channel;
  private final WriteReadyHandler undertowHandler;
  private final WriteFailures failures;

  // What is left of the batch in flight; guarded by this, as all below.
  private @Nullable ByteBuffer remainingBatch;
  private @Nullable Completion completion;
  private boolean undertowFrameInProgress;
  private boolean writesShutDown; // nothing can be written any more
  private boolean channelClosed; // nor read

  private BatchConduit(
      StreamSinkConduit next,
      WebSocketChannel channel,
      ConduitStreamSinkChannel sinkChannel,
      WriteFailures failures) {
    super(next);
    this.channel = channel;
    this.failures = failures;
    this.undertowHandler = new WriteReadyHandler.ChannelListenerHandler<>(sinkChannel);
  }

  /**
   * Where a gate can stand, seen from the request of the handshake, since a session does not show
   * it any more.
   *
   * @return null if something is there that only the IO thread may use, such as TLS
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
   * Sets a gate, before anything is sent on the channel.
   *
   * @return null if the channel is not as expected, or has agreed on an extension
   */
  static @Nullable BatchConduit install(
      ConduitStreamSinkChannel sinkChannel, WebSocketChannel channel, WriteFailures failures) {
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
      conduit.onChannelClosed(); // the task may have come too late
    }
    return conduit;
  }

  /** Writes a batch; does not block, completes at once if the socket takes all of it. */
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
   * Writes what can be written of the batch.
   *
   * @return true if nothing is left of it
   */
  private boolean advance() throws IOException {
    ByteBuffer batch = remainingBatch;
    if (batch == null) {
      return true;
    }
    if (undertowFrameInProgress || isBehindCloseFrame()) {
      return false;
    }
    next.write(batch);
    return !batch.hasRemaining();
  }

  /** Undertow's frames: not into the middle of a batch. */
  @Override
  public synchronized long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (remainingBatch != null && remainingBatch.position() > 0) {
      return 0;
    }
    long written = next.write(srcs, offset, length);
    // Undertow brings all that it has to write, at first and again until nothing remains.
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
    if (remainingBatch == null || isBehindCloseFrame()) {
      next.suspendWrites();
    }
  }

  /**
   * A batch behind the close frame. It fails with the whole connection, which follows soon; if it
   * did at once, the chat might hear of a failure before it hears how the client closed.
   */
  private boolean isBehindCloseFrame() {
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
      pending = isBehindCloseFrame() ? null : takeCompletion();
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

  /** What the socket has to tell, on the IO thread; its end on any thread. */
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
            return; // the socket is full again
          }
        } catch (IOException | RuntimeException broken) {
          failure = broken;
          done = takeCompletion();
        }
      }
      // Before the completion, with which the next batch may come: it would go first, and so on.
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
