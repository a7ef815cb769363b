package dev.roomful;

/** Sends "+ann" when ann joins and "-ann" when ann leaves. */
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
