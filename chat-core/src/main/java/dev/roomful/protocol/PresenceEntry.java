package dev.roomful.protocol;

import dev.roomful.Participant;
import dev.roomful.Payload;
import java.util.Optional;

/**
 * One connection in a room. Whoever has several there is present as often.
 *
 * @param connectionId which one: no other connection of any chat has this id
 * @param participant whose it is
 * @param connectionInfo what else there is to tell about it in this room
 */
public record PresenceEntry(
    String connectionId, Participant participant, Optional<Payload> connectionInfo) {}
