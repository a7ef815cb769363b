package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.websocket.Session;

/** Uses nothing but the Jakarta API. */
final class PlainBinding implements ServerBinding {
  @Override
  public Connection connection(Session session, Limits limits) {
    return SessionConnection.of(session, limits);
  }

  /** Containers read nothing, and answer no pings, before a message handler returns. */
  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    return gateway.mayBlock()
        ? new ExecutorReceiver(receiver, gateway.callbackExecutor())
        : receiver;
  }
}
