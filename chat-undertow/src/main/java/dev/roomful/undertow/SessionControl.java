package dev.roomful.undertow;

import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.jsr.UndertowSession;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Controls one of Undertow's sessions. */
final class SessionControl implements ConnectionControl {
  private final UndertowSession session;
  private final WebSocketChannel channel;
  private final Duration closeTimeout;
  private final WriteFailures failures;

  SessionControl(UndertowSession session, Duration closeTimeout, WriteFailures failures) {
    this.session = session;
    this.channel = session.getWebSocketChannel();
    this.closeTimeout = closeTimeout;
    this.failures = failures;
  }

  @Override
  public void suspendReading() {
    channel.suspendReceives();
  }

  @Override
  public void resumeReading() {
    channel.resumeReceives();
  }

  /**
   * Undertow leaves the socket of a closed session open until the client closes it, or for ever.
   */
  @Override
  public void closeReceived() {
    try {
      channel
          .getIoThread()
          .executeAfter(session::forceClose, closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // The server has stopped and closes its sockets itself; the chat must still be told.
    }
  }

  @Override
  public void closeDelivered() {
    failures.closeDelivered();
  }
}
