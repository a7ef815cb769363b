package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import jakarta.websocket.Session;

/**
 * What an adapter knows of its server beyond the Jakarta API: a faster way to write, another way to
 * read. Called once for each connection, when it is opened.
 */
public interface Wiring {
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
   * @param limits the chat's limits
   * @return what the session's messages are given to; by default the receiver itself
   */
  default Receiver receiver(Session session, Receiver receiver, Limits limits) {
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
