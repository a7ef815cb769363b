package dev.roomful.dialect;

import dev.roomful.Admission;
import dev.roomful.Handshake;
import dev.roomful.Refusal;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A chat as its dialects see it: connections come in here without a room, and, if the dialect wants
 * that, without a name. Safe for use by many threads.
 */
public interface Foyer {
  /**
   * What is in the way of a handshake, whoever makes it: the chat's state, its limits, the origin.
   *
   * @param handshake what the client asks for
   * @return nothing if it may go on
   */
  Optional<Refusal> obstacle(Handshake handshake);

  /**
   * Asks the chat's doorman alone. May block, as the doorman may.
   *
   * @param handshake what the client asks for; may be one of the dialect's own making
   * @return an entry that is well formed, or a refusal; never throws
   */
  Admission ask(Handshake handshake);

  /**
   * Opens a connection after the upgrade. Where there is no place any more, it is closed with a
   * code that says why.
   *
   * @param dialect what is spoken on it
   * @param meeting makes the interpreter; must not use the guest yet but keep it
   * @param connection the way to the client
   * @return where to bring what the client sends
   */
  Receiver open(Dialect dialect, Function<Guest, Interpreter> meeting, Connection connection);

  /**
   * The chat's clock.
   *
   * @return the time since some moment
   */
  Duration clock();
}
