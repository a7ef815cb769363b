package dev.roomful.examples;

import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomNotices;

/** Notices to the participants of a room of {@link PlainRooms}. */
final class PlainTextNotices implements RoomNotices {
  @Override
  public Payload participantJoined(Room room, Participant participant) {
    return Payload.text("* " + participant.name() + " is here");
  }

  @Override
  public Payload participantLeft(Room room, Participant participant) {
    return Payload.text("* " + participant.name() + " has left");
  }

  @Override
  public Payload participantRemoved(Room room, Participant participant, CloseStatus status) {
    return Payload.text("* " + participant.name() + " was removed: " + status.reason());
  }

  @Override
  public Payload topicChanged(Room room, String topic) {
    return Payload.text("* topic of " + room.name() + ": " + topic);
  }
}
