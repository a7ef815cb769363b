package dev.roomful.dialect;

import dev.roomful.Participant;
import dev.roomful.Payload;
import java.util.Optional;

/**
 * One connection in a room. Whoever has several there is present as often.
 *
 * @param connection which one: no other connection of any chat has this id
 * @param participant whose it is
 * @param badge what else there is to tell about it in this room
 */
public record Presence(String connection, Participant participant, Optional<Payload> badge) {}
