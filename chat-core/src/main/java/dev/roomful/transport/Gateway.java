package dev.roomful.transport;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Admits or rejects the handshakes of a chat, and opens admitted connections. Server adapters call
 * it. Safe for use by many threads.
 */
public interface Gateway {
  /** {@return the chat that connections enter through this gateway} */
  Chat chat();

  /**
   * Admits or rejects a handshake: checks the origin, asks the authenticator, and checks limits, in
   * this order. Reserves nothing: an admitted handshake that is never opened leaves no trace. May
   * block, as the authenticator may.
   *
   * @param handshake the request of the client
   * @return an admission to {@link #open} the connection with, or a rejection for the client; never
   *     throws
   */
  Admission admit(Handshake handshake);

  /**
   * Opens a connection after the upgrade: its participant joins the room. If that has become
   * impossible since the handshake (full, closing), the connection is closed with a code that says
   * why. Runs the application's handler, which may block.
   *
   * @param admission the admission that {@link #admit} returned
   * @param connection the connection
   * @return the receiver of the client's input; nothing may be given to it before this returns
   */
  Receiver open(AcceptedAdmission admission, Connection connection);

  /**
   * Returns whether the application's callbacks may block, so that they must not run on a thread
   * that other connections need.
   *
   * @return true unless the chat was built with {@link dev.roomful.Chat.Builder#nonBlocking}
   */
  boolean mayBlock();

  /**
   * Returns the executor for work that may block. A transport whose own threads are needed by other
   * connections runs there what may block: {@link #admit}, {@link #open}, and, if {@link
   * #mayBlock}, the methods of the {@link Receiver}.
   *
   * @return the chat's executor for callbacks; after the chat has closed, it runs tasks on the
   *     caller
   */
  Executor callbackExecutor();

  /**
   * Returns the subprotocols for clients that offer some (RFC 6455 section 1.9).
   *
   * @return their names, none by default
   */
  default List<String> subprotocols() {
    return List.of();
  }

  /**
   * Returns a rejection for a client that offers none of {@link #subprotocols}, if the gateway
   * knows a better reason than that.
   *
   * @param offered the names that the client offers
   * @return the rejection; nothing by default, so that the transport's own is used
   */
  default Optional<Rejection> subprotocolRejection(List<String> offered) {
    return Optional.empty();
  }

  /**
   * Begins a turn of reading on the current thread: what its input makes ready to write waits for
   * {@link #endRead}, which must follow on the same thread. For adapters whose {@link
   * Connection#write} never blocks, and whose thread runs no callbacks that may block.
   */
  default void beginRead() {}

  /**
   * Ends a turn of reading: writes what is ready. The calling thread writes to a few connections
   * itself, in place of waking another thread.
   */
  default void endRead() {}

  /**
   * Returns the limits of the chat, for adapters that can enforce some of them earlier.
   *
   * @return the limits
   */
  Limits limits();

  /**
   * Returns the gateway of a chat, for server adapters.
   *
   * @param chat a chat that {@link Chat#builder} created
   * @return its gateway
   */
  static Gateway of(Chat chat) {
    if (chat instanceof Source source) {
      return source.gateway();
    }
    throw new IllegalArgumentException("chat " + chat + " was not created by Chat.builder");
  }

  /** A chat that has a gateway; the library's own chats implement it. */
  interface Source {
    /** {@return the gateway of this chat} */
    Gateway gateway();
  }
}
