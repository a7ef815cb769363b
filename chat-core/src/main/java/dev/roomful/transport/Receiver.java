package dev.roomful.transport;

import java.nio.ByteBuffer;

/**
 * Where a transport brings what comes from one client: the way in. (The way out is {@link
 * Connection}.) One is given by {@link Gateway#open} for each connection.
 *
 * <p>A transport calls {@code open (text | binary | pong)* closed}: one at a time and in the order
 * of the wire, except that {@code closed} and {@code pong} may come on another thread while a
 * {@code text} or {@code binary} has not returned yet; nothing follows {@code closed}.
 *
 * <p>{@code text}, {@code binary} and {@code closed} run the application's handler, which may
 * block: a transport calls them on a thread that may, and takes nothing more from the client
 * meanwhile.
 */
public interface Receiver {
  /**
   * A whole text message came.
   *
   * @param text the text, decoded from valid UTF-8
   */
  void text(String text);

  /**
   * A whole binary message came.
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

  /** A pong came, asked for or not: a sign of life. */
  void pong();

  /**
   * The connection has ended, whoever ended it. Calls after the first have no effect.
   *
   * @param code the client's close code; 1005 if its close frame had none, 1006 if none came
   * @param reason the client's reason, may be empty
   */
  void closed(int code, String reason);
}
