package dev.roomful.jetty;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.ee11.websocket.jakarta.server.JakartaWebSocketServerContainer;
import org.eclipse.jetty.ee11.websocket.jakarta.server.JakartaWebSocketServerFrameHandlerFactory;
import org.eclipse.jetty.websocket.core.server.FrameHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades to connections that are written in batches, below the Jakarta API; where this version of
 * Jetty does not allow that, frames go one by one to Jetty's core session.
 */
final class JettyBinding implements ServerBinding {
  private static final System.Logger LOG = System.getLogger("dev.roomful.jetty");

  private final boolean batchingSupported;
  private volatile @Nullable FrameHandlerFactory frameHandlers;

  JettyBinding() {
    batchingSupported = BatchCheck.passes();
    if (!batchingSupported) {
      LOG.log(
          Level.WARNING,
          "this version of Jetty does not write batches as expected; frames are written one by one");
    }
  }

  @Override
  public void upgrade(
      ServerContainer container,
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws IOException, DeploymentException {
    if (batchingSupported && container instanceof JakartaWebSocketServerContainer jettyContainer) {
      new JettyUpgrade(frameHandlers(jettyContainer), config)
          .run(request, response, jettyContainer.getWebSocketComponents(), gateway.mayBlock());
    } else {
      ServerBinding.super.upgrade(container, request, response, config, parameters, gateway);
    }
  }

  /**
   * Kept, since it knows the endpoint's methods; of the one context that the chat is mounted on.
   */
  private FrameHandlerFactory frameHandlers(JakartaWebSocketServerContainer container) {
    FrameHandlerFactory cached = frameHandlers;
    if (cached == null) {
      cached = new JakartaWebSocketServerFrameHandlerFactory(container);
      frameHandlers = cached;
    }
    return cached;
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    return new JettyConnection(((JakartaWebSocketSession) session).getCoreSession());
  }
}
