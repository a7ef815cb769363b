package dev.roomful.jakarta;

import dev.roomful.Limits;
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
import java.util.Map;

/**
 * What an adapter knows of its server beyond the Jakarta API: a faster way to write, another way to
 * read. Asked for each connection, when it is upgraded and when it is opened.
 */
public interface ServerBinding {
  /**
   * The wiring of one connection, seen from the request of its handshake: for an adapter that needs
   * what a session does not show any more. Called behind the doorman, before the upgrade; not where
   * there are no servlets.
   *
   * @param request the request
   * @return what is asked when the connection is opened, by default this one for all
   */
  default ServerBinding forRequest(HttpServletRequest request) {
    return this;
  }

  /**
   * The way out to the client.
   *
   * @param session the open session
   * @param limits the chat's limits
   * @return a connection that keeps the contract of {@link Connection}
   */
  Connection connection(Session session, Limits limits);

  /**
   * Answers a handshake that was admitted, in a container with servlets.
   *
   * @param container the container of the servlet's context
   * @param request the handshake
   * @param response not committed
   * @param config the endpoint and its settings, for this handshake alone
   * @param parameters the path's parameters
   * @param gateway the chat
   * @throws IOException if the answer cannot be written
   * @throws DeploymentException if the container does not take the endpoint
   */
  default void upgrade(
      ServerContainer container,
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws IOException, DeploymentException {
    container.upgradeHttpToWebSocket(request, response, config, parameters);
  }

  /**
   * The way in from the client.
   *
   * @param session the open session
   * @param receiver the chat's receiver, which may block
   * @param gateway the chat's limits, and whether its handlers may block
   * @return what the session's messages are given to; by default the receiver itself
   */
  default Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    return receiver;
  }

  /**
   * Writes with nothing but the Jakarta API, on any container. Its API knows no abort: a stalled
   * client is bounded in memory, but its socket is closed only when the container's own timeout
   * says so.
   *
   * @return the wiring for a container that nothing better is known of
   */
  static ServerBinding plain() {
    return SessionConnection::of;
  }
}
