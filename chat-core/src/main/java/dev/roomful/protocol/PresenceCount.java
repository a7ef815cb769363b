package dev.roomful.protocol;

/**
 * The number of {@linkplain PresenceOptions#listed listed} connections in a room, and of the
 * participants that they belong to.
 *
 * @param connections the number of listed connections
 * @param participants the number of participants with at least one listed connection
 */
public record PresenceCount(int connections, int participants) {
  /** The count of a room without listed connections. */
  public static final PresenceCount NONE = new PresenceCount(0, 0);
}
