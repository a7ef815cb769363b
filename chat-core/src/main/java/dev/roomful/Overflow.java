package dev.roomful;

/**
 * What happens to a message of a room for a connection whose outbox is full. Direct replies and
 * participants' messages ({@link Message#reply}, {@link Participant#send}) are never dropped: where
 * they find no place the connection is closed.
 */
public enum Overflow {
  /**
   * The connection is closed with {@link CloseStatus#TOO_SLOW}: it never silently misses anything.
   */
  DISCONNECT,
  /** The oldest droppable messages that wait make place for the new one. */
  DROP_OLDEST,
  /** The new message is not queued for this connection. */
  DROP_NEWEST
}
