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
 * A chat as its dialects see it: connections come in here without a room, and, if the dialect wants
 * that, without a name. Safe for use by many threads.
 */
public interface ProtocolGateway {
  /**
   * What is in the way of a handshake, whoever makes it: the chat's state, its limits, the origin.
   *
   * @param handshake what the client asks for
   * @return nothing if it may go on
   */
  Optional<Rejection> checkAdmission(Handshake handshake);

  /**
   * Asks the chat's doorman alone. May block, as the doorman may.
   *
   * @param handshake what the client asks for; may be one of the dialect's own making
   * @return an entry that is well formed, or a refusal; never throws
   */
  Admission authenticate(Handshake handshake);

  /**
   * Opens a connection after the upgrade. Where there is no place any more, it is closed with a
   * code that says why.
   *
   * @param protocol what is spoken on it
   * @param handlerFactory makes the interpreter; must not use the guest yet but keep it
   * @param connection the way to the client
   * @return where to bring what the client sends
   */
  Receiver open(
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection);

  /**
   * The chat's clock.
   *
   * @return the time since some moment
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
