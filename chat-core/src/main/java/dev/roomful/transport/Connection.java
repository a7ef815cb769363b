package dev.roomful.transport;

import java.util.Optional;

/**
 * One client's connection, as a transport offers it to the chat: the output. {@link Receiver} is
 * the input.
 *
 * <p>What the chat guarantees:
 *
 * <ol>
 *   <li>{@code (write | ping)* close? }: {@code write}, {@code ping} and {@code close} are called
 *       one at a time. None is called before the completion of the previous one, and none after
 *       {@code close}.
 *   <li>{@code abort} may be called at any time, more than once.
 *   <li>{@code write} is called by a write loop, which may run within {@link Gateway#endRead}.
 *       {@code ping}, {@code close} and {@code abort} are called on threads where they may block
 *       for a bounded time, and may call {@link Receiver#closed}.
 * </ol>
 *
 * <p>What a transport guarantees:
 *
 * <ol>
 *   <li>{@code write} does not block for the network, and calls no method of the {@link Receiver}
 *       other than {@code closed}.
 *   <li>Every {@code write} and {@code ping} is completed exactly once, also after an abort.
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
   * @param batch the frames; the transport may read them until the completion
   * @param completion called once when the write has ended
   */
  void write(Batch batch, Completion completion);

  /**
   * Sends a ping (RFC 6455 section 5.5.2). The transport reports the pong to {@link Receiver#pong}.
   *
   * @param completion called once when the ping was sent
   */
  void ping(Completion completion);

  /**
   * Closes the connection: sends a close frame behind everything written, and waits a bounded time
   * for the client's close frame. After that time the chat calls {@link #abort}.
   *
   * @param code the close code, one that may be sent
   * @param reason the reason, at most 123 bytes in UTF-8
   */
  void close(int code, String reason);

  /**
   * Ends the connection at once by closing the socket. Nothing more is read or written, and an
   * operation in flight fails.
   */
  void abort();

  /**
   * Returns the address of the client, as in its handshake ({@link
   * dev.roomful.admission.Handshake#remoteAddress}). {@link
   * dev.roomful.Limits#withConnectionsPerAddress} counts by it.
   *
   * @return the address, the same at each call; empty by default
   */
  default Optional<String> remoteAddress() {
    return Optional.empty();
  }
}
