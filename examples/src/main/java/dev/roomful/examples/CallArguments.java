package dev.roomful.examples;

import dev.roomful.Payload;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import java.time.Duration;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** What somebody asks for with a call: an object. */
record CallArguments(JsonNode data) {
  static CallArguments of(Payload data) {
    return new CallArguments(
        data.isText() ? JsonPayloads.parse(data.text()) : JsonPayloads.MISSING);
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

  Duration duration() {
    return Duration.ofSeconds(data.path("seconds").asLong(0));
  }

  Position position() {
    return new Position(text("epoch"), data.path("offset").asLong(0));
  }

  Role role() {
    String name = text("role");
    return Arrays.stream(Role.values())
        .filter(role -> JsonRoomNotices.roleName(role).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no role \"" + name + "\": member, moderator and owner are"));
  }
}
