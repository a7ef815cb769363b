package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Session;

/**
 * What an adapter knows of its server beyond the Jakarta API: a faster way to write, another way to
 * read. Asked once for each connection, when it is opened.
 */
public interface Wiring {
  /**
   * The wiring of one connection, seen from the request of its handshake: for an adapter that needs
   * what a session does not show any more. Called behind the doorman, before the upgrade; not where
   * there are no servlets.
   *
   * @param request the request
   * @return what is asked when the connection is opened, by default this one for all
   */
  default Wiring upgrading(HttpServletRequest request) {
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
  static Wiring plain() {
    return SessionConnection::of;
  }
}
