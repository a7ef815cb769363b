package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Uses nothing but the Jakarta API. In containers with servlets, handlers that may block run on the
 * chat's executor. In others they run on the container's thread, because Tyrus writes messages
 * behind its answer to a close frame if a handler runs meanwhile.
 */
final class PlainBinding implements ServerBinding {
  private final boolean usesExecutor; // then this is the binding of one connection
  private @Nullable SessionConnection connection;

  PlainBinding() {
    this(false);
  }

  private PlainBinding(boolean usesExecutor) {
    this.usesExecutor = usesExecutor;
  }

  @Override
  public ServerBinding forRequest(HttpServletRequest request) {
    return new PlainBinding(true);
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    SessionConnection created = SessionConnection.of(session, limits);
    connection = usesExecutor ? created : null;
    return created;
  }

  @Override
  public void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws ServletException, IOException {
    try {
      container(request)
          .upgradeHttpToWebSocket(SingleUpgradeRequest.of(request), response, config, parameters);
    } catch (DeploymentException failure) {
      throw new ServletException(failure);
    }
  }

  private static ServerContainer container(HttpServletRequest request) throws ServletException {
    if (request.getServletContext().getAttribute(ServerContainer.class.getName())
        instanceof ServerContainer found) {
      return found;
    }
    throw new ServletException(
        "this servlet context has no Jakarta WebSocket container: add the server's WebSocket"
            + " module, or switch it on for this context");
  }

  /** Containers read nothing, and answer no pings, before a message handler returns. */
  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    SessionConnection output = connection;
    if (output == null || !gateway.mayBlock()) {
      return receiver;
    }
    ExecutorReceiver input =
        new ExecutorReceiver(receiver, gateway.callbackExecutor(), output::inputEnded);
    output.holdFailures(input::afterMessages);
    return input;
  }
}
