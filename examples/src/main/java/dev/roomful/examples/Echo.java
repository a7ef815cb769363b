package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import java.util.UUID;

/** Replies to each message with its text. */
final class Echo implements RoomHandler {
  static Chat.Builder chat() {
    return Chat.builder(new Echo())
        .authenticator(handshake -> AcceptedAdmission.of(UUID.randomUUID().toString(), "echo"))
        .nonBlocking();
  }

  @Override
  public void onMessage(Room room, Message message) {
    message.reply("Message text was: " + message.text());
  }
}
