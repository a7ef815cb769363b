package dev.roomful;

/** Tells who came, as in "+ann", and who went, as in "-ann". */
final class JoinLeaveNotices implements RoomNotices {
  @Override
  public Payload participantJoined(Room room, Participant participant) {
    return Payload.text("+" + participant.id());
  }

  @Override
  public Payload participantLeft(Room room, Participant participant) {
    return Payload.text("-" + participant.id());
  }
}
