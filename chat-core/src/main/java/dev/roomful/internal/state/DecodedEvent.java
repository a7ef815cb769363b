package dev.roomful.internal.state;

/**
 * The content of an entry of a room's log.
 *
 * @param event the event
 * @param epoch the epoch of the room that the node which appended it knew
 */
public record DecodedEvent(RoomEvent event, String epoch) {}
