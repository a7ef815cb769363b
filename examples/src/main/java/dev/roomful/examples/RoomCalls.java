package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.RpcReply;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The remote calls of {@link RoomsExample} that are open to every participant. */
final class RoomCalls {
  private final Chat chat;
  private final RoomDirectory directory;

  RoomCalls(Chat chat, RoomDirectory directory) {
    this.chat = chat;
    this.directory = directory;
  }

  Centrifuge registerOn(Centrifuge gateway) {
    return gateway
        .withRpc("rooms", (participant, data) -> listRooms(participant))
        .withRpc("name", RoomCalls::rename)
        .withRpc(
            "read",
            ModerationCalls.inRoom(
                chat,
                (room, reader, arguments) -> room.markRead(reader.id(), arguments.position())));
  }

  private static RpcReply rename(Participant participant, Payload data) {
    CallArguments arguments = CallArguments.of(data);
    return ModerationCalls.replyTo(
        () -> participant.rename(arguments.text("name")),
        () -> JsonPayloads.payload(JsonPayloads.object().put("name", participant.name())));
  }

  private RpcReply listRooms(Participant participant) {
    ObjectNode result = JsonPayloads.object();
    result.putObject("you").put("user", participant.id()).put("name", participant.name());
    ArrayNode openRooms = result.putArray("rooms");
    for (RoomDirectory.OpenRoom room : directory.openRooms(chat)) {
      openRooms
          .addObject()
          .put("room", room.name())
          .put("here", room.size())
          .put("topic", room.topic());
    }
    ArrayNode directRooms = result.putArray("direct");
    for (RoomDirectory.DirectRoom room : directory.directRooms(chat, participant.id())) {
      directRooms
          .addObject()
          .put("room", room.name())
          .put("user", room.otherId())
          .put("name", room.otherName().orElse("Unknown"));
    }
    return RpcReply.of(JsonPayloads.payload(result));
  }
}
