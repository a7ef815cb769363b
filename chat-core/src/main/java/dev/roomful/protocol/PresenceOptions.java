package dev.roomful.protocol;

import dev.roomful.Payload;
import java.util.Optional;

/**
 * How a connection is in a room: whether clients of dialects see it, what they are told about it,
 * and whether it sees them. What the room tells in plain text does not depend on it.
 *
 * @param listed whether it is among those present
 * @param announced whether others are told of its coming and going
 * @param presenceEvents whether it is told of others' coming and going, as far as its role may see
 *     that
 * @param connectionInfo what others are told about it in this room beside its participant, in the
 *     dialect's own words; what it says there wears it too
 */
public record PresenceOptions(
    boolean listed, boolean announced, boolean presenceEvents, Optional<Payload> connectionInfo) {
  private static final PresenceOptions DEFAULTS =
      new PresenceOptions(true, true, false, Optional.empty());

  /**
   * As everybody is who did not ask for anything else.
   *
   * @return seen by others and watching nobody, without a badge
   */
  public static PresenceOptions defaults() {
    return DEFAULTS;
  }

  /**
   * With or without being told who comes and goes.
   *
   * @param presenceEvents whether it is told
   * @return a changed copy
   */
  public PresenceOptions withPresenceEvents(boolean presenceEvents) {
    return new PresenceOptions(listed, announced, presenceEvents, connectionInfo);
  }
}
