package dev.roomful.undertow;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ApplicationScope;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ReadBuffers;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Upgrades connections to an {@link UndertowSocket}, below Undertow's WebSocket layer. */
class UndertowBinding implements ServerBinding {
  private final ReadBuffers buffers = new ReadBuffers();
  private volatile @Nullable ApplicationScope scope;

  @Override
  public void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway) {
    ApplicationScope current = ApplicationScope.current(scope, gateway);
    scope = current;
    new UndertowUpgrade(AcceptedUpgrade.of(config, gateway, buffers), current)
        .run(request, response);
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    return ClientConnection.of(session).output();
  }

  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    return ClientConnection.of(session).receiveWith(receiver);
  }
}
