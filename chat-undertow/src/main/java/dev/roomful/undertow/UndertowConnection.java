package dev.roomful.undertow;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version07.WebSocket07Channel;
import io.undertow.websockets.jsr.UndertowSession;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole batches of shared bytes: through a gate straight to the socket, or where there is
 * none, through Undertow's own queue.
 */
final class UndertowConnection implements Connection {
  private static final System.Logger LOG = System.getLogger("dev.roomful.undertow");

  private final UndertowSession session;
  private final WebSocket07Channel channel;
  private final @Nullable BatchConduit batchConduit;

  UndertowConnection(UndertowSession session, @Nullable BatchConduit batchConduit) {
    this.session = session;
    this.batchConduit = batchConduit;
    // Every version of the protocol that browsers speak is a subclass of this one.
    this.channel = (WebSocket07Channel) session.getWebSocketChannel();
  }

  /** Whether batches go past Undertow's queue. */
  boolean usesBatchConduit() {
    return batchConduit != null;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    ByteBuffer wire = batch.wire();
    if (batchConduit != null) {
      batchConduit.write(wire, completion);
      return;
    }
    try {
      // There it is written within the call; from another thread Undertow would queue it twice.
      channel.getIoThread().execute(() -> WireSink.write(channel, wire, completion));
    } catch (RejectedExecutionException stopped) {
      completion.failed(stopped);
    }
  }

  @Override
  public void ping(Completion completion) {
    WebSockets.sendPing(ByteBuffer.allocate(0), channel, new OnceCallback(completion));
  }

  /**
   * Not by {@code session.close}, which calls the session closed at once, while the socket stays
   * open for as long as the client likes. What the client does then is the chat's to wait for.
   */
  @Override
  public void close(int code, String reason) {
    WebSockets.sendClose(code, reason, channel, new OnceCallback(new LoggingCompletion()));
  }

  @Override
  public void abort() {
    session.forceClose();
  }

  /**
   * A close frame that comes too late, because the client's was there first or the socket is gone.
   */
  private static final class LoggingCompletion implements Completion {
    @Override
    public void succeeded() {}

    @Override
    public void failed(Throwable cause) {
      LOG.log(Level.DEBUG, "no close frame was sent", cause);
    }
  }
}
