package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.centrifuge.CallRefused;
import dev.roomful.centrifuge.Centrifuge;
import java.util.Comparator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What everybody in the {@link Rooms} can call, beside what the protocol has for it. */
final class Desk {
  private static final int MOST_ROOMS = 200;

  private final Chat chat;

  Desk(Chat chat) {
    this.chat = chat;
  }

  Centrifuge calls(Centrifuge door) {
    return door.rpc("rooms", (who, data) -> rooms(who))
        .rpc("direct", Desk::direct)
        .rpc("name", Desk::rename);
  }

  private static Payload rename(Participant who, Payload data) {
    Asked asked = Asked.of(data);
    Order.done(() -> who.rename(asked.text("name")));
    return Json.payload(Json.object().put("name", who.name()));
  }

  private static Payload direct(Participant who, Payload data) {
    String other = Asked.of(data).user();
    if (other.isEmpty() || other.equals(who.id())) {
      throw new CallRefused(400, "somebody else, please");
    }
    return Json.payload(Json.object().put("room", Direct.room(who.id(), other)));
  }

  private Payload rooms(Participant who) {
    ObjectNode answer = Json.object();
    answer.putObject("you").put("user", who.id()).put("name", who.name());
    ArrayNode open = answer.putArray("rooms");
    chat.rooms().stream()
        .filter(room -> !Direct.is(room.name()))
        .sorted(Comparator.comparing(Room::size).reversed().thenComparing(Room::name))
        .limit(MOST_ROOMS)
        .forEach(
            room ->
                open.addObject()
                    .put("room", room.name())
                    .put("here", room.size())
                    .put("topic", room.topic()));
    ArrayNode direct = answer.putArray("direct");
    for (Room room : chat.rooms()) {
      Direct.other(who.id(), room.name())
          .ifPresent(
              other ->
                  direct
                      .addObject()
                      .put("room", room.name())
                      .put("user", other)
                      .put("name", nameOf(other, room)));
    }
    return Json.payload(answer);
  }

  private String nameOf(String id, Room room) {
    return chat.participant(id)
        .map(Participant::name)
        .or(() -> Direct.nameOf(id, room))
        .orElse("somebody who has left");
  }
}
