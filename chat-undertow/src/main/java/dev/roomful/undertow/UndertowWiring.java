package dev.roomful.undertow;

import dev.roomful.Limits;
import dev.roomful.jakarta.Wiring;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.jsr.UndertowSession;
import jakarta.websocket.Session;
import java.util.concurrent.TimeUnit;

/** Writes and reads below the Jakarta API, on Undertow's channel. */
final class UndertowWiring implements Wiring {
  @Override
  public Connection connection(Session session, Limits limits) {
    return new UndertowConnection((UndertowSession) session);
  }

  /** Undertow calls on the thread that reads for many connections, which must never wait. */
  @Override
  public Receiver receiver(Session session, Receiver receiver, Limits limits) {
    UndertowSession undertow = (UndertowSession) session;
    WebSocketChannel channel = undertow.getWebSocketChannel();
    long patience = limits.closeTimeout().toMillis();
    return new Inbound(
        receiver,
        channel.getWorker(),
        channel::suspendReceives,
        channel::resumeReceives,
        // Undertow leaves the socket of a closed session open until the client closes it, or never.
        () ->
            channel
                .getIoThread()
                .executeAfter(undertow::forceClose, patience, TimeUnit.MILLISECONDS));
  }
}
