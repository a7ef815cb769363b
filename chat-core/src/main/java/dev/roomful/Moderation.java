package dev.roomful;

import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.time.Duration;

/**
 * Moderation of a room by one participant, the actor, as far as its {@link Role} allows it. An
 * actor cannot act on itself, or on a participant whose role is not below its own. Participants are
 * named by themselves or by their ids.
 *
 * <p>Each method does what the method of {@link Room} with the same name does, or rejects: {@link
 * Rejection#NOT_A_MEMBER} (the actor is not in the room), {@link Rejection#NOT_ALLOWED} (its role
 * does not allow the action), {@link Rejection#SELF_TARGET}, {@link Rejection#OUTRANKED}, or what
 * the room's method rejects with. The application itself needs no role: it calls {@link Room}
 * directly.
 */
public interface Moderation {
  /**
   * Removes a participant from the room.
   *
   * @param id the participant's id
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected
   * @throws IllegalArgumentException if the reason is too long
   */
  Outcome kick(String id, String reason);

  /**
   * Removes a participant from the room.
   *
   * @param participant the participant
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected
   * @throws IllegalArgumentException if the reason is too long
   */
  default Outcome kick(Participant participant, String reason) {
    return kick(participant.id(), reason);
  }

  /**
   * Bans a participant id and removes the participant if it is in the room.
   *
   * @param id the participant's id; it does not have to be connected
   * @param duration how long the ban lasts, more than zero
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected
   * @throws IllegalArgumentException as {@link Room#ban(String, Duration, String)} does
   */
  Outcome ban(String id, Duration duration, String reason);

  /**
   * Bans a participant.
   *
   * @param participant the participant
   * @param duration how long the ban lasts, more than zero
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected
   * @throws IllegalArgumentException as {@link Room#ban(String, Duration, String)} does
   */
  default Outcome ban(Participant participant, Duration duration, String reason) {
    return ban(participant.id(), duration, reason);
  }

  /**
   * Ends a ban.
   *
   * @param id the participant's id
   * @return done, or rejected
   */
  Outcome unban(String id);

  /**
   * Ends a ban.
   *
   * @param participant the participant
   * @return done, or rejected
   */
  default Outcome unban(Participant participant) {
    return unban(participant.id());
  }

  /**
   * Mutes a participant id.
   *
   * @param id the participant's id; it does not have to be connected
   * @param duration how long it is muted, more than zero
   * @param reason the reason for the participant, at most 256 characters
   * @return done, or rejected
   * @throws IllegalArgumentException as {@link Room#mute(String, Duration, String)} does
   */
  Outcome mute(String id, Duration duration, String reason);

  /**
   * Mutes a participant.
   *
   * @param participant the participant
   * @param duration how long it is muted, more than zero
   * @param reason the reason for the participant, at most 256 characters
   * @return done, or rejected
   * @throws IllegalArgumentException as {@link Room#mute(String, Duration, String)} does
   */
  default Outcome mute(Participant participant, Duration duration, String reason) {
    return mute(participant.id(), duration, reason);
  }

  /**
   * Ends a mute.
   *
   * @param id the participant's id
   * @return done, or rejected
   */
  Outcome unmute(String id);

  /**
   * Ends a mute.
   *
   * @param participant the participant
   * @return done, or rejected
   */
  default Outcome unmute(Participant participant) {
    return unmute(participant.id());
  }

  /**
   * Deletes a message from the history. Everybody may delete its own messages.
   *
   * @param position the message's position
   * @return done, or rejected
   */
  Outcome deleteMessage(Position position);

  /**
   * Sets the topic.
   *
   * @param topic the topic, at most 256 characters without control characters; empty for none
   * @return done, or rejected
   * @throws IllegalArgumentException if the topic is too long or has a control character
   */
  Outcome setTopic(String topic);

  /**
   * Checks whether the actor's role allows an action, for operations that the application
   * implements itself.
   *
   * @param action the action
   * @return done if the role allows it, or rejected
   */
  Outcome check(Role.Action action);
}
