package dev.roomful.examples.spring;

import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomNotices;
import org.springframework.stereotype.Component;

/** Tells a room who comes and goes. */
@Component
class TeamNotices implements RoomNotices {
  @Override
  public Payload participantJoined(Room room, Participant participant) {
    return Payload.text("* " + participant.name() + " is here");
  }

  @Override
  public Payload participantLeft(Room room, Participant participant) {
    return Payload.text("* " + participant.name() + " has left");
  }
}
