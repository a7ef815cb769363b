package dev.roomful.dialect;

import dev.roomful.Participant;

/**
 * One connection in a room. Whoever has several there is present as often.
 *
 * @param connection which one: no other connection of any chat has this id
 * @param participant whose it is
 */
public record Presence(String connection, Participant participant) {}
