package dev.roomful.tomcat;

import dev.roomful.Limits;
import dev.roomful.transport.Connection;
import jakarta.websocket.Session;
import java.util.concurrent.atomic.AtomicReference;

/** The adapter's binding, which shows the connection of the last client. */
final class CapturingBinding extends TomcatBinding {
  private final AtomicReference<Connection> opened;

  CapturingBinding(AtomicReference<Connection> opened) {
    this.opened = opened;
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    opened.set(super.connection(session, limits));
    return opened.get();
  }
}
