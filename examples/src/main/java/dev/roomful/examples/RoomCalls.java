package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.RpcException;
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
        .withRpc("direct", RoomCalls::directRoom)
        .withRpc("name", RoomCalls::rename);
  }

  private static Payload rename(Participant participant, Payload data) {
    CallArguments arguments = CallArguments.of(data);
    ModerationCalls.throwIfRejected(() -> participant.rename(arguments.text("name")));
    return JsonPayloads.payload(JsonPayloads.object().put("name", participant.name()));
  }

  private static Payload directRoom(Participant participant, Payload data) {
    String otherId = ModerationCalls.checked(CallArguments.of(data)::user);
    if (otherId.equals(participant.id())) {
      throw new RpcException(400, "a direct room is for two participants");
    }
    return JsonPayloads.payload(
        JsonPayloads.object().put("room", DirectRooms.roomName(participant.id(), otherId)));
  }

  private Payload listRooms(Participant participant) {
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
          .put("name", room.otherName().orElse("somebody who has left"));
    }
    return JsonPayloads.payload(result);
  }
}
