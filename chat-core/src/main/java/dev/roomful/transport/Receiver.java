package dev.roomful.transport;

import java.nio.ByteBuffer;

/**
 * Receives the input of one connection from its transport. {@link Gateway#open} returns one for
 * each connection; {@link Connection} is its counterpart for output.
 *
 * <p>A transport calls {@code open (text | binary | fragment | pong)* closing? (text | binary)*
 * closed}: one at a time and in the order of the wire, except that {@code fragment}, {@code pong},
 * {@code closing} and {@code closed} may be called on another thread while a {@code text} or {@code
 * binary} has not returned yet, and that messages which the transport has read may follow a {@code
 * closing} that it read after them. Nothing follows {@code closed}.
 *
 * <p>{@code text}, {@code binary} and {@code closed} run the application's handler, which may
 * block: a transport calls them on a thread that may, and reads nothing more from the client
 * meanwhile.
 */
public interface Receiver {
  /**
   * Reports a whole text message.
   *
   * @param text the text, decoded from valid UTF-8
   */
  void text(String text);

  /**
   * Reports a whole binary message.
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

  /** Reports a pong, solicited or not. It shows that the client is alive. */
  void pong();

  /**
   * Reports that the client's close frame has been read, although messages before it have not been
   * passed on yet. From now on the chat waits for these messages and for {@link #closed}: neither a
   * failed write nor a full outbox ends the session, and a write that is stuck does so only if for
   * the write timeout no message was passed on and no handler was running. A transport must call
   * this if it waits for handlers, or answers the close frame, before it calls {@code closed}.
   *
   * @param code the client's close code; 1005 if the frame has none
   * @param reason the client's reason, may be empty
   */
  default void closing(int code, String reason) {}

  /**
   * Reports that the connection has ended, whoever ended it. Calls after the first have no effect.
   *
   * @param code the client's close code; 1005 if its close frame had none, 1006 if none came
   * @param reason the client's reason, may be empty
   */
  void closed(int code, String reason);
}
