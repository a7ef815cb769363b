package dev.roomful.examples;

import dev.roomful.Authority;
import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.centrifuge.CallRefused;
import dev.roomful.centrifuge.Centrifuge;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients of the {@link Rooms} can call, beside what the protocol has for them. */
final class Desk {
  private static final int MOST_ROOMS = 200;

  private final Chat chat;
  private final Ranks ranks;

  Desk(Chat chat, Ranks ranks) {
    this.chat = chat;
    this.ranks = ranks;
  }

  Centrifuge calls(Centrifuge door) {
    return door.rpc("rooms", (who, data) -> rooms(who))
        .rpc("direct", Desk::direct)
        .rpc("name", Desk::rename)
        .rpc("topic", inRoom((acting, asked) -> acting.authority().topic(asked.text("topic"))))
        .rpc(
            "kick",
            inRoom((acting, asked) -> acting.authority().kick(asked.user(), asked.reason())))
        .rpc(
            "ban",
            inRoom(
                (acting, asked) ->
                    acting.authority().ban(asked.user(), asked.time(), asked.reason())))
        .rpc(
            "mute",
            inRoom(
                (acting, asked) ->
                    acting.authority().mute(asked.user(), asked.time(), asked.reason())))
        .rpc("unmute", inRoom((acting, asked) -> acting.authority().unmute(asked.user())))
        .rpc("remove", inRoom((acting, asked) -> acting.authority().remove(asked.position())))
        .rpc("appoint", inRoom(this::appoint));
  }

  /** Who acts, and where. */
  private record Acting(Room room, Participant who) {
    Authority authority() {
      return room.by(who);
    }
  }

  private interface Deed {
    Optional<Refusal> of(Acting acting, Asked asked);
  }

  private Centrifuge.Call inRoom(Deed deed) {
    return (who, data) -> {
      Asked asked = Asked.of(data);
      Room room =
          chat.room(asked.text("room"))
              .orElseThrow(() -> new CallRefused(404, "there is no such room"));
      return done(() -> deed.of(new Acting(room, who), asked));
    };
  }

  private static Payload done(Supplier<Optional<Refusal>> deed) {
    try {
      Optional<Refusal> refusal = deed.get();
      if (refusal.isPresent()) {
        throw new CallRefused(refusal.get().status(), refusal.get().reason());
      }
      return Json.payload(Json.object());
    } catch (IllegalArgumentException misuse) {
      throw new CallRefused(400, String.valueOf(misuse.getMessage()));
    }
  }

  private Optional<Refusal> appoint(Acting acting, Asked asked) {
    if (!acting.room.role(acting.who.id()).equals(Optional.of(Role.OWNER))) {
      return Optional.of(Refusal.of(403, "only the room's owner may do that"));
    }
    if (acting.who.id().equals(asked.user())) {
      return Optional.of(Refusal.of(403, "nobody may appoint itself"));
    }
    return ranks.appoint(acting.room, asked.user(), asked.role())
        ? Optional.empty()
        : Optional.of(Refusal.of(404, "that one is not here"));
  }

  private static Payload rename(Participant who, Payload data) {
    Asked asked = Asked.of(data);
    done(() -> who.rename(asked.text("name")));
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

  /** What a call asks for. */
  private record Asked(JsonNode data) {
    static Asked of(Payload data) {
      return new Asked(data.isText() ? Json.read(data.text()) : Json.NOTHING);
    }

    String text(String member) {
      return data.path(member).asString("");
    }

    String user() {
      return text("user");
    }

    String reason() {
      String reason = text("reason");
      return reason.isEmpty() ? "no reason given" : reason;
    }

    Duration time() {
      return Duration.ofSeconds(data.path("seconds").asLong(0));
    }

    Position position() {
      return new Position(text("epoch"), data.path("offset").asLong(0));
    }

    Role role() {
      return Role.valueOf(text("role").toUpperCase(Locale.ROOT));
    }
  }
}
