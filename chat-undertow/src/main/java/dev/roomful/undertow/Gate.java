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
final class Gate extends AbstractStreamSinkConduit<StreamSinkConduit> {
  /** What may be between a gate and the socket: stateless, hence for any thread. Not TLS. */
  private static final Set<String> THREAD_SAFE =
      Set.of("org.xnio.nio.NioSocketConduit", "io.undertow.conduits.BytesSentStreamSinkConduit");

  private final WebSocketChannel channel;
  private final WriteReadyHandler undertow;

  // What is left of the batch in flight; guarded by this, as all below.
  private @Nullable ByteBuffer rest;
  private @Nullable Completion completion;
  private boolean inUndertowsFrame;
  private boolean shut; // nothing can be written any more
  private boolean gone; // nor read

  private Gate(
      StreamSinkConduit next, WebSocketChannel channel, ConduitStreamSinkChannel sinkChannel) {
    super(next);
    this.channel = channel;
    this.undertow = new WriteReadyHandler.ChannelListenerHandler<>(sinkChannel);
  }

  /**
   * Where a gate can stand, seen from the request of the handshake, since a session does not show
   * it any more.
   *
   * @return null if something is there that only the IO thread may use, such as TLS
   */
  static @Nullable ConduitStreamSinkChannel place(ServerConnection connection) {
    return connection instanceof AbstractServerConnection server
            && "org.xnio.nio.NioSocketStreamConnection"
                .equals(server.getChannel().getClass().getName())
            && THREAD_SAFE.contains(server.getOriginalSinkConduit().getClass().getName())
        ? server.getChannel().getSinkChannel()
        : null;
  }

  /**
   * Sets a gate, before anything is sent on the channel.
   *
   * @return null if the channel is not as expected, or has agreed on an extension
   */
  static @Nullable Gate set(ConduitStreamSinkChannel place, WebSocketChannel channel) {
    StreamSinkConduit next = place.getConduit();
    if (!(next instanceof IdleTimeoutConduit)
        || channel.getExtensionFunction() != NoopExtensionFunction.INSTANCE) {
      return null;
    }
    Gate gate = new Gate(next, channel, place);
    next.setWriteReadyHandler(gate.new Ready());
    place.setConduit(gate);
    channel.addCloseTask(closed -> gate.gone());
    if (!channel.isOpen()) {
      gate.gone(); // the task may have come too late
    }
    return gate;
  }

  /** Writes a batch; does not block, completes at once if the socket takes all of it. */
  void write(ByteBuffer wire, Completion whenWritten) {
    Exception failure = null;
    synchronized (this) {
      if (gone || (shut && !channel.isCloseFrameSent())) {
        failure = new ClosedChannelException();
      } else {
        rest = wire;
        completion = whenWritten;
        try {
          if (!advance()) {
            next.resumeWrites();
            return;
          }
        } catch (IOException | RuntimeException broken) {
          failure = broken;
        }
        rest = null;
        completion = null;
      }
    }
    if (failure == null) {
      whenWritten.succeeded();
    } else {
      whenWritten.failed(failure);
    }
  }

  /**
   * Writes what can be written of the batch.
   *
   * @return true if nothing is left of it
   */
  private boolean advance() throws IOException {
    ByteBuffer batch = rest;
    if (batch == null) {
      return true;
    }
    if (inUndertowsFrame || waitsForTheEnd()) {
      return false;
    }
    next.write(batch);
    return !batch.hasRemaining();
  }

  /** Undertow's frames: not into the middle of a batch. */
  @Override
  public synchronized long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (rest != null && rest.position() > 0) {
      return 0;
    }
    long written = next.write(srcs, offset, length);
    // Undertow brings all that it has to write, at first and again until nothing remains.
    inUndertowsFrame =
        (inUndertowsFrame || written > 0) && Buffers.hasRemaining(srcs, offset, length);
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
    if (rest == null || waitsForTheEnd()) {
      next.suspendWrites();
    }
  }

  /**
   * A batch behind the close frame. It fails with the whole connection, which follows soon; if it
   * did at once, the chat might hear of a failure before it hears how the client closed.
   */
  private boolean waitsForTheEnd() {
    return rest != null && rest.position() == 0 && channel.isCloseFrameSent();
  }

  private synchronized @Nullable Completion take() {
    Completion taken = completion;
    rest = null;
    completion = null;
    return taken;
  }

  private void shut() {
    Completion cut;
    synchronized (this) {
      shut = true;
      cut = waitsForTheEnd() ? null : take();
    }
    if (cut != null) {
      cut.failed(new ClosedChannelException());
    }
  }

  private void gone() {
    Completion cut;
    synchronized (this) {
      gone = true;
      cut = take();
    }
    if (cut != null) {
      cut.failed(new ClosedChannelException());
    }
  }

  /** What the socket has to tell, on the IO thread; its end on any thread. */
  private final class Ready implements WriteReadyHandler {
    @Override
    public void writeReady() {
      Completion done = null;
      Exception failure = null;
      synchronized (Gate.this) {
        try {
          if (advance()) {
            done = take();
          } else if (rest != null && rest.position() > 0) {
            return; // the socket is full again
          }
        } catch (IOException | RuntimeException broken) {
          failure = broken;
          done = take();
        }
      }
      // Before the completion, with which the next batch may come: it would go first, and so on.
      undertow.writeReady();
      if (done == null) {
        return;
      }
      if (failure == null) {
        done.succeeded();
      } else {
        done.failed(failure);
      }
    }

    @Override
    public void terminated() {
      shut();
      undertow.terminated();
    }

    @Override
    public void forceTermination() {
      shut();
      undertow.forceTermination();
    }
  }
}
