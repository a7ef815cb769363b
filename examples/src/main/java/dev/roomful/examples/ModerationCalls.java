package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.RpcReply;
import java.util.Optional;
import java.util.function.Supplier;

/** The remote calls of {@link RoomsExample} by which owners and moderators moderate a room. */
final class ModerationCalls {
  static final Rejection NO_ROOM = Rejection.of(404, "this room does not exist");

  private final Chat chat;
  private final SanctionCalls sanctions;
  private final PrivateRooms privateRooms;
  private final Optional<MessageArchive> archive;

  ModerationCalls(Chat chat, PrivateRooms privateRooms, Optional<MessageArchive> archive) {
    this.chat = chat;
    this.privateRooms = privateRooms;
    this.archive = archive;
    this.sanctions = new SanctionCalls(chat);
  }

  Centrifuge registerOn(Centrifuge gateway) {
    return gateway
        .withRpc(
            "topic",
            inRoom(
                (room, actor, arguments) ->
                    room.moderation(actor).setTopic(arguments.text("topic"))))
        .withRpc(
            "kick",
            inRoom(
                (room, actor, arguments) ->
                    removeParticipant(
                        room,
                        arguments,
                        () -> room.moderation(actor).kick(arguments.user(), arguments.reason()))))
        .withRpc(
            "ban",
            inRoom(
                sanctioning(
                    (room, actor, arguments) ->
                        removeParticipant(
                            room,
                            arguments,
                            () ->
                                room.moderation(actor)
                                    .ban(
                                        arguments.user(),
                                        arguments.duration(),
                                        arguments.reason())),
                    SanctionCalls.Kind.BAN)))
        .withRpc(
            "unban",
            inRoom(
                sanctioning(
                    (room, actor, arguments) -> room.moderation(actor).unban(arguments.user()),
                    SanctionCalls.Kind.BAN)))
        .withRpc(
            "mute",
            inRoom(
                sanctioning(
                    (room, actor, arguments) ->
                        room.moderation(actor)
                            .mute(arguments.user(), arguments.duration(), arguments.reason()),
                    SanctionCalls.Kind.MUTE)))
        .withRpc(
            "unmute",
            inRoom(
                sanctioning(
                    (room, actor, arguments) -> room.moderation(actor).unmute(arguments.user()),
                    SanctionCalls.Kind.MUTE)))
        .withRpc("sanctions", sanctions::list)
        .withRpc("remove", inRoom(this::deleteMessage))
        .withRpc("appoint", inRoom(ModerationCalls::setRole));
  }

  /** An action of one participant in a room. */
  interface RoomAction {
    Outcome apply(Room room, Participant actor, CallArguments arguments);
  }

  private Centrifuge.RpcHandler inRoom(RoomAction action) {
    return inRoom(chat, action);
  }

  /** {@return the handler of a call that is about a room of the chat} */
  static Centrifuge.RpcHandler inRoom(Chat chat, RoomAction action) {
    return (actor, data) -> {
      CallArguments arguments = CallArguments.of(data);
      Optional<Room> room = chat.room(arguments.text("room"));
      return room.isEmpty()
          ? RpcReply.rejected(NO_ROOM)
          : replyTo(() -> action.apply(room.get(), actor, arguments), () -> Payload.text("{}"));
    };
  }

  /** {@return the rejection of an action, or the result if it was done} */
  static RpcReply replyTo(Supplier<Outcome> action, Supplier<Payload> result) {
    try {
      return action
          .get()
          .rejection()
          .map(RpcReply::rejected)
          .orElseGet(() -> RpcReply.of(result.get()));
    } catch (IllegalArgumentException misuse) {
      return RpcReply.error(400, String.valueOf(misuse.getMessage()));
    }
  }

  private Outcome deleteMessage(Room room, Participant actor, CallArguments arguments) {
    Position position = arguments.position();
    Outcome outcome = room.moderation(actor).deleteMessage(position);
    if (archive.isEmpty() || (outcome.isRejected() && !mayDelete(room, actor, position, outcome))) {
      return outcome;
    }
    archive.get().delete(room.name(), position);
    if (outcome.isRejected()) {
      room.signal(JsonRoomNotices.archivedMessageDeleted(position));
    }
    return Outcome.done();
  }

  /** Whether the room rejects a deletion only because it does not store the message any more. */
  private boolean mayDelete(Room room, Participant actor, Position position, Outcome outcome) {
    boolean isModerator =
        outcome.rejection().map(Rejection::code).equals(Optional.of(Rejection.NOT_FOUND));
    return room.contains(actor)
        && archive
            .flatMap(kept -> kept.author(room.name(), position))
            .filter(author -> isModerator || author.equals(actor.id()))
            .isPresent();
  }

  /** A participant that is removed from a private room has to be invited again. */
  private Outcome removeParticipant(Room room, CallArguments arguments, Supplier<Outcome> action) {
    Optional<Participant> target =
        room.participants().stream().filter(one -> one.id().equals(arguments.user())).findFirst();
    Outcome outcome = action.get();
    if (outcome.isDone()) {
      privateRooms.remove(room.name(), arguments.user());
      target.ifPresent(
          removed -> room.signal(JsonRoomNotices.participantRemoved(removed, arguments.reason())));
    }
    return outcome;
  }

  /** An action that imposes or lifts a sanction, of which the participant is told. */
  private RoomAction sanctioning(RoomAction action, SanctionCalls.Kind kind) {
    return (room, actor, arguments) -> {
      sanctions.recordName(room, arguments.user());
      Outcome outcome = action.apply(room, actor, arguments);
      if (outcome.isDone()) {
        sanctions.notifyParticipant(room, arguments.user(), kind);
      }
      return outcome;
    };
  }

  private static Outcome setRole(Room room, Participant actor, CallArguments arguments) {
    if (!room.role(actor.id()).equals(Optional.of(Role.OWNER))) {
      return Outcome.rejected(Rejection.of(403, "only the owner of the room may change roles"));
    }
    if (actor.id().equals(arguments.user())) {
      return Outcome.rejected(Rejection.of(403, "an owner may not change its own role"));
    }
    return RoomRoles.setRole(room, arguments.user(), arguments.role());
  }
}
