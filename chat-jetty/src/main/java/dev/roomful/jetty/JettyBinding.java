package dev.roomful.jetty;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
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
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.server.FrameHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates connections that are written in batches, below the Jakarta API. If this version of Jetty
 * does not allow that, frames go one by one to Jetty's core session, and Jetty does not read while
 * a handler runs.
 */
final class JettyBinding implements ServerBinding {
  private static final System.Logger LOG = System.getLogger("dev.roomful.jetty");

  private final boolean batchingSupported;
  private volatile @Nullable FrameHandlerFactory frameHandlers;

  JettyBinding() {
    batchingSupported = BatchWriteCheck.passes();
    if (!batchingSupported) {
      LOG.log(
          Level.WARNING,
          "This version of Jetty does not write batches as expected; frames are written one by one,"
              + " and pings are not answered while a handler runs. Use Jetty 12.1.");
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
          .run(request, response, jettyContainer.getWebSocketComponents());
    } else {
      ServerBinding.super.upgrade(container, request, response, config, parameters, gateway);
    }
  }

  /** {@return the factory for the chat's only context, cached because it looks up methods} */
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

  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    if (((JakartaWebSocketSession) session).getCoreSession() instanceof WebSocketCoreSession core
        && core.getConnection() instanceof BatchConnection connection
        && core.getHandler() instanceof ControlFrameHandler handler) {
      QueuedReceiver queue = gateway.mayBlock() ? handler.queueFor(receiver, connection) : null;
      Receiver opened = queue == null ? receiver : queue;
      handler.open(opened, connection);
      connection.open(queue);
      return opened;
    }
    return receiver;
  }
}
