package dev.roomful.transport;

/**
 * Writes to one client; a transport implements it. {@link Receiver} is its counterpart for input.
 *
 * <p>What the chat guarantees:
 *
 * <ol>
 *   <li>{@code (write | ping)* close? }: {@code write}, {@code ping} and {@code close} are called
 *       one at a time; none is called before the completion of the one before, and none after
 *       {@code close}.
 *   <li>{@code abort} may be called at any time, more than once.
 *   <li>{@code write} is called on a write loop. {@code ping}, {@code close} and {@code abort} are
 *       called on the chat's callback threads, where they may block for a bounded moment, and may
 *       call {@link Receiver#closed}.
 * </ol>
 *
 * <p>What a transport has to guarantee:
 *
 * <ol>
 *   <li>{@code write} does not block for the network, and calls no more of the {@link Receiver}
 *       than {@code closed}.
 *   <li>Every {@code write} and {@code ping} is completed exactly once, aborted ones included.
 *   <li>The frames of a batch reach the client whole and in order, behind those of the batch
 *       before.
 *   <li>After {@code close} or {@code abort}, {@link Receiver#closed} is called once, also when the
 *       client never answers. (The chat does not wait for it longer than its own limits.)
 *   <li>No method throws.
 * </ol>
 */
public interface Connection {
  /**
   * Writes frames to the client.
   *
   * @param batch the frames, which the transport may use until the completion
   * @param completion called once when the write has ended
   */
  void write(Batch batch, Completion completion);

  /**
   * Sends a ping (RFC 6455 section 5.5.2); the pong comes to {@link Receiver#pong}.
   *
   * @param completion called once when the ping has been written
   */
  void ping(Completion completion);

  /**
   * Closes the connection: sends a close frame after everything written, and waits for the client's
   * for a bounded time, after which the chat calls {@link #abort}.
   *
   * @param code the close code, one that may be sent
   * @param reason the reason, at most 123 bytes in UTF-8
   */
  void close(int code, String reason);

  /**
   * Aborts the connection by closing the socket: nothing more is read or written, and what is in
   * flight fails.
   */
  void abort();
}
