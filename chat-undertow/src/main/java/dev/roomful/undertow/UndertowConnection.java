package dev.roomful.undertow;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version07.WebSocket07Channel;
import io.undertow.websockets.jsr.UndertowSession;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole batches of shared bytes: straight to the socket through a {@link BatchConduit}, or
 * through Undertow's queue on a connection that has none.
 */
final class UndertowConnection implements Connection {
  private static final FailureLog LOG = new FailureLog("dev.roomful.undertow");

  private final UndertowSession session;
  private final WebSocket07Channel channel;
  private final @Nullable BatchConduit batchConduit;
  private final WriteFailureReporter failures;

  UndertowConnection(
      UndertowSession session, @Nullable BatchConduit batchConduit, WriteFailureReporter failures) {
    this.session = session;
    this.batchConduit = batchConduit;
    this.failures = failures;
    // The channels of all protocol versions that browsers use are subclasses of this one.
    this.channel = (WebSocket07Channel) session.getWebSocketChannel();
  }

  /** {@return whether batches bypass Undertow's queue} */
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
      // The IO thread writes within the call; from other threads Undertow would queue it twice.
      channel
          .getIoThread()
          .execute(() -> BatchFrameSink.write(channel, wire, completion, failures));
    } catch (RejectedExecutionException stopped) {
      failures.report(completion, stopped);
    }
  }

  @Override
  public void ping(Completion completion) {
    WebSockets.sendPing(
        ByteBuffer.allocate(0), channel, new FirstOutcomeCallback(completion, failures));
  }

  /**
   * Sends a close frame on the channel. {@code session.close} would report the session as closed at
   * once, although the socket stays open for as long as the client likes. The chat waits for the
   * client's answer.
   */
  @Override
  public void close(int code, String reason) {
    WebSockets.sendClose(
        code, reason, channel, new FirstOutcomeCallback(new LoggingCompletion(), failures));
  }

  @Override
  public void abort() {
    session.forceClose();
  }

  /**
   * Logs a close frame that could not be sent, because the client sent one first or is not
   * connected any more.
   */
  private static final class LoggingCompletion implements Completion {
    @Override
    public void succeeded() {}

    @Override
    public void failed(Throwable cause) {
      LOG.debug(() -> "Sent no close frame", cause);
    }
  }
}
