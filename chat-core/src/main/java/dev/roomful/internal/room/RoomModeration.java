package dev.roomful.internal.room;

import dev.roomful.Moderation;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks the role of an actor, and then calls the room. */
public final class RoomModeration implements Moderation {
  private final LiveRoom room;
  private final Participant actor;

  public RoomModeration(LiveRoom room, Participant actor) {
    this.room = room;
    this.actor = actor;
  }

  @Override
  public Outcome kick(String id, String reason) {
    return perform(Role.Action.KICK, id, () -> room.kick(id, reason));
  }

  @Override
  public Outcome ban(String id, Duration duration, String reason) {
    return perform(Role.Action.BAN, id, () -> room.ban(id, duration, reason));
  }

  @Override
  public Outcome unban(String id) {
    return perform(Role.Action.BAN, id, () -> room.unban(id));
  }

  @Override
  public Outcome mute(String id, Duration duration, String reason) {
    return perform(Role.Action.MUTE, id, () -> room.mute(id, duration, reason));
  }

  @Override
  public Outcome unmute(String id) {
    return perform(Role.Action.MUTE, id, () -> room.unmute(id));
  }

  @Override
  public Outcome deleteMessage(Position position) {
    Optional<String> author =
        room.publisher
            .find(position)
            .filter(one -> !one.isAnnouncement())
            .map(one -> one.sender().id());
    return author.filter(actor.id()::equals).isPresent()
        ? room.deleteMessage(position)
        : perform(
            Role.Action.DELETE_MESSAGES, author.orElse(""), () -> room.deleteMessage(position));
  }

  @Override
  public Outcome setTopic(String topic) {
    Outcome allowed = check(Role.Action.SET_TOPIC);
    return allowed.isDone() ? room.setTopic(topic) : allowed;
  }

  @Override
  public Outcome check(Role.Action action) {
    return room.role(actor.id())
        .map(role -> room.rejectionFor(role, action).map(Outcome::rejected).orElse(Outcome.done()))
        .orElseGet(
            () ->
                forbidden(
                    Rejection.NOT_A_MEMBER,
                    "participant \"" + actor.id() + "\" is not in " + room));
  }

  private Outcome perform(Role.Action action, String targetId, Supplier<Outcome> operation) {
    Outcome allowed = check(action, targetId);
    return allowed.isDone() ? operation.get() : allowed;
  }

  private Outcome check(Role.Action action, String targetId) {
    Outcome allowed = check(action);
    if (allowed.isRejected()) {
      return allowed;
    }
    if (targetId.equals(actor.id())) {
      return forbidden(
          Rejection.SELF_TARGET, "a participant may not " + action.label() + " itself");
    }
    // The lowest role if the actor has left since.
    Role actorRole = room.role(actor.id()).orElse(Role.VISITOR);
    return room.role(targetId)
        .filter(targetRole -> targetRole.isAtLeast(actorRole))
        .map(
            targetRole ->
                forbidden(
                    Rejection.OUTRANKED,
                    "role "
                        + actorRole.label()
                        + " may not "
                        + action.label()
                        + " a participant with role "
                        + targetRole.label()))
        .orElse(Outcome.done());
  }

  private static Outcome forbidden(String code, String reason) {
    return Outcome.rejected(new Rejection(403, code, reason));
  }
}
