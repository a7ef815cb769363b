package dev.roomful.undertow;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version07.WebSocket07Channel;
import io.undertow.websockets.jsr.UndertowSession;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;

/** Writes whole batches of shared bytes to Undertow's channel. */
final class UndertowConnection implements Connection {
  private static final System.Logger LOG = System.getLogger("dev.roomful.undertow");

  private final UndertowSession session;
  private final WebSocket07Channel channel;

  UndertowConnection(UndertowSession session) {
    this.session = session;
    // Every version of the protocol that browsers speak is a subclass of this one.
    this.channel = (WebSocket07Channel) session.getWebSocketChannel();
  }

  @Override
  public void write(Batch batch, Completion completion) {
    WireSink.write(channel, batch.wire(), completion);
  }

  @Override
  public void ping(Completion completion) {
    WebSockets.sendPing(ByteBuffer.allocate(0), channel, new Once(completion));
  }

  /**
   * Not by {@code session.close}, which calls the session closed at once, while the socket stays
   * open for as long as the client likes. What the client does then is the chat's to wait for.
   */
  @Override
  public void close(int code, String reason) {
    WebSockets.sendClose(code, reason, channel, new Once(new Logged()));
  }

  @Override
  public void abort() {
    session.forceClose();
  }

  /**
   * A close frame that comes too late, because the client's was there first or the socket is gone.
   */
  private static final class Logged implements Completion {
    @Override
    public void succeeded() {}

    @Override
    public void failed(Throwable cause) {
      LOG.log(Level.DEBUG, "no close frame was sent", cause);
    }
  }
}
