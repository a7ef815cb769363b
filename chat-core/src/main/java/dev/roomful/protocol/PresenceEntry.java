package dev.roomful.protocol;

import dev.roomful.Participant;
import dev.roomful.Payload;
import java.util.Optional;

/**
 * One connection in a room. A participant with several connections there has an entry for each.
 *
 * @param connectionId the id of the connection, unique among all chats
 * @param participant the participant that the connection belongs to
 * @param connectionInfo public information about the connection in this room, encoded by its
 *     protocol
 */
public record PresenceEntry(
    String connectionId, Participant participant, Optional<Payload> connectionInfo) {}
