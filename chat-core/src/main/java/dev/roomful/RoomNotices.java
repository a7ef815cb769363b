package dev.roomful;

import dev.roomful.admission.Role;
import org.jspecify.annotations.Nullable;

/**
 * How a room tells those who are in it what happens beside the messages: who comes, goes and
 * changes, what is removed, what the room is about; the application's words. Notices have no
 * position, are not kept and not replayed.
 *
 * <p>Those about presence are exact: who takes {@link JoinInfo#participants} and applies each
 * notice in order has, at any time, who is in the room. A participant with several connections
 * comes with the first and leaves with the last one; one that is away within its {@link
 * Limits#resumeWindow} has not left. They go to those whose role may {@link
 * Role.Action#SEE_PARTICIPANTS}.
 *
 * <p>Called on the thread that causes a notice, with no lock held; must be quick. If {@code
 * joined}, {@code left} or {@code changed} throws, the connection it was about is closed with
 * {@link CloseStatus#FAILED}; what another one throws reaches the caller, and nothing has happened.
 * All methods return null by default: nothing is told.
 */
public interface RoomNotices {
  /**
   * Somebody came.
   *
   * @param room where
   * @param participant who
   * @return what the others hear, or null
   */
  default @Nullable Payload participantJoined(Room room, Participant participant) {
    return null;
  }

  /**
   * Somebody left. Asked for when it comes, and again when it changes, to be told when it has gone.
   *
   * @param room where
   * @param participant who
   * @return what those who are still there hear, or null
   */
  default @Nullable Payload participantLeft(Room room, Participant participant) {
    return null;
  }

  /**
   * Somebody was thrown out, by a kick or a ban; told in place of {@link #participantLeft}, which
   * it is by default.
   *
   * @param room where
   * @param participant who
   * @param status with the reason that it was given
   * @return what those who are still there hear, or null
   */
  default @Nullable Payload participantRemoved(
      Room room, Participant participant, CloseStatus status) {
    return participantLeft(room, participant);
  }

  /**
   * An attribute or the name of somebody changed, by {@link Participant#update} or {@link
   * Participant#rename}.
   *
   * @param room where
   * @param participant who, as it is now
   * @return what all hear, its own connections too, or null
   */
  default @Nullable Payload participantUpdated(Room room, Participant participant) {
    return null;
  }

  /**
   * A message was taken out of the history; told to all.
   *
   * @param message which, with its position
   * @return what all hear, or null
   */
  default @Nullable Payload messageDeleted(Message message) {
    return null;
  }

  /**
   * The room is about something else now; told to all.
   *
   * @param room the room
   * @param topic its new topic
   * @return what all hear, or null
   */
  default @Nullable Payload topicChanged(Room room, String topic) {
    return null;
  }

  /**
   * Somebody was given another role, by {@link Room#setRole}; told to all.
   *
   * @param room where
   * @param participant who
   * @param role what it is there now
   * @return what all hear, or null
   */
  default @Nullable Payload roleChanged(Room room, Participant participant, Role role) {
    return null;
  }
}
