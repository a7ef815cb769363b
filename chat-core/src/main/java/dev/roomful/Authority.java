package dev.roomful;

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
public final class Authority {
  private final Room room;
  private final Participant actor;

  Authority(Room room, Participant actor) {
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
  public Optional<Refusal> kick(String id, String reason) {
    return act(Role.Act.KICK, id, () -> room.kick(id, reason), "it is not in " + room);
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
  public Optional<Refusal> ban(String id, Duration time, String reason) {
    return act(
        Role.Act.BAN,
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
  public Optional<Refusal> unban(String id) {
    return act(Role.Act.BAN, id, () -> room.unban(id), "it was not banned");
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
  public Optional<Refusal> mute(String id, Duration time, String reason) {
    return act(
        Role.Act.MUTE,
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
  public Optional<Refusal> unmute(String id) {
    return act(Role.Act.MUTE, id, () -> room.unmute(id), "it was not muted");
  }

  /**
   * Takes a message out of the history, as {@link Room#remove} does; one's own, or that of a role
   * below.
   *
   * @param position where it is
   * @return nothing if it was done
   */
  public Optional<Refusal> remove(Position position) {
    Optional<String> author =
        room.speech
            .kept(position)
            .filter(one -> !one.isAnnouncement())
            .map(one -> one.sender().id());
    return author
        .filter(actor.id()::equals)
        .<Optional<Refusal>>map(own -> Optional.empty())
        .orElseGet(() -> objection(Role.Act.REMOVE, author.orElse("")))
        .or(() -> done(room.remove(position).isPresent(), "no message is kept at " + position));
  }

  /**
   * Says what the room is about, as {@link Room#topic(String)} does.
   *
   * @param about the topic, at most 256 characters, none of them a control character
   * @return nothing if it was done
   * @throws IllegalArgumentException if it is too long or has a control character
   */
  public Optional<Refusal> topic(String about) {
    Rooms.requireTopic(about);
    return objection(Role.Act.TOPIC)
        .or(
            () -> {
              room.topic(about);
              return Optional.empty();
            });
  }

  /**
   * What is in the way of an act, whomever it is about: for what the application does itself, such
   * as telling who is here.
   *
   * @param act what the participant wants
   * @return nothing if its role may
   */
  public Optional<Refusal> objection(Role.Act act) {
    return room.role(actor.id())
        .map(role -> room.objection(role, act))
        .orElseGet(() -> refused(Refusal.NOT_A_MEMBER, "who acts is not in " + room));
  }

  private Optional<Refusal> act(
      Role.Act act, String target, BooleanSupplier deed, String otherwise) {
    return objection(act, target).or(() -> done(deed.getAsBoolean(), otherwise));
  }

  private static Optional<Refusal> done(boolean done, String otherwise) {
    return done ? Optional.empty() : Optional.of(new Refusal(404, Refusal.NOBODY, otherwise));
  }

  private Optional<Refusal> objection(Role.Act act, String target) {
    Optional<Refusal> forbidden = objection(act);
    if (forbidden.isPresent()) {
      return forbidden;
    }
    if (target.equals(actor.id())) {
      return refused(Refusal.ONESELF, "nobody may " + act.word() + " itself");
    }
    Role own = room.role(actor.id()).orElse(Role.VISITOR); // gone since: below everybody
    return room.role(target)
        .filter(theirs -> theirs.isAtLeast(own))
        .flatMap(
            theirs ->
                refused(
                    Refusal.OUTRANKED,
                    "a " + own.word() + " may not " + act.word() + " the room's " + theirs.word()));
  }

  private static Optional<Refusal> refused(String code, String reason) {
    return Optional.of(new Refusal(403, code, reason));
  }
}
