package dev.roomful.jetty;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ReadBuffers;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;

/** Upgrades connections to a {@link JettySocket}, below Jetty's WebSocket layer. */
class JettyBinding implements ServerBinding {
  private final ReadBuffers buffers = new ReadBuffers();

  @Override
  public void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws IOException {
    JettyUpgrade.run(request, response, AcceptedUpgrade.of(config, gateway, buffers));
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
