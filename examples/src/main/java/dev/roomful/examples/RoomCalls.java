package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.RpcReply;
import java.util.Comparator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What everybody in the {@link RoomsExample} can call, beside what the protocol has for it. */
final class RoomCalls {
  private static final int MAX_ROOMS = 200;

  private final Chat chat;

  RoomCalls(Chat chat) {
    this.chat = chat;
  }

  Centrifuge registerOn(Centrifuge gateway) {
    return gateway
        .withRpc("rooms", (participant, data) -> listRooms(participant))
        .withRpc("direct", RoomCalls::directRoom)
        .withRpc("name", RoomCalls::rename);
  }

  private static RpcReply rename(Participant participant, Payload data) {
    CallArguments arguments = CallArguments.of(data);
    return ModerationCalls.replyTo(
        () -> participant.rename(arguments.text("name")),
        () -> JsonPayloads.payload(JsonPayloads.object().put("name", participant.name())));
  }

  private static RpcReply directRoom(Participant participant, Payload data) {
    String otherId = CallArguments.of(data).user();
    if (otherId.isEmpty() || otherId.equals(participant.id())) {
      return RpcReply.error(400, "somebody else, please");
    }
    return RpcReply.of(
        JsonPayloads.payload(
            JsonPayloads.object().put("room", DirectRooms.roomName(participant.id(), otherId))));
  }

  private RpcReply listRooms(Participant participant) {
    ObjectNode result = JsonPayloads.object();
    result.putObject("you").put("user", participant.id()).put("name", participant.name());
    ArrayNode openRooms = result.putArray("rooms");
    chat.rooms().stream()
        .filter(room -> !DirectRooms.isDirectRoom(room.name()))
        .sorted(Comparator.comparing(Room::size).reversed().thenComparing(Room::name))
        .limit(MAX_ROOMS)
        .forEach(
            room ->
                openRooms
                    .addObject()
                    .put("room", room.name())
                    .put("here", room.size())
                    .put("topic", room.topic()));
    ArrayNode directRooms = result.putArray("direct");
    for (Room room : chat.rooms()) {
      DirectRooms.otherId(participant.id(), room.name())
          .ifPresent(
              otherId ->
                  directRooms
                      .addObject()
                      .put("room", room.name())
                      .put("user", otherId)
                      .put("name", nameOf(otherId, room)));
    }
    return RpcReply.of(JsonPayloads.payload(result));
  }

  private String nameOf(String id, Room room) {
    return chat.participant(id)
        .map(Participant::name)
        .or(() -> DirectRooms.lastKnownName(id, room))
        .orElse("somebody who has left");
  }
}
