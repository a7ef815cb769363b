package dev.roomful.spring.test.application;

import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import org.springframework.stereotype.Component;

@Component
class Lobby implements RoomHandler {
  private final Greeting greeting;

  Lobby(Greeting greeting) {
    this.greeting = greeting;
  }

  @Override
  public void onMessage(Room room, Message message) {
    room.publish(message.withPayload(greeting.text() + message.text()));
  }
}
