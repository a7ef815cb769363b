package dev.roomful.tomcat;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ApplicationScope;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ReadBuffers;
import dev.roomful.jakarta.frames.WebSocketHandshake;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades connections to a handler of this adapter, below Tomcat's WebSocket layer. That layer
 * writes one frame at a time, answers pings with a write that blocks, and has no abort.
 */
class TomcatBinding implements ServerBinding {
  private static final System.Logger LOG = System.getLogger("dev.roomful.tomcat");

  private final ReadBuffers buffers = new ReadBuffers();
  private final ReadLoops readLoops = new ReadLoops();
  private volatile @Nullable ApplicationScope scope;

  TomcatBinding() {}

  /** {@return this binding, or that of any Jakarta container if Tomcat is not as expected} */
  static ServerBinding choose(boolean tomcatIsAsExpected) {
    if (tomcatIsAsExpected) {
      return new TomcatBinding();
    }
    LOG.log(
        Level.WARNING,
        "This version of Tomcat has another upgrade SPI than expected; frames are written one by"
            + " one with the Jakarta API, and a client that does not read is closed late. Use"
            + " Tomcat 11.0 or 10.1.");
    return ServerBinding.plain();
  }

  @Override
  public void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws ServletException, IOException {
    WebSocketHandshake.accept(request, response, config);
    ApplicationScope current = ApplicationScope.current(scope, gateway);
    scope = current;
    request
        .upgrade(TomcatUpgradeHandler.class)
        .prepare(AcceptedUpgrade.of(config, gateway, buffers), current, readLoops.next());
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
