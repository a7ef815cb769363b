package dev.roomful.centrifuge;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** A chat whose authenticator identifies clients by their query, and clients in memory. */
class CentrifugeChatFixture {
  final List<String> events = new ArrayList<>();

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onJoin(Room room, Participant participant) {
          events.add(participant.name() + " joined " + room.name());
        }

        @Override
        public void onMessage(Room room, Message message) {
          if (message.isText() && message.text().equals("\"help\"")) {
            message.reply("{\"help\":true}");
          } else if (message.isText() && message.text().equals("\"fail\"")) {
            throw new IllegalStateException("as asked");
          } else {
            room.publish(message);
          }
        }

        @Override
        public void onLeave(Room room, Participant participant, CloseStatus status) {
          events.add(participant.name() + " left " + room.name());
        }
      };

  TestChat chat = chat(RoomOptions.defaults());
  Centrifuge gateway = Centrifuge.on(chat.chat());

  private TestChat chat(RoomOptions options) {
    return TestChat.of(builder(options));
  }

  Chat.Builder builder(RoomOptions options) {
    return Chat.builder(handler).authenticator(CentrifugeChatFixture::authenticate).rooms(options);
  }

  private static Admission authenticate(Handshake handshake) {
    String room = handshake.path("room").orElse("lobby");
    Optional<String> name = handshake.query("name");
    if (name.isEmpty()) {
      return new Rejection(401, "who", "who are you?");
    }
    return switch (room) {
      case "secret" -> new Rejection(403, "secret", "not for you");
      case "moved" -> AcceptedAdmission.of(name.get(), "elsewhere");
      case "balcony" -> AcceptedAdmission.of(name.get(), room).withRole(Role.VISITOR);
      default -> AcceptedAdmission.of(name.get(), room);
    };
  }

  void recreateChat(RoomOptions options) {
    recreateChat(builder(options));
  }

  void recreateChat(Chat.Builder builder) {
    chat.close();
    chat = TestChat.of(builder);
    gateway = Centrifuge.on(chat.chat());
  }

  CentrifugeTestClient connect(String name) {
    return CentrifugeTestClient.of(gateway, name).connect();
  }

  Room room(String name) {
    return chat.chat().room(name).orElseThrow();
  }

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }
}
