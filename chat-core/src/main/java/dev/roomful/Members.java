package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.dialect.Interpreter;
import dev.roomful.dialect.Presence;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who comes into a room and goes, and how the others are told. */
final class Members {
  private static final Frame NOTHING = Frame.text("");

  private final Core core;
  private final Room room;
  private final ReentrantLock lock;
  private final RoomOptions options;
  private final Seating seating;
  private final Speech speech;

  /** Notices that were given with the lock held, and have something left to do without it. */
  private List<Fanout> given = List.of();

  // With the lock held.
  private boolean visited;
  private long emptySince;

  Members(Core core, Room room, Seating seating, Speech speech) {
    this.core = core;
    this.room = room;
    this.lock = room.lock;
    this.options = room.options();
    this.seating = seating;
    this.speech = speech;
  }

  /** Everybody out, and nobody in any more. */
  void close(CloseStatus status) {
    List<Seat> all =
        locked(
            () -> {
              List<Seat> seats = empty(status);
              seats.forEach(seat -> tellRemoved(seat, status));
              return seats;
            });
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
    boolean first = !seating.over;
    seating.over = true; // first, and nobody is told of the others' leaving
    all.forEach(seat -> vacate(seat, why));
    if (first) {
      // Last, or somebody could join a new room of this name before having left this one.
      end();
    }
    return all;
  }

  private void end() {
    seating.over = true;
    speech.end();
    core.rooms.forget(room);
  }

  /** Throws somebody out, which the others are told as such. */
  boolean expel(String id, CloseStatus status) {
    Participant who = find(id);
    return who != null
        && expel(id, status, core.noticeOf(options.notices().expelled(room, who, status)));
  }

  /** Takes a participant out that wants to go. */
  boolean release(String id) {
    Participant who = find(id);
    return who != null
        && expel(id, CloseStatus.NORMAL, core.noticeOf(options.notices().left(room, who)));
  }

  private @Nullable Participant find(String id) {
    Member member = member(id);
    return member == null ? null : member.participant;
  }

  @Nullable Member member(String id) {
    lock.lock();
    try {
      return seating.member(id);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a member another role; false if there is no such member. */
  boolean appoint(String id, Role role) {
    Participant who = find(id);
    if (who == null) {
      return false;
    }
    boolean sees = options.roles().allows(role, Role.Act.SEE);
    Frame notice = core.noticeOf(options.notices().appointed(room, who, role));
    return locked(
        () -> {
          Member member = seating.member(id);
          if (member != null) {
            member.role = role;
            member.sees = sees;
            tell(notice, all -> true);
          }
          return member != null;
        });
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
              seats.forEach(seat -> tellRemoved(seat, status));
              return seats;
            });
    sendOff(theirs, status);
    return !theirs.isEmpty();
  }

  /** Does memory work with the lock, and then without it what its notices have left to do. */
  <T extends @Nullable Object> T locked(Supplier<T> work) {
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
  void tell(@Nullable Frame notice, Predicate<Member> listeners) {
    if (notice == null || seating.over) {
      return;
    }
    Fanout fanout = Fanout.of(core.lanes, notice, Overflow.DISCONNECT);
    fanout.wording(dialect -> dialect.noticed(room, Payload.of(notice)));
    give(fanout, seat -> listeners.test(seat.member));
  }

  /** Who comes and goes is told in the application's words to those who hear plain text. */
  private void tellPlain(@Nullable Frame notice, Predicate<Member> listeners) {
    if (notice != null && !seating.over) {
      give(
          Fanout.of(core.lanes, notice, Overflow.DISCONNECT),
          seat -> seat.dialect == null && listeners.test(seat.member));
    }
  }

  /** And in its own words to each dialect. */
  private void tellPresence(Seat who, BiFunction<Dialect, Presence, Frame> words) {
    if (!seating.over && seating.isPresenceHeard() && who.appearance.announced()) {
      Presence presence = presence(who);
      Fanout fanout = Fanout.of(core.lanes, NOTHING, Overflow.DISCONNECT);
      fanout.wording(dialect -> words.apply(dialect, presence));
      give(fanout, seat -> seat.appearance.watches() && seat.member.sees);
    }
  }

  /** Under the lock, or it would not be the last that is heard of this room, and only this once. */
  private void tellRemoved(Seat seat, CloseStatus why) {
    Stay stay = seat.visit.stay();
    if (stay == null) {
      return;
    }
    seat.visit.stand(seat);
    Interpreter interpreter = stay.interpreter;
    Frame words = interpreter.removed(room, why);
    if (words != null) {
      Fanout fanout = Fanout.of(core.lanes, NOTHING, Overflow.DISCONNECT);
      fanout.wording(dialect -> words);
      fanout.to(seat);
      give(fanout);
    }
  }

  private void give(Fanout fanout, Predicate<Seat> listeners) {
    for (Seat seat : seating.seats()) {
      if (listeners.test(seat)) {
        fanout.to(seat);
      }
    }
    give(fanout);
  }

  private void give(Fanout fanout) {
    fanout.handOver();
    given = given.isEmpty() ? new ArrayList<>() : given;
    given.add(fanout);
  }

  private static Presence presence(Seat seat) {
    return new Presence(seat.visit.id(), seat.member.participant, seat.appearance.badge());
  }

  List<Presence> present() {
    lock.lock();
    try {
      return seating.all().stream()
          .filter(seat -> seat.appearance.listed())
          .map(Members::presence)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Called in the participant's turn. */
  void changed(Participant who) {
    core.call(
        "onChange",
        who,
        room,
        null,
        handler -> {
          Frame notice = core.noticeOf(options.notices().changed(room, who));
          Frame farewell = core.noticeOf(options.notices().left(room, who));
          locked(() -> change(who, notice, farewell));
          if (room.contains(who)) {
            handler.onChange(room, who);
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
      if (seat.visit.isAtHomeIn(room)) {
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
    // is asked about too.
    Result result = null;
    while (result == null) {
      coming.prepare(core, room);
      result =
          locked(
              () -> {
                List<Past.Kept> missed = speech.kept(coming.replay);
                if (!coming.isPreparedFor(missed)) {
                  return null;
                }
                Result added = add(coming, missed);
                return added == Result.NAME_TAKEN && coming.mayTryAnotherName(room) ? null : added;
              });
    }
    return result;
  }

  private Result add(Coming coming, @Nullable List<Past.Kept> missed) {
    Visit visit = coming.visit;
    Participant participant = visit.participant();
    if (seating.over) {
      return Result.ROOM_OVER;
    }
    Member present = seating.member(participant.id());
    if (present != null && present.seats.stream().anyMatch(seat -> seat.visit == visit)) {
      return Result.IN;
    }
    Result obstacle = present == null ? obstacleFor(coming) : Result.IN;
    if (obstacle == Result.IN) {
      Member member = present == null ? new Member(participant, coming.role) : present;
      Seat seat = new Seat(room, member, visit, coming.appearance);
      if (visit.sit(seat)) {
        take(seat);
        if (present == null) {
          member.farewell = coming.farewell;
          member.sees = coming.sees;
          seating.name(member, coming.nameKey);
          tellPlain(coming.introduction, listener -> listener != member && listener.sees);
        }
        if (coming.wantsArrival(room)) {
          coming.arrived(
              room,
              member.sees && coming.wantsParticipants(room) ? seating.participants() : List.of(),
              speech.position(),
              missed,
              core.limits.outboxBytes() / 2);
        }
        tellPresence(seat, (dialect, who) -> dialect.came(room, who)); // behind its own arrival
        return Result.IN;
      }
      if (present == null) {
        participant.roomCount.decrementAndGet();
      }
      obstacle = Result.VISIT_OVER;
    }
    if (isForgettable() && !visited) {
      end(); // made for somebody who did not come in
    }
    return obstacle;
  }

  private Result obstacleFor(Coming coming) {
    Participant participant = coming.visit.participant();
    if (coming.back) {
      return Result.NOT_IN;
    }
    if (core.bans.against(room.name(), participant.id()).isPresent()) {
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
    visited = true;
    if (seating.take(seat)) {
      Participant who = seat.member.participant;
      who.turns.add(
          () -> core.call("onJoin", who, room, seat.visit, handler -> handler.onJoin(room, who)));
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
    if (!seating.has(seat)) {
      return;
    }
    boolean last = seating.free(seat);
    tellPresence(seat, (dialect, gone) -> dialect.went(room, gone));
    if (last) {
      Member member = seat.member;
      Participant who = member.participant;
      who.roomCount.decrementAndGet();
      who.turns.add(
          () -> {
            member.left = true;
            core.call("onLeave", who, room, null, handler -> handler.onLeave(room, who, why));
          });
      tellPlain(member.farewell, listener -> listener != member && listener.sees);
      if (isForgettable() && options.linger().isZero()) {
        end();
      }
      emptySince = core.engine.nanoTime();
    }
  }

  private boolean isForgettable() {
    return seating.size() == 0 && !options.isPermanent() && !seating.over;
  }

  /** Called a few times a second. */
  void trim(long now) {
    if (options.linger().isZero()) {
      return;
    }
    lock.lock();
    try {
      Duration empty = Duration.ofNanos(now - emptySince);
      if (isForgettable() && visited && empty.compareTo(options.linger()) >= 0) {
        end();
      }
    } finally {
      lock.unlock();
    }
  }
}
