package dev.roomful;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A named place in which what one participant says is heard by others.
 *
 * <p>All who hear two messages of a room hear them in the same order, which is the order of the
 * calls where one call returned before the other started. Broadcasting never waits for a client: a
 * message is queued for each connection that is to hear it, within that connection's bound ({@link
 * Limits#outboxBytes}), and written later by others. A room that has been closed or forgotten has
 * nobody in it: what is said there is heard by nobody. Safe for use by many threads.
 */
public final class Room {
  private final ChatRuntime runtime;
  private final String name;
  private final RoomOptions options;

  /** Held for memory work only: never while application code or a transport runs. */
  final ReentrantLock lock = new ReentrantLock();

  /** Rooms that are locked together are locked in this order. */
  final long number;

  private final Roster roster = new Roster();
  final Publisher publisher;
  final Membership membership;
  private String topic = "";

  Room(ChatRuntime runtime, String name, RoomOptions options, long number) {
    this.runtime = runtime;
    this.name = name;
    this.options = options;
    this.number = number;
    this.publisher = new Publisher(runtime, this, roster);
    this.membership = new Membership(runtime, this, roster, publisher);
  }

  /**
   * The chat that the room is of.
   *
   * @return the chat
   */
  public Chat chat() {
    return runtime.chat;
  }

  /**
   * The name.
   *
   * @return 1 to 128 characters
   */
  public String name() {
    return name;
  }

  /**
   * How the room is.
   *
   * @return the options it was made with
   */
  public RoomOptions options() {
    return options;
  }

  /**
   * How many participants are in it.
   *
   * @return the number at this moment
   */
  public int size() {
    lock.lock();
    try {
      return roster.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who is in it.
   *
   * @return an immutable snapshot, in the order in which they came
   */
  public List<Participant> participants() {
    lock.lock();
    try {
      return roster.participants();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether somebody is in it.
   *
   * @param participant who may be
   * @return true if it is at this moment
   */
  public boolean contains(Participant participant) {
    return membership.member(participant.id()) != null;
  }

  /**
   * Lets the room hear a message on behalf of its sender: those whom the room's policy selects.
   *
   * @param message what to hear, such as {@link Message#withPayload} gives
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void broadcast(Message message) {
    broadcast(message, BroadcastPolicy.everyone());
  }

  /**
   * Lets a part of the room hear a message on behalf of its sender.
   *
   * @param message what to hear
   * @param policy who hears it, among those whom the room's policy selects
   * @throws IllegalArgumentException if the policy has a {@link BroadcastPolicy#rule}, which only a
   *     room can have, or if the message is larger than half the bound of an outbox
   */
  public void broadcast(Message message, BroadcastPolicy policy) {
    var unused = publish(message, policy);
  }

  /**
   * Broadcasts, and tells where in the room the message is.
   *
   * @param message what to hear
   * @return its position; that of the first time if a message {@link Message#withIdempotencyKey}
   *     was broadcast with its key before. Completed already in a chat of one server
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public CompletionStage<Position> publish(Message message) {
    return publish(message, BroadcastPolicy.everyone());
  }

  /**
   * Broadcasts to a part of the room, and tells where in the room the message is.
   *
   * @param message what to hear
   * @param policy who hears it, among those whom the room's policy selects
   * @return its position, as of {@link #publish(Message)}
   * @throws IllegalArgumentException as {@link #broadcast(Message, BroadcastPolicy)} does
   */
  public CompletionStage<Position> publish(Message message, BroadcastPolicy policy) {
    requireNoRules(policy);
    return publisher.publish(message.withAudience(options.policy().and(policy)));
  }

  /**
   * Where the room is: the position of its latest message.
   *
   * @return the position; with the offset 0 if nothing was said yet
   */
  public Position position() {
    return publisher.position();
  }

  /**
   * What the room has kept.
   *
   * @param range which part of it
   * @return the messages, the oldest first; nothing if all {@link HistoryRange#since} a position
   *     was asked for, and some of that is not there any more, or never was
   */
  public Optional<List<Message>> history(HistoryRange range) {
    return Optional.ofNullable(publisher.find(range))
        .map(messages -> messages.stream().map(MessageHistory.StoredMessage::message).toList());
  }

  /**
   * What the room has kept and a participant may hear: not what was said to others, nor what it
   * said itself where the policy excludes the sender or the origin.
   *
   * @param range which part, counted before others' messages are left out
   * @param recipient for whom
   * @return the messages, as of {@link #history(HistoryRange)}
   */
  public Optional<List<Message>> history(HistoryRange range, Participant recipient) {
    return Optional.ofNullable(publisher.find(range))
        .map(
            messages ->
                messages.stream()
                    .filter(stored -> stored.isFor(recipient))
                    .filter(
                        stored ->
                            stored.message().audience().rulesAllow(stored.message(), recipient))
                    .map(MessageHistory.StoredMessage::message)
                    .toList());
  }

  /**
   * Lets those who are present now notice something that is not worth keeping, such as that
   * somebody is typing: it has no position, is in no history and no replay, and is the first to be
   * dropped for who reads slowly (its outbox is filled to a quarter).
   *
   * @param message what to hear, such as {@link Message#withPayload} gives
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void signal(Message message) {
    publisher.signal(message.withAudience(options.policy()));
  }

  /**
   * Lets those who are present now notice something that no participant said, and that is not worth
   * keeping. As {@link #signal(Message)} otherwise; the room's policy, which is about senders, does
   * not apply.
   *
   * @param payload what to hear
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void signal(Payload payload) {
    publisher.signal(Message.announcement(this, payload, BroadcastPolicy.everyone()));
  }

  /**
   * Lets everyone in the room hear something that no participant said. The room's policy, which is
   * about senders, does not apply.
   *
   * @param text what to hear
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void announce(String text) {
    announce(Payload.text(text));
  }

  /**
   * Lets everyone in the room hear something that no participant said.
   *
   * @param payload what to hear
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void announce(Payload payload) {
    announce(payload, BroadcastPolicy.everyone());
  }

  /**
   * Lets a part of the room hear something that no participant said.
   *
   * @param payload what to hear
   * @param audience who hears it
   * @throws IllegalArgumentException if the policy has a rule or speaks of a sender, of which there
   *     is none, or if the payload is larger than half the bound of an outbox
   */
  public void announce(Payload payload, BroadcastPolicy audience) {
    requireNoRules(audience);
    if (audience.excludesSender() || audience.excludesOrigin()) {
      throw new IllegalArgumentException(
          "an announcement has no sender to leave out: use allBut(participant) in place of \""
              + audience
              + "\"");
    }
    var unused = publisher.publish(Message.announcement(this, payload, audience));
  }

  /**
   * Removes a participant. Those of its connections that entered the chat in this room are closed,
   * with the code of {@link CloseStatus#KICKED}; others only leave the room. Those who are still
   * there are told by {@link RoomNotices#participantRemoved}.
   *
   * @param participant who has to go
   * @param reason what the participant is told, at most 123 bytes in UTF-8
   * @return false if it was not in the room
   * @throws IllegalArgumentException if the reason is too long
   */
  public boolean kick(Participant participant, String reason) {
    return kick(participant.id(), reason);
  }

  /**
   * Removes a participant, as {@link #kick(Participant, String)} does.
   *
   * @param id the participant's id
   * @param reason what the participant is told, at most 123 bytes in UTF-8
   * @return false if it was not in the room
   * @throws IllegalArgumentException if the reason is too long
   */
  public boolean kick(String id, String reason) {
    return membership.removeMember(id, CloseStatus.KICKED.withReason(reason));
  }

  /**
   * Removes a participant, if it is there, and keeps it out of rooms of this name for a time: its
   * handshakes are refused with status 403 and the code {@code banned}, its joins likewise. Goes by
   * its id, whatever connections it has or will have.
   *
   * @param id the participant's id
   * @param time for how long, more than zero
   * @param reason what the participant is told, at most 123 bytes in UTF-8
   * @return false if it was not in the room
   * @throws IllegalArgumentException if the time is not more than zero or the reason is too long
   */
  public boolean ban(String id, Duration time, String reason) {
    CloseStatus status = CloseStatus.BANNED.withReason(reason);
    runtime.bans.impose(name, id, time, reason);
    return membership.removeMember(id, status);
  }

  /**
   * Ends a ban.
   *
   * @param id the participant's id
   * @return false if it was not banned
   */
  public boolean unban(String id) {
    return runtime.bans.lift(name, id);
  }

  /**
   * Lets a participant say nothing in rooms of this name for a time: what it says is refused with
   * the code {@code muted}, see {@link RoomHandler#onRejected}. It hears what others say.
   *
   * @param id the participant's id
   * @param time for how long, more than zero
   * @param reason what it is told
   * @throws IllegalArgumentException if the time is not more than zero
   */
  public void mute(String id, Duration time, String reason) {
    runtime.mutes.impose(name, id, time, reason);
  }

  /**
   * Lets a participant speak again.
   *
   * @param id the participant's id
   * @return false if it was not muted
   */
  public boolean unmute(String id) {
    return runtime.mutes.lift(name, id);
  }

  /**
   * What a participant is in this room.
   *
   * @param id the participant's id
   * @return its role, or nothing if it is not in the room
   */
  public Optional<Role> role(String id) {
    return Optional.ofNullable(membership.member(id)).map(member -> member.role);
  }

  /**
   * Gives a participant another role, until it leaves the room; those who are here are told as far
   * as {@link RoomOptions#notices} has words for it.
   *
   * @param id the participant's id
   * @param role the role
   * @return false if it is not in the room
   */
  public boolean setRole(String id, Role role) {
    return membership.setRole(id, Objects.requireNonNull(role, "role"));
  }

  /**
   * What the room is about.
   *
   * @return its topic, empty until there is one
   */
  public String topic() {
    lock.lock();
    try {
      return topic;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says what the room is about; those who are here are told as far as {@link RoomOptions#notices}
   * has words for it. Is forgotten with the room.
   *
   * @param newTopic the topic, at most 256 characters, none of them a control character; empty for
   *     none
   * @throws IllegalArgumentException if it is too long or has a control character
   */
  public void setTopic(String newTopic) {
    Identifiers.requireTopic(newTopic);
    Frame notice = runtime.noticeFrame(options.notices().topicChanged(this, newTopic));
    membership.locked(
        () -> {
          topic = newTopic;
          membership.sendNotice(notice, all -> true);
          return newTopic;
        });
  }

  /**
   * What a participant does here in its own name.
   *
   * @param actor who acts
   * @return what its role lets it do
   */
  public Moderation moderation(Participant actor) {
    return new Moderation(this, actor);
  }

  /**
   * Takes a message out of the history: nobody hears of it any more who has not yet, and those who
   * are here are told as far as {@link RoomOptions#notices} has words for it.
   *
   * @param position where it is
   * @return the message, or nothing if none is kept there
   */
  public Optional<Message> deleteMessage(Position position) {
    return publisher.delete(position);
  }

  /** Why a member may not speak. */
  Optional<Rejection> publishRejectionFor(Member member) {
    return rejectionFor(member.role, Role.Action.PUBLISH)
        .or(() -> runtime.mutes.rejectionFor(name, member.participant.id()));
  }

  /** Why a role may not do something. */
  Optional<Rejection> rejectionFor(Role role, Role.Action action) {
    return options.roles().allows(role, action)
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                403, Rejection.NOT_ALLOWED, "a " + role.label() + " may not " + action.label()));
  }

  /**
   * Closes the room: everyone leaves, and connections that entered the chat here are closed with
   * the code of {@link CloseStatus#ROOM_CLOSED}. The name is free for a new room at once.
   *
   * @param reason what the participants are told, at most 123 bytes in UTF-8
   * @throws IllegalArgumentException if the reason is too long
   */
  public void close(String reason) {
    membership.close(CloseStatus.ROOM_CLOSED.withReason(reason));
  }

  private static void requireNoRules(BroadcastPolicy policy) {
    if (policy.hasRules()) {
      throw new IllegalArgumentException(
          "a rule belongs to a room, not to a call: set it with RoomOptions.policy, or select"
              + " participants with only(...) or allBut(...)");
    }
  }

  @Override
  public String toString() {
    return "room \"" + name + "\"";
  }
}
