package dev.roomful.examples;

import dev.roomful.Payload;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import java.time.Duration;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of a remote call, a JSON object. A client can send anything, and a ban or mute
 * outlives its connection. Each accessor therefore checks the length or range, and throws an {@link
 * IllegalArgumentException} whose message is for the caller.
 */
record CallArguments(JsonNode data) {
  static final int MAX_ID_LENGTH = 128;
  static final int MAX_REASON_LENGTH = 256;
  static final Duration MAX_DURATION = Duration.ofDays(30);

  static CallArguments of(Payload data) {
    return new CallArguments(
        data.isText() ? JsonPayloads.parse(data.text()) : JsonPayloads.MISSING);
  }

  /** {@return the text with that name, or an empty text} */
  String text(String member) {
    return data.path(member).asString("");
  }

  /** {@return the id of the participant that the call is about} */
  String user() {
    String user = text("user");
    if (user.isEmpty() || user.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "user has %d characters: give an id of 1 to %d".formatted(user.length(), MAX_ID_LENGTH));
    }
    return user;
  }

  String reason() {
    String reason = text("reason");
    return reason.isEmpty() ? "no reason given" : requireReason(reason);
  }

  /** {@return the reason, which has at most {@link #MAX_REASON_LENGTH} characters} */
  static String requireReason(String reason) {
    if (reason.length() > MAX_REASON_LENGTH) {
      throw new IllegalArgumentException(
          "reason has %d characters: give at most %d"
              .formatted(reason.length(), MAX_REASON_LENGTH));
    }
    return reason;
  }

  Duration duration() {
    JsonNode seconds = data.path("seconds");
    return requireDuration(
        seconds.isIntegralNumber() && seconds.canConvertToLong() ? seconds.asLong() : 0);
  }

  /** {@return the duration, which is from one second to {@link #MAX_DURATION}} */
  static Duration requireDuration(long seconds) {
    if (seconds < 1 || seconds > MAX_DURATION.toSeconds()) {
      throw new IllegalArgumentException(
          "seconds is out of range: give a whole number from 1 to %d (%d days)"
              .formatted(MAX_DURATION.toSeconds(), MAX_DURATION.toDays()));
    }
    return Duration.ofSeconds(seconds);
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
                    "role is none of "
                        + Arrays.stream(Role.values()).map(JsonRoomNotices::roleName).toList()));
  }
}
