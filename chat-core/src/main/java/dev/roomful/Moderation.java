package dev.roomful;

import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.validation.Identifiers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a participant does in a room in its own name, as far as its {@link Role} lets it. Nobody
 * acts on itself, nor on a role that is not below its own. Each call does it whole and returns
 * nothing, or does nothing and returns why: {@code not-a-member} (who acts is not in the room),
 * {@code not-allowed} (its role may not), {@code oneself}, {@code outranked}, {@code nobody} (there
 * is nobody or nothing to act on).
 *
 * <p>The application itself needs no role: it calls the methods of {@link Room}.
 */
public final class Moderation {
  private final Room room;
  private final Participant actor;

  Moderation(Room room, Participant actor) {
    this.room = room;
    this.actor = actor;
  }

  /**
   * Throws somebody out, as {@link Room#kick} does.
   *
   * @param id the participant's id
   * @param reason what it is told, at most 123 bytes in UTF-8
   * @return nothing if it was done
   * @throws IllegalArgumentException if the reason is too long
   */
  public Optional<Rejection> kick(String id, String reason) {
    return perform(Role.Action.KICK, id, () -> room.kick(id, reason), "it is not in " + room);
  }

  /**
   * Throws somebody out and keeps it out for a time, as {@link Room#ban} does. It need not be
   * there.
   *
   * @param id the participant's id
   * @param time for how long
   * @param reason what it is told, at most 123 bytes in UTF-8
   * @return nothing if it was done
   * @throws IllegalArgumentException if the time is not more than zero, or the reason is too long
   */
  public Optional<Rejection> ban(String id, Duration time, String reason) {
    return perform(
        Role.Action.BAN,
        id,
        () -> {
          room.ban(id, time, reason);
          return true;
        },
        "");
  }

  /**
   * Lets somebody in again.
   *
   * @param id the participant's id
   * @return nothing if it was done
   */
  public Optional<Rejection> unban(String id) {
    return perform(Role.Action.BAN, id, () -> room.unban(id), "it was not banned");
  }

  /**
   * Silences somebody for a time, as {@link Room#mute} does. It need not be there.
   *
   * @param id the participant's id
   * @param time for how long
   * @param reason what it is told
   * @return nothing if it was done
   * @throws IllegalArgumentException if the time is not more than zero
   */
  public Optional<Rejection> mute(String id, Duration time, String reason) {
    return perform(
        Role.Action.MUTE,
        id,
        () -> {
          room.mute(id, time, reason);
          return true;
        },
        "");
  }

  /**
   * Lets somebody speak again.
   *
   * @param id the participant's id
   * @return nothing if it was done
   */
  public Optional<Rejection> unmute(String id) {
    return perform(Role.Action.MUTE, id, () -> room.unmute(id), "it was not muted");
  }

  /**
   * Takes a message out of the history, as {@link Room#deleteMessage} does; one's own, or that of a
   * role below.
   *
   * @param position where it is
   * @return nothing if it was done
   */
  public Optional<Rejection> deleteMessage(Position position) {
    Optional<String> author =
        room.publisher
            .find(position)
            .filter(message -> !message.isAnnouncement())
            .map(message -> message.sender().id());
    return author
        .filter(actor.id()::equals)
        .<Optional<Rejection>>map(own -> Optional.empty())
        .orElseGet(() -> rejectionFor(Role.Action.DELETE_MESSAGES, author.orElse("")))
        .or(
            () ->
                notFoundUnless(
                    room.deleteMessage(position).isPresent(), "no message is kept at " + position));
  }

  /**
   * Says what the room is about, as {@link Room#setTopic(String)} does.
   *
   * @param newTopic the topic, at most 256 characters, none of them a control character
   * @return nothing if it was done
   * @throws IllegalArgumentException if it is too long or has a control character
   */
  public Optional<Rejection> setTopic(String newTopic) {
    Identifiers.requireTopic(newTopic);
    return rejectionFor(Role.Action.SET_TOPIC)
        .or(
            () -> {
              room.setTopic(newTopic);
              return Optional.empty();
            });
  }

  /**
   * What is in the way of an act, whomever it is about: for what the application does itself, such
   * as telling who is here.
   *
   * @param action what the participant wants
   * @return nothing if its role may
   */
  public Optional<Rejection> rejectionFor(Role.Action action) {
    return room.role(actor.id())
        .map(role -> room.rejectionFor(role, action))
        .orElseGet(() -> forbidden(Rejection.NOT_A_MEMBER, "who acts is not in " + room));
  }

  private Optional<Rejection> perform(
      Role.Action action, String target, BooleanSupplier operation, String failureReason) {
    return rejectionFor(action, target)
        .or(() -> notFoundUnless(operation.getAsBoolean(), failureReason));
  }

  private static Optional<Rejection> notFoundUnless(boolean succeeded, String failureReason) {
    return succeeded
        ? Optional.empty()
        : Optional.of(new Rejection(404, Rejection.NO_SUCH_MEMBER, failureReason));
  }

  private Optional<Rejection> rejectionFor(Role.Action action, String target) {
    Optional<Rejection> forbidden = rejectionFor(action);
    if (forbidden.isPresent()) {
      return forbidden;
    }
    if (target.equals(actor.id())) {
      return forbidden(Rejection.SELF_TARGET, "nobody may " + action.label() + " itself");
    }
    Role actorRole = room.role(actor.id()).orElse(Role.VISITOR); // gone since: below everybody
    return room.role(target)
        .filter(targetRole -> targetRole.isAtLeast(actorRole))
        .flatMap(
            targetRole ->
                forbidden(
                    Rejection.OUTRANKED,
                    "a "
                        + actorRole.label()
                        + " may not "
                        + action.label()
                        + " the room's "
                        + targetRole.label()));
  }

  private static Optional<Rejection> forbidden(String code, String reason) {
    return Optional.of(new Rejection(403, code, reason));
  }
}
