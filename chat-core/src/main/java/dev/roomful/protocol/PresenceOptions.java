package dev.roomful.protocol;

import dev.roomful.Payload;
import java.util.Optional;

/**
 * What clients with a protocol see of a connection in a room, and what it sees of them. The plain
 * text notices of a room do not depend on it.
 *
 * @param listed whether the connection is in the presence of the room
 * @param announced whether others receive its join and leave events
 * @param presenceEvents whether the connection receives the join and leave events of others, if its
 *     role may see participants
 * @param connectionInfo public information about the connection in this room, encoded by its
 *     protocol; its messages there carry it too
 */
public record PresenceOptions(
    boolean listed, boolean announced, boolean presenceEvents, Optional<Payload> connectionInfo) {
  private static final PresenceOptions DEFAULTS =
      new PresenceOptions(true, true, false, Optional.empty());

  /** {@return listed and announced, without presence events and connection info} */
  public static PresenceOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets whether the connection receives join and leave events.
   *
   * @param presenceEvents whether it receives them
   * @return a changed copy
   */
  public PresenceOptions withPresenceEvents(boolean presenceEvents) {
    return new PresenceOptions(listed, announced, presenceEvents, connectionInfo);
  }
}
