package dev.roomful;

import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  private final Past past;
  private boolean over;

  /** Notices that were given with the lock held, and have something left to do without it. */
  private List<Fanout> given = List.of();

  Room(Core core, String name, RoomOptions options, long number) {
    this.core = core;
    this.name = name;
    this.options = options;
    this.number = number;
    this.past = new Past(options.history());
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
    lock.lock();
    try {
      return seating.member(participant.id()) != null;
    } finally {
      lock.unlock();
    }
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
    requireData(narrower);
    deliver(message.payload(), message, options.policy().and(narrower));
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
    long offset = deliver(message.payload(), message, options.policy().and(narrower));
    return CompletableFuture.completedFuture(new Position(position().epoch(), offset));
  }

  /**
   * Where the room is: the position of its latest message.
   *
   * @return the position; with the offset 0 if nothing was said yet
   */
  public Position position() {
    lock.lock();
    try {
      return past.position();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the room has kept.
   *
   * @param page which part of it
   * @return the messages, the oldest first; nothing if all {@link Page#since} a position was asked
   *     for, and some of that is not there any more, or never was
   */
  public Optional<List<Message>> history(Page page) {
    return Optional.ofNullable(kept(page))
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
    return Optional.ofNullable(kept(page))
        .map(
            all ->
                all.stream()
                    .filter(one -> one.isFor(listener))
                    .filter(one -> one.policy().rulesAllow(one.message(), listener))
                    .map(Past.Kept::message)
                    .toList());
  }

  private @Nullable List<Past.Kept> kept(Page page) {
    lock.lock();
    try {
      return past.page(page, core.engine.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  void trim(long now) {
    if (options.history().messages() > 0) {
      lock.lock();
      try {
        past.trim(now);
      } finally {
        lock.unlock();
      }
    }
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
    deliver(
        Fanout.fleeting(core.lanes, core.frameFor(message.payload(), options.overflow())),
        message.payload(),
        message,
        options.policy(),
        false);
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
    deliver(payload, null, audience);
  }

  /**
   * Removes a participant. Those of its connections that entered the chat in this room are closed,
   * with the code of {@link CloseStatus#KICKED}; others only leave the room.
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
    return expel(id, CloseStatus.KICKED.because(reason));
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
    return expel(id, status);
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
    lock.lock();
    try {
      return Optional.ofNullable(seating.member(id)).map(member -> member.role);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a participant another role, until it leaves the room.
   *
   * @param id the participant's id
   * @param role the role
   * @return false if it is not in the room
   */
  public boolean appoint(String id, Role role) {
    Objects.requireNonNull(role, "role");
    lock.lock();
    try {
      Member member = seating.member(id);
      if (member != null) {
        member.role = role;
      }
      return member != null;
    } finally {
      lock.unlock();
    }
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
   * Takes a message out of the history: nobody hears of it any more who has not yet. Those who have
   * are the application's to tell.
   *
   * @param position where it is
   * @return the message, or nothing if none is kept there
   */
  public Optional<Message> remove(Position position) {
    lock.lock();
    try {
      return Optional.ofNullable(past.remove(position));
    } finally {
      lock.unlock();
    }
  }

  Optional<Message> kept(Position position) {
    lock.lock();
    try {
      return Optional.ofNullable(past.at(position));
    } finally {
      lock.unlock();
    }
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
            new Refusal(403, "not-allowed", "a " + role.word() + " may not " + act.word()));
  }

  /**
   * Closes the room: everyone leaves, and connections that entered the chat here are closed with
   * the code of {@link CloseStatus#ROOM_CLOSED}. The name is free for a new room at once.
   *
   * @param reason what the participants are told, at most 123 bytes in UTF-8
   * @throws IllegalArgumentException if the reason is too long
   */
  public void close(String reason) {
    CloseStatus status = CloseStatus.ROOM_CLOSED.because(reason);
    List<Seat> all;
    lock.lock();
    try {
      over = true;
      all = seating.seats();
      empty(status);
      // Last, or somebody could join a new room of this name before having left this one.
      core.rooms.forget(this);
    } finally {
      lock.unlock();
    }
    sendOff(all, status);
  }

  /** Everyone out because the chat closes; their connections and callbacks are its business. */
  void evacuate() {
    lock.lock();
    try {
      over = true;
      empty(CloseStatus.RESTART);
      core.rooms.forget(this);
    } finally {
      lock.unlock();
    }
  }

  boolean expel(String id, CloseStatus status) {
    List<Seat> theirs =
        locked(
            () -> {
              Member member = seating.member(id);
              List<Seat> seats = member == null ? List.of() : List.copyOf(member.seats);
              seats.forEach(seat -> vacate(seat, status));
              return seats;
            });
    sendOff(theirs, status);
    return !theirs.isEmpty();
  }

  /** Does memory work with the lock, and then without it what its notices have left to do. */
  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    List<Fanout> notices;
    T result;
    lock.lock();
    try {
      result = work.get();
      notices = given;
      given = List.of();
    } finally {
      lock.unlock();
    }
    if (!notices.isEmpty()) {
      core.lanes.wake();
      for (Fanout notice : notices) {
        if (!notice.isDone()) {
          // Elsewhere: who is too slow leaves, of which there is a notice, for which another one
          // may be too slow.
          core.engine.callbacks().execute(notice::finish);
        }
      }
    }
    return result;
  }

  /** Called with the lock held. */
  private void tell(@Nullable Frame notice, @Nullable Member but) {
    if (notice == null || over) {
      return;
    }
    Fanout fanout = Fanout.of(core.lanes, notice, Overflow.DISCONNECT);
    for (Seat seat : seating.seats()) {
      if (seat.member != but) {
        fanout.to(seat);
      }
    }
    fanout.handOver();
    given = given.isEmpty() ? new ArrayList<>() : given;
    given.add(fanout);
  }

  /** Called in the participant's turn. */
  void changed(Participant who) {
    core.call(
        "onChange",
        who,
        this,
        null,
        handler -> {
          Presence presence = options.presence();
          if (presence != null) {
            Frame notice = core.noticeOf(presence.changed(who));
            Frame farewell = core.noticeOf(presence.left(who));
            locked(() -> change(who, notice, farewell));
          }
          if (contains(who)) {
            handler.onChange(this, who);
          }
        });
  }

  private boolean change(Participant who, @Nullable Frame notice, @Nullable Frame farewell) {
    Member member = seating.member(who.id());
    if (member != null) {
      member.farewell = farewell;
      tell(notice, null);
    }
    return member != null;
  }

  /** For seats that are vacant already. */
  private void sendOff(List<Seat> vacant, CloseStatus status) {
    for (Seat seat : vacant) {
      seat.visit.stand(seat);
      if (seat.visit.isAtHomeIn(this)) {
        seat.visit.end(status, Visit.Farewell.AFTER_FLUSH);
      }
    }
    vacant.forEach(seat -> seat.member.participant.turns.run());
  }

  /** How an attempt to come in went. */
  enum Result {
    IN,
    FULL,
    TOO_MANY_ROOMS,
    BANNED,
    VISIT_OVER,
    ROOM_OVER
  }

  /** Lets a connection in; the participant's turns must be run afterwards. */
  Result add(Coming coming) {
    // What the application has to say to it is asked without the lock; what has changed meanwhile
    // is
    // asked about too.
    Result result = null;
    while (result == null) {
      coming.prepare(core, this);
      result =
          locked(
              () -> {
                List<Past.Kept> missed = past.page(coming.replay, core.engine.nanoTime());
                return coming.isPreparedFor(missed) ? add(coming, missed) : null;
              });
    }
    return result;
  }

  private Result add(Coming coming, @Nullable List<Past.Kept> missed) {
    Visit visit = coming.visit;
    Participant participant = visit.participant();
    if (over) {
      return Result.ROOM_OVER;
    }
    Member present = seating.member(participant.id());
    if (present != null && present.seats.stream().anyMatch(seat -> seat.visit == visit)) {
      return Result.IN;
    }
    Result obstacle = present == null ? obstacleFor(participant) : Result.IN;
    if (obstacle == Result.IN) {
      Member member = present == null ? new Member(participant, coming.role) : present;
      Seat seat = new Seat(this, member, visit);
      if (visit.sit(seat)) {
        take(seat);
        if (present == null) {
          member.farewell = coming.farewell;
          tell(coming.introduction, member);
        }
        if (options.greeting() != null || coming.replay != Page.nothing()) {
          coming.arrived(
              this, seating.participants(), past.position(), missed, core.limits.outboxBytes() / 2);
        }
        return Result.IN;
      }
      if (present == null) {
        participant.roomCount.decrementAndGet();
      }
      obstacle = Result.VISIT_OVER;
    }
    forgetIfEmpty();
    return obstacle;
  }

  private Result obstacleFor(Participant participant) {
    if (core.bans.against(name, participant.id()).isPresent()) {
      return Result.BANNED;
    }
    if (seating.size() >= options.capacity()) {
      return Result.FULL;
    }
    return participant.claimRoom(core.limits.roomsPerParticipant())
        ? Result.IN
        : Result.TOO_MANY_ROOMS;
  }

  private void take(Seat seat) {
    if (seating.take(seat)) {
      Participant who = seat.member.participant;
      who.turns.add(
          () -> core.call("onJoin", who, this, seat.visit, handler -> handler.onJoin(this, who)));
    }
  }

  /** Takes one connection out; the participant's turns must be run afterwards. */
  void remove(Seat seat, CloseStatus why) {
    locked(
        () -> {
          vacate(seat, why);
          return seat;
        });
  }

  private void vacate(Seat seat, CloseStatus why) {
    if (seating.has(seat) && seating.free(seat)) {
      Member member = seat.member;
      Participant who = member.participant;
      who.roomCount.decrementAndGet();
      who.turns.add(
          () -> {
            member.left = true;
            core.call("onLeave", who, this, null, handler -> handler.onLeave(this, who, why));
          });
      tell(member.farewell, member);
      forgetIfEmpty();
    }
  }

  private void forgetIfEmpty() {
    if (seating.size() == 0 && !options.isPermanent() && !over) {
      over = true;
      core.rooms.forget(this);
    }
  }

  private void empty(CloseStatus why) {
    seating.seats().forEach(seat -> vacate(seat, why));
  }

  /** Its offset. */
  private long deliver(Payload payload, @Nullable Message message, BroadcastPolicy policy) {
    Frame frame = core.frameFor(payload, options.overflow());
    return deliver(
        Fanout.of(core.lanes, frame, options.overflow()), payload, message, policy, true);
  }

  private long deliver(
      Fanout fanout,
      Payload payload,
      @Nullable Message message,
      BroadcastPolicy policy,
      boolean lasting) {
    boolean ruled = message != null && policy.hasRules();
    Map<Participant, Boolean> verdicts = ruled ? new HashMap<>() : Map.of();
    long offset = 0;
    for (boolean delivered = false; !delivered; ) {
      if (message != null && ruled) {
        for (Participant listener : participants()) {
          verdicts.computeIfAbsent(listener, who -> policy.rulesAllow(message, who));
        }
      }
      lock.lock();
      try {
        // Rules are application code and run without the lock. Somebody may have come in since; the
        // newcomer is then judged too, so that nobody who was here misses what was for all.
        if (!ruled || seating.allJudged(verdicts)) {
          offset = message == null || !lasting ? 0 : past.known(message);
          if (offset == 0) {
            offset = lasting ? keep(payload, message, policy) : 0;
            seating.select(fanout, message, policy, verdicts);
          }
          delivered = true;
        }
      } finally {
        fanout.handOver();
        lock.unlock();
      }
    }
    fanout.finish();
    core.lanes.wake();
    return offset;
  }

  private long keep(Payload payload, @Nullable Message said, BroadcastPolicy policy) {
    return options.history().messages() == 0 && (said == null || said.key() == null)
        ? past.pass()
        : past.add(
            said == null ? Message.announced(this, payload) : said, policy, core.engine.nanoTime());
  }

  /** To every connection in the room that was not reached before; with the lock held. */
  void selectAll(Payload payload, Fanout fanout, Set<Visit> reached) {
    keep(payload, null, BroadcastPolicy.everyone());
    for (Seat seat : seating.seats()) {
      if (reached.add(seat.visit)) {
        fanout.to(seat);
      }
    }
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
