package dev.roomful.internal.state;

import dev.roomful.Outcome;
import dev.roomful.RejectedException;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.DisplayNameRules;
import dev.roomful.internal.validation.Identifiers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Creates the rejections of the library: their statuses, codes and texts. */
public final class Rejections {
  private Rejections() {}

  /**
   * {@return the rejection that a failure reports, itself or as the failure of a stage, or null}
   */
  public static @Nullable Rejection in(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RejectedException rejected ? rejected.rejection() : null;
  }

  public static Rejection closing() {
    return closing(Duration.ZERO);
  }

  public static Rejection closing(Duration retryAfter) {
    return new Rejection(503, Rejection.CLOSING, "the chat is shutting down", retryAfter);
  }

  public static Rejection unavailable() {
    return new Rejection(
        503,
        Rejection.UNAVAILABLE,
        "the cluster engine cannot be reached: try again later",
        Duration.ofSeconds(1));
  }

  public static Rejection chatFull(int connections) {
    return new Rejection(
        503,
        Rejection.CHAT_FULL,
        "the chat has reached its limit of " + connections + " connections");
  }

  public static Rejection tooManyFromAddress(int limit) {
    return new Rejection(
        429,
        Rejection.TOO_MANY_FROM_ADDRESS,
        "this address has reached the limit of " + limit + " connections");
  }

  public static Rejection tooManyConnections(String id, int limit) {
    return new Rejection(
        503,
        Rejection.TOO_MANY_CONNECTIONS,
        "participant \"" + id + "\" has reached the limit of " + limit + " connections");
  }

  public static Rejection tooManyRooms(int rooms) {
    return new Rejection(
        503, Rejection.TOO_MANY_ROOMS, "the chat has reached its limit of " + rooms + " rooms");
  }

  public static Rejection tooManyRoomsJoined(int rooms) {
    return new Rejection(
        403,
        Rejection.TOO_MANY_ROOMS_JOINED,
        "the participant has reached the limit of " + rooms + " rooms");
  }

  public static Rejection roomFull(String room) {
    return new Rejection(503, Rejection.ROOM_FULL, "room \"" + room + "\" is full");
  }

  public static Rejection unknownRoom(String room) {
    return new Rejection(404, Rejection.UNKNOWN_ROOM, "room \"" + room + "\" does not exist");
  }

  public static Rejection roomClosed(String room) {
    return new Rejection(410, Rejection.ROOM_CLOSED, "room \"" + room + "\" is closed");
  }

  public static Rejection roomEmpty(String room) {
    return new Rejection(
        404,
        Rejection.ROOM_EMPTY,
        "nobody is in room \""
            + room
            + "\", and its options neither keep it when it is empty nor store a history");
  }

  public static Rejection nameTaken(String room, String name) {
    return new Rejection(
        409,
        Rejection.NAME_TAKEN,
        "another participant in room \"" + room + "\" uses the display name \"" + name + "\"");
  }

  public static Rejection alreadyJoined(String room) {
    return new Rejection(
        409, Rejection.ALREADY_JOINED, "the connection is in room \"" + room + "\" already");
  }

  public static Rejection notAMember(String id, String room) {
    return new Rejection(
        403, Rejection.NOT_A_MEMBER, "participant \"" + id + "\" is not in room \"" + room + "\"");
  }

  public static Rejection notInRoom(String id, String room) {
    return notFound("participant \"" + id + "\" is not in room \"" + room + "\"");
  }

  public static Rejection connectionClosed() {
    return new Rejection(410, Rejection.GONE, "the connection has closed");
  }

  public static Rejection participantGone() {
    return new Rejection(410, Rejection.GONE, "the participant has left");
  }

  public static Outcome gone() {
    return Outcome.rejected(participantGone());
  }

  public static Rejection internalError() {
    return new Rejection(500, Rejection.FAILED, "internal error");
  }

  public static Rejection tooFast(long nanos) {
    Duration wait = Duration.ofNanos(nanos);
    return new Rejection(
        429, Rejection.TOO_FAST, "too many messages: wait " + (wait.toMillis() + 1) + " ms", wait);
  }

  public static Rejection tooManySanctions(String room, int limit) {
    return new Rejection(
        503,
        Rejection.TOO_MANY_SANCTIONS,
        "room \"" + room + "\" has reached its limit of " + limit + " sanctions");
  }

  public static Rejection tooManyReactions(Position target) {
    return new Rejection(
        409,
        Rejection.TOO_MANY_REACTIONS,
        "the message at " + target + " has as many reactions as it may have");
  }

  public static Rejection noMessage(Position position) {
    return notFound("no message is stored at " + position);
  }

  public static Rejection noPosition(Position position) {
    return notFound("the room has no position " + position);
  }

  public static Rejection notFound(String reason) {
    return new Rejection(404, Rejection.NOT_FOUND, reason);
  }

  public static Optional<Rejection> invalidRoomName(String name) {
    return Optional.ofNullable(Identifiers.errorIn("room name", name))
        .map(error -> new Rejection(400, Rejection.ROOM_NAME, error));
  }

  public static Optional<Rejection> invalidParticipantId(String id) {
    return Optional.ofNullable(Identifiers.errorIn("participant's id", id))
        .map(error -> new Rejection(400, Rejection.PARTICIPANT_ID, error));
  }

  public static Optional<Rejection> invalidDisplayName(String name) {
    return Optional.ofNullable(DisplayNameRules.errorIn(name))
        .map(error -> new Rejection(400, Rejection.NAME, error));
  }

  public static Rejection expired() {
    return new Rejection(401, Rejection.EXPIRED, "the credential has expired: get a new one");
  }

  public static Rejection revoked() {
    return new Rejection(401, Rejection.REVOKED, "the credential was revoked: log in again");
  }

  /** {@return what is wrong with the id or the display name of an admission} */
  public static Optional<Rejection> invalidIdentity(AcceptedAdmission admission) {
    return invalidParticipantId(admission.id()).or(() -> invalidDisplayName(admission.name()));
  }
}
