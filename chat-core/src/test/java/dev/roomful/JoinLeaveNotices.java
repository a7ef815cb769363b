package dev.roomful;

/** Sends "+ann" when ann joins, "-ann" when ann leaves, and "deleted 3" for a message. */
final class JoinLeaveNotices implements RoomNotices {
  @Override
  public Payload participantJoined(Room room, Participant participant) {
    return Payload.text("+" + participant.id());
  }

  @Override
  public Payload participantLeft(Room room, Participant participant) {
    return Payload.text("-" + participant.id());
  }

  @Override
  public Payload messageDeleted(Message message) {
    return Payload.text("deleted " + message.position().orElseThrow().offset());
  }
}
