package dev.roomful;

import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import org.jspecify.annotations.Nullable;

/**
 * Creates the notices that participants receive about events of their room: who joins, leaves and
 * changes, which messages are deleted, the topic. Notices have no position, are not stored and not
 * replayed, except for {@link #messageDeleted}.
 *
 * <p>Notices about presence are exact: a client that starts with {@link JoinInfo#participants} and
 * applies each notice in order always knows who is in the room. A participant with several
 * connections joins with the first and leaves with the last one; one that can resume within {@link
 * Limits#resumeWindow}, or may come back within {@link RoomOptions#leaveDelay}, has not left. Only
 * participants whose role may {@link Role.Action#SEE_PARTICIPANTS} receive them.
 *
 * <p>While a room has more than 100 connections to this node, its notices about presence wait for a
 * second, and arrive together. A message of a participant may arrive before the notice that it
 * joined. A connection receives at once as many notices as fill half of its outbox; more of them
 * wait for half a second more, up to 10,000 for a room.
 *
 * <p>Called on the thread that causes a notice, with no lock held; should be quick. By default all
 * methods return null, which sends nothing.
 *
 * <p>If a method throws or returns a payload that is too large for an outbox, the failure is logged
 * and counted ({@link Chat#failedCallbacks}), and the event takes place without a notice. The
 * caller that caused the event does not get the exception. A join is the exception: if a notice for
 * it fails, the connection is closed with {@link CloseStatus#FAILED}.
 */
public interface RoomNotices {
  /**
   * Returns the notice that a participant joined.
   *
   * @param room the room
   * @param participant the new participant
   * @return the notice for the others, or null
   */
  default @Nullable Payload participantJoined(Room room, Participant participant) {
    return null;
  }

  /**
   * Returns the notice that a participant left. Called when the participant joins, and again when
   * it changes; the notice is sent when it has left.
   *
   * @param room the room
   * @param participant the participant
   * @return the notice for the remaining participants, or null
   */
  default @Nullable Payload participantLeft(Room room, Participant participant) {
    return null;
  }

  /**
   * Returns the notice that a participant was removed by a kick or a ban; it replaces that of
   * {@link #participantLeft}, which it is by default.
   *
   * @param room the room
   * @param participant the participant
   * @param status the reason
   * @return the notice for the remaining participants, or null
   */
  default @Nullable Payload participantRemoved(
      Room room, Participant participant, CloseStatus status) {
    return participantLeft(room, participant);
  }

  /**
   * Returns the notice that an attribute or the name of a participant changed, by {@link
   * Participant#update} or {@link Participant#rename}.
   *
   * @param room the room
   * @param participant the participant with its new attributes
   * @return the notice for all, its own connections included, or null
   */
  default @Nullable Payload participantUpdated(Room room, Participant participant) {
    return null;
  }

  /**
   * Returns what clients receive when {@link Room#deleteMessage} deletes a message. It is the
   * payload of an {@link Amendment}: it has a position, and is replayed to clients that resume.
   *
   * @param message the message, with its position
   * @return the notice for all, or null
   */
  default @Nullable Payload messageDeleted(Message message) {
    return null;
  }

  /**
   * Returns the notice that a participant has read more of a room, by {@link Room#markRead}. All
   * its connections receive it, so that they agree about what is unread; with {@link
   * RoomOptions#withReadReceipts}, all who may see the participants do.
   *
   * @param room the room
   * @param id the participant's id
   * @param position the position up to which it has read
   * @return the notice, or null
   */
  default @Nullable Payload readMarked(Room room, String id, Position position) {
    return null;
  }

  /**
   * Returns the notice that the topic changed.
   *
   * @param room the room
   * @param topic its new topic
   * @return the notice for all, or null
   */
  default @Nullable Payload topicChanged(Room room, String topic) {
    return null;
  }

  /**
   * Returns the notice that a role changed, by {@link Room#setRole}.
   *
   * @param room the room
   * @param participant the participant
   * @param role its new role
   * @return the notice for all, or null
   */
  default @Nullable Payload roleChanged(Room room, Participant participant, Role role) {
    return null;
  }
}
