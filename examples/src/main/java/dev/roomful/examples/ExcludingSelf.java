package dev.roomful.examples;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;

/** Delivers each message to everyone in the room except its sender. */
final class ExcludingSelf implements RoomHandler {
  static Chat.Builder chat() {
    return Chat.builder(new ExcludingSelf())
        .authenticator(new ClientIdAuthenticator())
        .nonBlocking()
        .rooms(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingSender()));
  }

  @Override
  public void onMessage(Room room, Message message) {
    message.reply("You wrote: " + message.text());
    room.publish(
        message.withPayload("Client #" + message.sender().id() + " says: " + message.text()));
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    room.announce("Client #" + participant.id() + " left the chat");
  }
}
