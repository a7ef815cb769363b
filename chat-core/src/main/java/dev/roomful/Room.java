package dev.roomful;

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
  private final Core core;
  private final String name;
  private final RoomOptions options;

  /** Held for memory work only: never while application code or a transport runs. */
  final ReentrantLock lock = new ReentrantLock();

  /** Rooms that are locked together are locked in this order. */
  final long number;

  private final Seating seating = new Seating();
  final Speech speech;
  final Members members;
  private String topic = "";

  Room(Core core, String name, RoomOptions options, long number) {
    this.core = core;
    this.name = name;
    this.options = options;
    this.number = number;
    this.speech = new Speech(core, this, seating);
    this.members = new Members(core, this, seating, speech);
  }

  /**
   * The chat that the room is of.
   *
   * @return the chat
   */
  public Chat chat() {
    return core.chat;
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
      return seating.size();
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
      return seating.participants();
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
    return members.member(participant.id()) != null;
  }

  /**
   * Lets the room hear a message on behalf of its sender: those whom the room's policy selects.
   *
   * @param message what to hear, such as {@link Message#with} gives
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void broadcast(Message message) {
    broadcast(message, BroadcastPolicy.everyone());
  }

  /**
   * Lets a part of the room hear a message on behalf of its sender.
   *
   * @param message what to hear
   * @param narrower who hears it, among those whom the room's policy selects
   * @throws IllegalArgumentException if the policy has a {@link BroadcastPolicy#rule}, which only a
   *     room can have, or if the message is larger than half the bound of an outbox
   */
  public void broadcast(Message message, BroadcastPolicy narrower) {
    var unused = publish(message, narrower);
  }

  /**
   * Broadcasts, and tells where in the room the message is.
   *
   * @param message what to hear
   * @return its position; that of the first time if a message {@link Message#once} was broadcast
   *     with its key before. Completed already in a chat of one server
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public CompletionStage<Position> publish(Message message) {
    return publish(message, BroadcastPolicy.everyone());
  }

  /**
   * Broadcasts to a part of the room, and tells where in the room the message is.
   *
   * @param message what to hear
   * @param narrower who hears it, among those whom the room's policy selects
   * @return its position, as of {@link #publish(Message)}
   * @throws IllegalArgumentException as {@link #broadcast(Message, BroadcastPolicy)} does
   */
  public CompletionStage<Position> publish(Message message, BroadcastPolicy narrower) {
    requireData(narrower);
    return speech.give(message.to(options.policy().and(narrower)));
  }

  /**
   * Where the room is: the position of its latest message.
   *
   * @return the position; with the offset 0 if nothing was said yet
   */
  public Position position() {
    return speech.position();
  }

  /**
   * What the room has kept.
   *
   * @param page which part of it
   * @return the messages, the oldest first; nothing if all {@link Page#since} a position was asked
   *     for, and some of that is not there any more, or never was
   */
  public Optional<List<Message>> history(Page page) {
    return Optional.ofNullable(speech.kept(page))
        .map(all -> all.stream().map(Past.Kept::message).toList());
  }

  /**
   * What the room has kept and a participant may hear: not what was said to others, nor what it
   * said itself where the policy excludes the sender or the origin.
   *
   * @param page which part, counted before others' messages are left out
   * @param listener for whom
   * @return the messages, as of {@link #history(Page)}
   */
  public Optional<List<Message>> history(Page page, Participant listener) {
    return Optional.ofNullable(speech.kept(page))
        .map(
            all ->
                all.stream()
                    .filter(one -> one.isFor(listener))
                    .filter(one -> one.message().audience().rulesAllow(one.message(), listener))
                    .map(Past.Kept::message)
                    .toList());
  }

  /**
   * Lets those who are present now notice something that is not worth keeping, such as that
   * somebody is typing: it has no position, is in no history and no replay, and is the first to be
   * dropped for who reads slowly (its outbox is filled to a quarter).
   *
   * @param message what to hear, such as {@link Message#with} gives
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public void signal(Message message) {
    speech.signal(message.to(options.policy()));
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
    speech.signal(Message.announced(this, payload, BroadcastPolicy.everyone()));
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
    requireData(audience);
    if (audience.excludesSender() || audience.excludesOrigin()) {
      throw new IllegalArgumentException(
          "an announcement has no sender to leave out: use allBut(participant) in place of \""
              + audience
              + "\"");
    }
    var unused = speech.give(Message.announced(this, payload, audience));
  }

  /**
   * Removes a participant. Those of its connections that entered the chat in this room are closed,
   * with the code of {@link CloseStatus#KICKED}; others only leave the room. Those who are still
   * there are told by {@link Notices#expelled}.
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
    return members.expel(id, CloseStatus.KICKED.because(reason));
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
    CloseStatus status = CloseStatus.BANNED.because(reason);
    core.bans.impose(name, id, time, reason);
    return members.expel(id, status);
  }

  /**
   * Ends a ban.
   *
   * @param id the participant's id
   * @return false if it was not banned
   */
  public boolean unban(String id) {
    return core.bans.lift(name, id);
  }

  /**
   * Lets a participant say nothing in rooms of this name for a time: what it says is refused with
   * the code {@code muted}, see {@link RoomHandler#onRefused}. It hears what others say.
   *
   * @param id the participant's id
   * @param time for how long, more than zero
   * @param reason what it is told
   * @throws IllegalArgumentException if the time is not more than zero
   */
  public void mute(String id, Duration time, String reason) {
    core.mutes.impose(name, id, time, reason);
  }

  /**
   * Lets a participant speak again.
   *
   * @param id the participant's id
   * @return false if it was not muted
   */
  public boolean unmute(String id) {
    return core.mutes.lift(name, id);
  }

  /**
   * What a participant is in this room.
   *
   * @param id the participant's id
   * @return its role, or nothing if it is not in the room
   */
  public Optional<Role> role(String id) {
    return Optional.ofNullable(members.member(id)).map(member -> member.role);
  }

  /**
   * Gives a participant another role, until it leaves the room; those who are here are told as far
   * as {@link RoomOptions#notices} has words for it.
   *
   * @param id the participant's id
   * @param role the role
   * @return false if it is not in the room
   */
  public boolean appoint(String id, Role role) {
    return members.appoint(id, Objects.requireNonNull(role, "role"));
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
   * @param about the topic, at most 256 characters, none of them a control character; empty for
   *     none
   * @throws IllegalArgumentException if it is too long or has a control character
   */
  public void topic(String about) {
    Rooms.requireTopic(about);
    Frame notice = core.noticeOf(options.notices().topic(this, about));
    members.locked(
        () -> {
          topic = about;
          members.tell(notice, all -> true);
          return about;
        });
  }

  /**
   * What a participant does here in its own name.
   *
   * @param actor who acts
   * @return what its role lets it do
   */
  public Authority by(Participant actor) {
    return new Authority(this, actor);
  }

  /**
   * Takes a message out of the history: nobody hears of it any more who has not yet, and those who
   * are here are told as far as {@link RoomOptions#notices} has words for it.
   *
   * @param position where it is
   * @return the message, or nothing if none is kept there
   */
  public Optional<Message> remove(Position position) {
    return speech.remove(position);
  }

  /** Why a member may not speak. */
  Optional<Refusal> objection(Member member) {
    return objection(member.role, Role.Act.SPEAK)
        .or(() -> core.mutes.against(name, member.participant.id()));
  }

  /** Why a role may not do something. */
  Optional<Refusal> objection(Role role, Role.Act act) {
    return options.roles().allows(role, act)
        ? Optional.empty()
        : Optional.of(
            new Refusal(403, Refusal.NOT_ALLOWED, "a " + role.word() + " may not " + act.word()));
  }

  /**
   * Closes the room: everyone leaves, and connections that entered the chat here are closed with
   * the code of {@link CloseStatus#ROOM_CLOSED}. The name is free for a new room at once.
   *
   * @param reason what the participants are told, at most 123 bytes in UTF-8
   * @throws IllegalArgumentException if the reason is too long
   */
  public void close(String reason) {
    members.close(CloseStatus.ROOM_CLOSED.because(reason));
  }

  private static void requireData(BroadcastPolicy policy) {
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
