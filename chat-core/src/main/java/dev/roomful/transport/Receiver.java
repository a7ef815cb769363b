package dev.roomful.transport;

import java.nio.ByteBuffer;

/**
 * Takes the input of one connection from a transport. {@link Connection} is the output. {@link
 * Gateway#open} returns one for each connection.
 *
 * <p>A transport calls {@code open (text | binary | pong)* closed}: one at a time and in the order
 * of the wire, except that {@code closed} and {@code pong} may come on another thread while a
 * {@code text} or {@code binary} has not returned yet. Nothing follows {@code closed}.
 *
 * <p>{@code text}, {@code binary} and {@code closed} run the application's handler, which may
 * block. A transport calls them on a thread that may block, and reads nothing more from the client
 * meanwhile.
 */
public interface Receiver {
  /**
   * Takes a whole text message.
   *
   * @param text the text, decoded from valid UTF-8
   */
  void text(String text);

  /**
   * Takes a whole binary message.
   *
   * @param bytes the message, from position to limit; not kept after the call
   */
  void binary(ByteBuffer bytes);

  /**
   * Reports a frame that did not complete a message: a fragment before the last one. Each counts
   * against the sender's message rate, so that endless fragments close the connection (RFC 6455
   * section 5.4 sets no limit on their number).
   */
  default void fragment() {}

  /** Reports a pong, requested or not: the client is alive. */
  void pong();

  /**
   * Reports the end of the connection, whoever ended it. Calls after the first have no effect.
   *
   * @param code the client's close code; 1005 if its close frame had none, 1006 if none came
   * @param reason the client's reason, may be empty
   */
  void closed(int code, String reason);
}
