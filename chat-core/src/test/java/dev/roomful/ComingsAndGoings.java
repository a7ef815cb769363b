package dev.roomful;

/** Tells who came, as in "+ann", and who went, as in "-ann". */
final class ComingsAndGoings implements RoomNotices {
  @Override
  public Payload participantJoined(Room room, Participant who) {
    return Payload.text("+" + who.id());
  }

  @Override
  public Payload participantLeft(Room room, Participant who) {
    return Payload.text("-" + who.id());
  }
}
