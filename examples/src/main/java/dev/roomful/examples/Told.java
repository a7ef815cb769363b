package dev.roomful.examples;

import dev.roomful.CloseStatus;
import dev.roomful.Notices;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;

/** What those in one of the {@link PlainRooms} are told of the others. */
final class Told implements Notices {
  /** The attribute with the name that somebody had before. */
  static final String FORMERLY = "formerly";

  @Override
  public Payload joined(Room room, Participant who) {
    return Payload.text("* " + who.name() + " is here");
  }

  @Override
  public Payload left(Room room, Participant who) {
    return Payload.text("* " + who.name() + " has left");
  }

  @Override
  public Payload expelled(Room room, Participant who, CloseStatus why) {
    return Payload.text("* " + who.name() + " was thrown out: " + why.reason());
  }

  @Override
  public Payload changed(Room room, Participant who) {
    return Payload.text("* " + who.attributes().get(FORMERLY) + " is now " + who.name());
  }

  @Override
  public Payload topic(Room room, String topic) {
    return Payload.text("* " + room.name() + " is now about " + topic);
  }
}
