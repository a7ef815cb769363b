package dev.roomful.examples.spring;

import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import org.springframework.stereotype.Component;

/** What happens with a message. This bean is all that the starter needs to make a chat. */
@Component
class TeamRoomHandler implements RoomHandler {
  @Override
  public void onMessage(Room room, Message message) {
    room.publish(message.withPayload(message.sender().name() + ": " + message.text()));
  }
}
