package dev.roomful.spring;

import dev.roomful.admission.Handshake;

/**
 * What an {@code AuthorizationManager<RoomAccess>} decides about: a client that wants to join a
 * room.
 */
public final class RoomAccess {
  private final String room;
  private final Handshake handshake;

  /**
   * Creates the access of one client to one room.
   *
   * @param room the room's name
   * @param handshake the request of the client
   */
  public RoomAccess(String room, Handshake handshake) {
    this.room = room;
    this.handshake = handshake;
  }

  /**
   * Returns the name of the room.
   *
   * @return the name; empty for a client of the Centrifuge protocol that connects, and will name
   *     its rooms later
   */
  public String room() {
    return room;
  }

  /** {@return the request of the client} */
  public Handshake handshake() {
    return handshake;
  }

  @Override
  public String toString() {
    return "access to room " + room;
  }
}
