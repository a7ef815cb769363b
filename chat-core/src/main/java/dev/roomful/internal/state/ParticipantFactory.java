package dev.roomful.internal.state;

import dev.roomful.Participant;
import java.util.Map;

/** Creates the participants of decoded events and snapshots, as this node sees them. */
@FunctionalInterface
public interface ParticipantFactory {
  /**
   * Returns a participant.
   *
   * @param id its id
   * @param name its display name
   * @param attributes its attributes, an immutable map
   */
  Participant participant(String id, String name, Map<String, Object> attributes);
}
