package dev.roomful.protocol;

import dev.roomful.Chat;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A chat as protocol modules see it: connections open here without a room and, if the protocol
 * wants, without an identity. Safe for use by many threads.
 */
public interface ProtocolGateway {
  /**
   * Checks a handshake as far as that is possible without the authenticator: the state of the chat,
   * its limits, and the origin.
   *
   * @param handshake the request of the client
   * @return the rejection, or empty if the handshake may go on
   */
  Optional<Rejection> checkAdmission(Handshake handshake);

  /**
   * Calls the chat's authenticator alone. May block, as the authenticator may.
   *
   * @param handshake the request of the client, or one that the protocol made
   * @return a valid admission, or a rejection; never throws
   */
  Admission authenticate(Handshake handshake);

  /**
   * Opens a connection after the upgrade. If the chat is full or closing, it is closed with a code
   * that says why.
   *
   * @param protocol the protocol of the connection
   * @param handlerFactory creates the handler; must only store the session, and not use it yet
   * @param connection the connection
   * @return the receiver of the client's input
   */
  Receiver open(
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection);

  /**
   * Returns the time of the chat's clock, which only moves forward.
   *
   * @return the time since some fixed moment
   */
  Duration monotonicTime();

  /**
   * Returns the protocol gateway of a chat, for protocol modules.
   *
   * @param chat a chat that {@link Chat#builder} created
   * @return its gateway
   */
  static ProtocolGateway of(Chat chat) {
    if (chat instanceof Source source) {
      return source.protocolGateway();
    }
    throw new IllegalArgumentException("chat " + chat + " was not created by Chat.builder");
  }

  /** A chat that has a protocol gateway; the library's own chats implement it. */
  interface Source {
    /** {@return the protocol gateway of this chat} */
    ProtocolGateway protocolGateway();
  }
}
