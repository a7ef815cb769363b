package dev.roomful.transport;

/**
 * The end of one operation of a {@link Connection}: exactly one of the two methods is called,
 * exactly once, on any thread, from within the operation or later.
 */
public interface Completion {
  /** All bytes were handed to the network, or to a buffer that is bounded. */
  void succeeded();

  /**
   * The connection is broken; nothing more is written to it, and it will be aborted.
   *
   * @param cause what went wrong
   */
  void failed(Throwable cause);
}
