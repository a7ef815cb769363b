package dev.roomful;

import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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
  private final Backplane.Line line;
  private final Past past;
  private boolean over;

  private String topic = "";

  /** What the line is just being given, with the lock held. */
  private @Nullable Delivery underWay;

  /** Notices that were given with the lock held, and have something left to do without it. */
  private List<Fanout> given = List.of();

  Room(Core core, String name, RoomOptions options, long number) {
    this.core = core;
    this.name = name;
    this.options = options;
    this.number = number;
    this.line = core.backplane.open(this, new Ear());
    this.past = new Past(options.history(), line.position());
    past.restore(line.kept(), core.engine.nanoTime());
  }

  /** What comes back from the backplane: within the call that gave it, or later. */
  private final class Ear implements Backplane.Listener {
    @Override
    public void heard(Message message) {
      Delivery own = underWay(); // of this thread, if it is giving the line something
      if (own != null) {
        hear(message, own);
      } else {
        Delivery delivery =
            message.position().isPresent()
                ? Delivery.of(core, message, options.overflow())
                : Delivery.fleeting(core, message, options.overflow());
        deliver(
            delivery,
            () -> {
              hear(message, delivery);
              return message;
            });
      }
    }

    @Override
    public void removed(Position position) {
      drop(position);
    }
  }

  private @Nullable Delivery underWay() {
    return lock.isHeldByCurrentThread() ? underWay : null;
  }

  /** Called with the lock held. */
  private void hear(Message message, Delivery delivery) {
    message.position().ifPresent(at -> past.add(message, at, core.engine.nanoTime()));
    delivery.reach(seating);
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
    return give(message.to(options.policy().and(narrower)));
  }

  private CompletionStage<Position> give(Message message) {
    return deliver(
        Delivery.of(core, message, options.overflow()),
        () -> over ? CompletableFuture.completedFuture(past.position()) : line.publish(message));
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
                    .filter(one -> one.message().audience().rulesAllow(one.message(), listener))
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
    Message fleeting = message.to(options.policy());
    Delivery delivery = Delivery.fleeting(core, fleeting, options.overflow());
    deliver(
        delivery,
        () -> {
          if (!over) {
            line.signal(fleeting);
          }
          return fleeting;
        });
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
    var unused = give(Message.announced(this, payload, audience));
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
    boolean sees = options.roles().allows(Objects.requireNonNull(role, "role"), Role.Act.SEE);
    lock.lock();
    try {
      Member member = seating.member(id);
      if (member != null) {
        member.role = role;
        member.sees = sees;
      }
      return member != null;
    } finally {
      lock.unlock();
    }
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
    Notices notices = options.notices();
    Frame notice = notices == null ? null : core.noticeOf(notices.topic(this, about));
    locked(
        () -> {
          topic = about;
          tell(notice, all -> true);
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
    Optional<Message> removed = drop(position);
    if (removed.isPresent()) {
      locked(
          () -> {
            if (!over) {
              line.remove(position);
            }
            return position;
          });
    }
    return removed;
  }

  private Optional<Message> drop(Position position) {
    return kept(position)
        .filter(
            message -> {
              Notices notices = options.notices();
              Frame notice = notices == null ? null : core.noticeOf(notices.removed(message));
              return locked(
                  () -> {
                    boolean first = past.remove(position);
                    if (first) {
                      tell(notice, all -> true);
                    }
                    return first;
                  });
            });
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
    CloseStatus status = CloseStatus.ROOM_CLOSED.because(reason);
    List<Seat> all;
    lock.lock();
    try {
      all = empty(status);
    } finally {
      lock.unlock();
    }
    sendOff(all, status);
  }

  /** Everyone out because the chat closes; their connections and callbacks are its business. */
  void evacuate() {
    lock.lock();
    try {
      empty(CloseStatus.RESTART);
    } finally {
      lock.unlock();
    }
  }

  private List<Seat> empty(CloseStatus why) {
    List<Seat> all = seating.all();
    boolean first = !over;
    over = true; // first, and nobody is told of the others' leaving
    all.forEach(seat -> vacate(seat, why));
    if (first) {
      // Last, or somebody could join a new room of this name before having left this one.
      end();
    }
    return all;
  }

  private void end() {
    over = true;
    line.close();
    core.rooms.forget(this);
  }

  /** Throws somebody out, which the others are told as such. */
  private boolean expel(String id, CloseStatus status) {
    Notices notices = options.notices();
    Participant who = find(id);
    return who != null
        && expel(id, status, notices == null ? null : core.noticeOf(notices.expelled(who, status)));
  }

  /** Takes a participant out that wants to go. */
  boolean release(String id) {
    Participant who = find(id);
    Notices notices = options.notices();
    return who != null
        && expel(id, CloseStatus.NORMAL, notices == null ? null : core.noticeOf(notices.left(who)));
  }

  private @Nullable Participant find(String id) {
    lock.lock();
    try {
      Member member = seating.member(id);
      return member == null ? null : member.participant;
    } finally {
      lock.unlock();
    }
  }

  private boolean expel(String id, CloseStatus status, @Nullable Frame notice) {
    List<Seat> theirs =
        locked(
            () -> {
              Member member = seating.member(id);
              if (member == null) {
                return List.<Seat>of();
              }
              member.farewell = notice;
              List<Seat> seats = new ArrayList<>(member.away);
              seats.addAll(member.seats);
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
  private void tell(@Nullable Frame notice, Predicate<Member> listeners) {
    if (notice == null || over) {
      return;
    }
    Fanout fanout = Fanout.of(core.lanes, notice, Overflow.DISCONNECT);
    for (Seat seat : seating.seats()) {
      if (listeners.test(seat.member)) {
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
          Notices notices = options.notices();
          if (notices != null) {
            Frame notice = core.noticeOf(notices.changed(who));
            Frame farewell = core.noticeOf(notices.left(who));
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
      tell(notice, listener -> listener.sees);
    }
    return member != null;
  }

  /** For seats that are vacant already. */
  private void sendOff(List<Seat> vacant, CloseStatus status) {
    for (Seat seat : vacant) {
      seat.visit.stand(seat);
      if (seat.visit.isAtHomeIn(this)) {
        seat.visit.end(status, Visit.Farewell.AFTER_FLUSH);
        seat.visit.dismiss(status);
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
    NAME_TAKEN,
    NOT_IN,
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
                if (!coming.isPreparedFor(missed)) {
                  return null;
                }
                Result added = add(coming, missed);
                return added == Result.NAME_TAKEN && coming.mayTryAnotherName(this) ? null : added;
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
    Result obstacle = present == null ? obstacleFor(coming) : Result.IN;
    if (obstacle == Result.IN) {
      Member member = present == null ? new Member(participant, coming.role) : present;
      Seat seat = new Seat(this, member, visit);
      if (visit.sit(seat)) {
        take(seat);
        if (present == null) {
          member.farewell = coming.farewell;
          member.sees = coming.sees;
          seating.name(member, coming.nameKey);
          tell(coming.introduction, listener -> listener != member && listener.sees);
        }
        if (options.greeting() != null || coming.replay != Page.nothing()) {
          coming.arrived(
              this,
              member.sees ? seating.participants() : List.of(),
              past.position(),
              missed,
              core.limits.outboxBytes() / 2);
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

  private Result obstacleFor(Coming coming) {
    Participant participant = coming.visit.participant();
    if (coming.back) {
      return Result.NOT_IN;
    }
    if (core.bans.against(name, participant.id()).isPresent()) {
      return Result.BANNED;
    }
    if (seating.size() >= options.capacity()) {
      return Result.FULL;
    }
    if (seating.isTaken(coming.nameKey, participant.id())) {
      return Result.NAME_TAKEN;
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

  /** Whether nobody else has such a name. */
  boolean isFree(@Nullable String nameKey, String id) {
    lock.lock();
    try {
      return !seating.isTaken(nameKey, id);
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  void rename(String id, @Nullable String nameKey) {
    Member member = seating.member(id);
    if (member != null) {
      seating.name(member, nameKey);
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

  /** Keeps the place of a connection that was lost. */
  void keep(Seat seat) {
    lock.lock();
    try {
      seating.keep(seat);
    } finally {
      lock.unlock();
    }
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
      tell(member.farewell, listener -> listener != member && listener.sees);
      forgetIfEmpty();
    }
  }

  private void forgetIfEmpty() {
    if (seating.size() == 0 && !options.isPermanent() && !over) {
      end();
    }
  }

  /** Gives the line something, or takes it from there, when all who are here have been judged. */
  private <T> T deliver(Delivery delivery, Supplier<T> step) {
    T done = null;
    while (done == null) {
      delivery.judge(this::participants);
      lock.lock();
      try {
        // Somebody may have come in since; the newcomer is then judged too, so that nobody who was
        // here misses what was for all.
        if (delivery.isFor(seating)) {
          done = step(delivery, step);
        }
      } finally {
        delivery.fanout.handOver();
        lock.unlock();
      }
    }
    delivery.fanout.finish();
    core.lanes.wake();
    return done;
  }

  private <T> T step(Delivery delivery, Supplier<T> step) {
    underWay = delivery;
    try {
      return step.get();
    } finally {
      underWay = null;
    }
  }

  /** To every connection in the room that was not reached before; with the lock held. */
  void announce(Payload payload, Fanout fanout, Set<Visit> reached) {
    Message message = Message.announced(this, payload, BroadcastPolicy.everyone());
    var unused = step(Delivery.together(fanout, message, reached), () -> line.publish(message));
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
