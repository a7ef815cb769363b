package dev.roomful;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A named place for messages. What one participant publishes is delivered to the others that the
 * room's {@link BroadcastPolicy} selects.
 *
 * <p><b>Order.</b> All recipients of two messages of a room receive them in the same order. If one
 * call of {@code publish} returned before another one started, that is their order.
 *
 * <p><b>Threads.</b> Safe for use by many threads. Publishing never waits for a client: a message
 * is queued in the outbox of each recipient, within its bound ({@link Limits#outboxBytes}), and
 * written by other threads.
 *
 * <p><b>Closed rooms.</b> A room that was closed, or removed because it was empty, accepts nothing
 * any more: what is published there is rejected with {@link Rejection#ROOM_CLOSED}.
 *
 * <p>Applications get rooms from a {@link Chat} and do not implement this interface.
 */
public interface Room {
  /** {@return the chat that has this room} */
  Chat chat();

  /** {@return the room's name, 1 to 128 characters} */
  String name();

  /** {@return the options that the room was created with} */
  RoomOptions options();

  /** {@return the number of participants in this room at this moment} */
  int size();

  /** {@return an immutable snapshot of the participants, in the order in which they joined} */
  List<Participant> participants();

  /**
   * Returns whether a participant is in this room at this moment.
   *
   * @param participant the participant
   * @return true if it is a member
   */
  boolean contains(Participant participant);

  /**
   * Publishes a message on behalf of its sender to all whom the room's policy selects.
   *
   * @param message the message, as it came to {@link RoomHandler#onMessage} or a changed copy
   * @return the message's position, completed already on a single node; the position of the first
   *     one if a message with the same {@link Message#withIdempotencyKey} was published before.
   *     Fails with a {@link RejectedException} if the message was not published ({@link
   *     Rejection#ROOM_CLOSED}, {@link Rejection#MUTED}, and those of an {@link Amendment})
   * @throws IllegalArgumentException if the payload is larger than half of an outbox
   */
  default CompletionStage<Position> publish(Message message) {
    return publish(message, BroadcastPolicy.everyone());
  }

  /**
   * Publishes a message on behalf of its sender to some of the recipients.
   *
   * @param message the message, as it came to {@link RoomHandler#onMessage} or a changed copy
   * @param policy selects among those whom the room's policy selects
   * @return the message's position, as of {@link #publish(Message)}
   * @throws IllegalArgumentException if the policy has a {@link BroadcastPolicy#rule}, which only a
   *     room's policy can have, or if the payload is larger than half of an outbox
   */
  CompletionStage<Position> publish(Message message, BroadcastPolicy policy);

  /**
   * Returns a message that the application publishes in the name of a sender, such as a bot or a
   * participant that has used a REST endpoint. {@link #publish} it. The sender does not have to be
   * connected, and {@link RoomHandler#onMessage} is not called. Mutes of the sender apply.
   *
   * @param sender who others see as its sender
   * @param payload the payload
   * @return the message
   * @throws IllegalArgumentException if the id of the sender is not 1 to 128 characters
   */
  Message messageFrom(Sender sender, Payload payload);

  /**
   * Publishes a text without a sender to everyone in the room.
   *
   * @param text the text
   * @return the message's position, as of {@link #publish(Message)}
   * @throws IllegalArgumentException if the text is larger than half of an outbox
   */
  default CompletionStage<Position> announce(String text) {
    return announce(Payload.text(text));
  }

  /**
   * Publishes a payload without a sender to everyone in the room. The room's policy, which is about
   * senders, does not apply.
   *
   * @param payload the payload
   * @return the message's position, as of {@link #publish(Message)}
   * @throws IllegalArgumentException if the payload is larger than half of an outbox
   */
  default CompletionStage<Position> announce(Payload payload) {
    return announce(payload, BroadcastPolicy.everyone());
  }

  /**
   * Publishes a payload without a sender to some participants of the room.
   *
   * @param payload the payload
   * @param audience selects the recipients
   * @return the message's position, as of {@link #publish(Message)}
   * @throws IllegalArgumentException if the policy has a rule or is about a sender, or if the
   *     payload is larger than half of an outbox
   */
  CompletionStage<Position> announce(Payload payload, BroadcastPolicy audience);

  /**
   * Sends a signal to those who are connected now: a message that is not stored, such as "is
   * typing". It has no position, is in no history and no replay, and is dropped for recipients
   * whose outbox is filled to a quarter.
   *
   * @param message the message, as it came to {@link RoomHandler#onMessage} or a changed copy
   * @return done, or rejected with {@link Rejection#ROOM_CLOSED}
   * @throws IllegalArgumentException if the payload is larger than half of an outbox
   */
  Outcome signal(Message message);

  /**
   * Sends a signal without a sender, as {@link #signal(Message)} otherwise. The room's policy,
   * which is about senders, does not apply.
   *
   * @param payload the payload
   * @return done, or rejected with {@link Rejection#ROOM_CLOSED}
   * @throws IllegalArgumentException if the payload is larger than half of an outbox
   */
  Outcome signal(Payload payload);

  /** {@return the position of the newest message; offset 0 if nothing was published yet} */
  Position position();

  /**
   * Returns stored messages.
   *
   * @param range which part of the history
   * @return the messages, oldest first; empty if the range is {@link HistoryRange#since} a position
   *     and some message after that position is not stored any more
   */
  Optional<List<Message>> history(HistoryRange range);

  /**
   * Returns the stored messages that a participant may receive: not those that were published to
   * others, nor its own where the policy excludes the sender.
   *
   * @param range which part of the history, counted before messages for others are left out
   * @param recipient the participant
   * @return the messages, as of {@link #history(HistoryRange)}
   */
  Optional<List<Message>> history(HistoryRange range, Participant recipient);

  /**
   * Publishes an amendment without a sender, which no role restricts. To amend a message as a
   * participant, {@link #publish} a message {@link Message#withAmendment}.
   *
   * @param amendment what is changed; no reaction, which needs a sender
   * @param payload what clients receive; for an edit, it replaces that of the message
   * @return the position of the amendment, as of {@link #publish(Message)}; fails with {@link
   *     Rejection#NOT_FOUND} if no message is stored at the target
   * @throws IllegalArgumentException if the amendment is a reaction, or the payload is larger than
   *     half of an outbox
   */
  CompletionStage<Position> amend(Amendment amendment, Payload payload);

  /**
   * Deletes a message, as {@link #amend} with {@link Amendment#delete} does: it is gone from the
   * history, with all amendments of it. Clients receive {@link RoomNotices#messageDeleted}, now or
   * when they resume.
   *
   * @param position the message's position
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if no message is stored there
   */
  Outcome deleteMessage(Position position);

  /**
   * Records that a participant has read all messages up to a position. A mark only moves forward:
   * an earlier position has no effect. It is the same on all connections and nodes, and lasts as
   * long as the history of the room. A room remembers the 10,000 marks that moved last. Those who
   * are concerned are notified by {@link RoomNotices#readMarked}.
   *
   * @param id the participant's id; it does not have to be connected
   * @param position the position of the last message that it has read
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if no message of the room had this
   *     position
   * @throws IllegalArgumentException if the id is not 1 to 128 characters
   */
  Outcome markRead(String id, Position position);

  /**
   * Returns up to which position a participant has read, by {@link #markRead}.
   *
   * @param id the participant's id
   * @return the position, or empty if there is no mark
   */
  Optional<Position> readMark(String id);

  /**
   * Counts the stored messages after the mark of a participant that it may receive and has not sent
   * itself. Amendments do not count. Without a mark, all stored messages are unread.
   *
   * @param id the participant's id
   * @return the number of unread messages, as far as they are stored
   */
  int unreadCount(String id);

  /**
   * Returns who has read a message, by {@link #markRead}.
   *
   * @param position the position of the message
   * @return the ids in their order; empty if no message of the room had this position
   */
  List<String> readersOf(Position position);

  /**
   * Removes a participant from the room. Its connections that joined the chat in this room are
   * closed with {@link CloseStatus#KICKED}; other connections only leave the room. The remaining
   * participants are notified by {@link RoomNotices#participantRemoved}.
   *
   * @param id the participant's id
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not in this room
   * @throws IllegalArgumentException if the reason is too long
   */
  Outcome kick(String id, String reason);

  /**
   * Removes a participant from the room, as {@link #kick(String, String)} does.
   *
   * @param participant the participant
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not in this room
   * @throws IllegalArgumentException if the reason is too long
   */
  default Outcome kick(Participant participant, String reason) {
    return kick(participant.id(), reason);
  }

  /**
   * Bans a participant id from rooms of this name and removes the participant if it is here. Its
   * handshakes and joins are rejected with {@link Rejection#BANNED} until the ban ends. A ban of
   * the same id replaces an earlier one.
   *
   * @param id the participant's id; it does not have to be connected
   * @param duration how long the ban lasts, more than zero
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected with {@link Rejection#TOO_MANY_SANCTIONS} if the room has as many
   *     bans as {@link Limits#sanctionsPerRoom}
   * @throws IllegalArgumentException if the id is not 1 to 128 characters, the duration is not more
   *     than zero, or the reason is too long
   */
  Outcome ban(String id, Duration duration, String reason);

  /**
   * Bans a participant, as {@link #ban(String, Duration, String)} does.
   *
   * @param participant the participant
   * @param duration how long the ban lasts, more than zero
   * @param reason the reason for the participant, at most 123 bytes in UTF-8
   * @return done, or rejected with {@link Rejection#TOO_MANY_SANCTIONS}
   * @throws IllegalArgumentException if the duration is not more than zero or the reason is too
   *     long
   */
  default Outcome ban(Participant participant, Duration duration, String reason) {
    return ban(participant.id(), duration, reason);
  }

  /**
   * Ends a ban.
   *
   * @param id the participant's id
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not banned
   */
  Outcome unban(String id);

  /**
   * Ends a ban, as {@link #unban(String)} does.
   *
   * @param participant the participant
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not banned
   */
  default Outcome unban(Participant participant) {
    return unban(participant.id());
  }

  /**
   * Mutes a participant id in rooms of this name: what it publishes is rejected with {@link
   * Rejection#MUTED}, see {@link RoomHandler#onRejected}. It still receives messages.
   *
   * @param id the participant's id; it does not have to be connected
   * @param duration how long it is muted, more than zero
   * @param reason the reason for the participant, at most 256 characters
   * @return done, or rejected with {@link Rejection#TOO_MANY_SANCTIONS} if the room has as many
   *     mutes as {@link Limits#sanctionsPerRoom}
   * @throws IllegalArgumentException if the id is not 1 to 128 characters, the duration is not more
   *     than zero, or the reason is too long
   */
  Outcome mute(String id, Duration duration, String reason);

  /**
   * Mutes a participant, as {@link #mute(String, Duration, String)} does.
   *
   * @param participant the participant
   * @param duration how long it is muted, more than zero
   * @param reason the reason for the participant, at most 256 characters
   * @return done, or rejected with {@link Rejection#TOO_MANY_SANCTIONS}
   * @throws IllegalArgumentException if the duration is not more than zero or the reason is too
   *     long
   */
  default Outcome mute(Participant participant, Duration duration, String reason) {
    return mute(participant.id(), duration, reason);
  }

  /**
   * Ends a mute.
   *
   * @param id the participant's id
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not muted
   */
  Outcome unmute(String id);

  /**
   * Ends a mute, as {@link #unmute(String)} does.
   *
   * @param participant the participant
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not muted
   */
  default Outcome unmute(Participant participant) {
    return unmute(participant.id());
  }

  /**
   * Returns the bans of this room that are in force, by participant id.
   *
   * <p>Each is the rejection that the participant receives when it wants to join, with the reason
   * of the ban and with the time until its end as {@link Rejection#retryAfter}. The map is a copy
   * in the order of the ids, and has at most {@link Limits#sanctionsPerRoom} entries. In a cluster
   * it contains the bans that this node knows.
   *
   * @return the bans
   */
  Map<String, Rejection> bans();

  /**
   * Returns the ban of a participant that is in force, as in {@link #bans}.
   *
   * @param id the participant's id
   * @return the ban, or empty if it is not banned
   */
  Optional<Rejection> banOf(String id);

  /**
   * Returns the mutes of this room that are in force, by participant id.
   *
   * <p>Each is the rejection that messages of the participant receive, with the reason of the mute
   * and with the time until its end as {@link Rejection#retryAfter}. The map is a copy as that of
   * {@link #bans}.
   *
   * @return the mutes
   */
  Map<String, Rejection> mutes();

  /**
   * Returns the mute of a participant that is in force, as in {@link #mutes}.
   *
   * @param id the participant's id
   * @return the mute, or empty if it is not muted
   */
  Optional<Rejection> muteOf(String id);

  /**
   * Returns the role of a participant in this room.
   *
   * @param id the participant's id
   * @return its role, or empty if it is not in this room
   */
  Optional<Role> role(String id);

  /**
   * Returns the role of a participant in this room.
   *
   * @param participant the participant
   * @return its role, or empty if it is not in this room
   */
  default Optional<Role> role(Participant participant) {
    return role(participant.id());
  }

  /**
   * Changes the role of a participant until it leaves the room. Participants who are here are
   * notified by {@link RoomNotices#roleChanged}.
   *
   * @param id the participant's id
   * @param role the new role
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not in this room
   */
  Outcome setRole(String id, Role role);

  /**
   * Changes the role of a participant, as {@link #setRole(String, Role)} does.
   *
   * @param participant the participant
   * @param role the new role
   * @return done, or rejected with {@link Rejection#NOT_FOUND} if it is not in this room
   */
  default Outcome setRole(Participant participant, Role role) {
    return setRole(participant.id(), role);
  }

  /** {@return the topic, empty if none was set} */
  String topic();

  /**
   * Sets the topic. Participants who are here are notified by {@link RoomNotices#topicChanged}. The
   * topic is lost when the room is removed.
   *
   * @param topic the topic, at most 256 characters without control characters; empty for none
   * @return done, or rejected with {@link Rejection#ROOM_CLOSED}
   * @throws IllegalArgumentException if the topic is too long or has a control character
   */
  Outcome setTopic(String topic);

  /**
   * Returns the operations that a participant may do in this room in its own name.
   *
   * @param actor the participant who acts
   * @return moderation that checks the role of the actor
   */
  Moderation moderation(Participant actor);

  /**
   * Closes the room: all participants leave, and connections that joined the chat here are closed
   * with {@link CloseStatus#ROOM_CLOSED}. The name is free for a new room at once. Has no effect on
   * a room that is closed already.
   *
   * @param reason the reason for the participants, at most 123 bytes in UTF-8
   * @throws IllegalArgumentException if the reason is too long
   */
  void close(String reason);
}
