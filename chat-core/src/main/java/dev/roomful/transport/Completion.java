package dev.roomful.transport;

/**
 * Reports the end of one operation of a {@link Connection}. Exactly one of the two methods is
 * called, exactly once, on any thread, from within the operation or later.
 */
public interface Completion {
  /** All bytes were handed to the network, or to a bounded buffer. */
  void succeeded();

  /**
   * The connection is broken. Nothing more is written to it, and the chat aborts it.
   *
   * @param cause what went wrong
   */
  void failed(Throwable cause);
}
