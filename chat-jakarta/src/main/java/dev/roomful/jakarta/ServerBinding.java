package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;

/**
 * What an adapter knows about its server beyond the Jakarta API: how to upgrade, to read and to
 * write faster. Called for each connection, during the handshake and when the connection opens.
 */
public interface ServerBinding {
  /**
   * Returns the binding of one connection, for an adapter that needs the request of the handshake.
   * Called after the handshake has been accepted and before the upgrade; not called in a container
   * without servlets.
   *
   * @param request the request, which the binding must not keep
   * @return the binding of the connection, by default this one
   */
  default ServerBinding forRequest(HttpServletRequest request) {
    return this;
  }

  /**
   * Returns the connection by which the chat writes to a client.
   *
   * @param session the open session
   * @param limits the chat's limits
   * @return a connection that keeps the contract of {@link Connection}
   */
  Connection connection(Session session, Limits limits);

  /**
   * Upgrades an accepted handshake in a container with servlets.
   *
   * @param request the handshake
   * @param response the response, not committed
   * @param config the endpoint and its settings, for this handshake alone
   * @param parameters the path's parameters
   * @param gateway the chat
   * @throws ServletException if the container cannot upgrade
   * @throws IOException if the response cannot be written
   */
  void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws ServletException, IOException;

  /**
   * Returns the receiver to which the session's messages are delivered.
   *
   * @param session the open session
   * @param receiver the chat's receiver, whose calls may block
   * @param gateway the chat's limits, and whether its handler may block
   * @return a receiver that forwards every call to the chat's, by default the chat's itself
   */
  default Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    return receiver;
  }

  /**
   * Returns the binding that uses nothing but the Jakarta API, for any container. The API has no
   * abort: what is queued for a client that does not read is bounded, but its socket may remain
   * open until a timeout of the container. In a container with servlets, handlers that may block
   * run on the chat's {@linkplain dev.roomful.Chat.Builder#callbackExecutor executor for
   * callbacks}, so that the container answers pings and reports pongs while a handler runs.
   *
   * @return the plain binding
   */
  static ServerBinding plain() {
    return new PlainBinding();
  }
}
