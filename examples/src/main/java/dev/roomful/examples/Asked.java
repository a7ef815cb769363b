package dev.roomful.examples;

import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Role;
import java.time.Duration;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** What somebody asks for with a call: an object. */
record Asked(JsonNode data) {
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
    String word = text("role");
    return Arrays.stream(Role.values())
        .filter(role -> News.word(role).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no role \"" + word + "\": member, moderator and owner are"));
  }
}
