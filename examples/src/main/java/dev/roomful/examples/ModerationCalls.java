package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.RpcException;
import java.util.Optional;
import java.util.function.Supplier;

/** How those in charge keep order in {@link RoomsExample}: what they can call. */
final class ModerationCalls {
  private final Chat chat;
  private final RoomRoles roles;

  ModerationCalls(Chat chat, RoomRoles roles) {
    this.chat = chat;
    this.roles = roles;
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
                (room, actor, arguments) ->
                    removeParticipant(
                        room,
                        arguments,
                        () ->
                            room.moderation(actor)
                                .ban(arguments.user(), arguments.duration(), arguments.reason()))))
        .withRpc(
            "mute",
            inRoom(
                (room, actor, arguments) ->
                    room.moderation(actor)
                        .mute(arguments.user(), arguments.duration(), arguments.reason())))
        .withRpc(
            "unmute",
            inRoom((room, actor, arguments) -> room.moderation(actor).unmute(arguments.user())))
        .withRpc(
            "remove",
            inRoom(
                (room, actor, arguments) ->
                    room.moderation(actor).deleteMessage(arguments.position())))
        .withRpc("appoint", inRoom(this::setRole));
  }

  /** What somebody does in a room; nothing, or why not. */
  private interface ModerationAction {
    Optional<Rejection> apply(Room room, Participant actor, CallArguments arguments);
  }

  private Centrifuge.RpcHandler inRoom(ModerationAction action) {
    return (actor, data) -> {
      CallArguments arguments = CallArguments.of(data);
      Room room =
          chat.room(arguments.text("room"))
              .orElseThrow(() -> new RpcException(404, "there is no such room"));
      throwIfRejected(() -> action.apply(room, actor, arguments));
      return Payload.text("{}");
    };
  }

  /** Answers the call with the rejection or the misuse, if there is one. */
  static void throwIfRejected(Supplier<Optional<Rejection>> action) {
    Optional<Rejection> rejection = checked(action);
    if (rejection.isPresent()) {
      throw new RpcException(rejection.get().status(), rejection.get().reason());
    }
  }

  /** {@return what the supplier returns; if it rejects an argument, the call answers 400} */
  static <T> T checked(Supplier<T> action) {
    try {
      return action.get();
    } catch (IllegalArgumentException misuse) {
      throw new RpcException(400, String.valueOf(misuse.getMessage()));
    }
  }

  private Optional<Rejection> removeParticipant(
      Room room, CallArguments arguments, Supplier<Optional<Rejection>> action) {
    Optional<Participant> target = chat.participant(arguments.user());
    Optional<Rejection> rejection = action.get();
    if (rejection.isEmpty()) {
      target.ifPresent(
          removed -> room.signal(JsonRoomNotices.participantRemoved(removed, arguments.reason())));
    }
    return rejection;
  }

  private Optional<Rejection> setRole(Room room, Participant actor, CallArguments arguments) {
    if (!room.role(actor.id()).equals(Optional.of(Role.OWNER))) {
      return Optional.of(Rejection.of(403, "only the room's owner may do that"));
    }
    if (actor.id().equals(arguments.user())) {
      return Optional.of(Rejection.of(403, "nobody may appoint itself"));
    }
    return roles.setRole(room, arguments.user(), arguments.role());
  }
}
