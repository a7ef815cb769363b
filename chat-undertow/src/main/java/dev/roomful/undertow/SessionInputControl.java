package dev.roomful.undertow;

import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.jsr.UndertowSession;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioExecutor;

/** Controls one of Undertow's sessions. */
final class SessionInputControl implements InputControl {
  private final UndertowSession session;
  private final WebSocketChannel channel;
  private final Duration closeTimeout;
  private final WriteFailureReporter failures;

  SessionInputControl(
      UndertowSession session, Duration closeTimeout, WriteFailureReporter failures) {
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
   * Closes the socket after a time, because Undertow leaves the socket of a closed session open
   * until the client closes it. The timer ends with the socket: it would keep the whole connection
   * in memory.
   */
  @Override
  public void closeReceived() {
    if (!channel.isOpen()) {
      return;
    }
    XnioExecutor.Key timer;
    try {
      timer =
          channel
              .getIoThread()
              .executeAfter(session::forceClose, closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      return; // The server has stopped and closes its sockets itself.
    }
    channel.addCloseTask(closed -> timer.remove());
    if (!channel.isOpen()) {
      timer.remove(); // The task may have come too late.
    }
  }

  @Override
  public void closeDelivered() {
    failures.closeDelivered();
  }
}
