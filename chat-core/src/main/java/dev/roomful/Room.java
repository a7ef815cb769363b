package dev.roomful;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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

  private final Map<String, Member> members = new LinkedHashMap<>();
  private @Nullable Seat[] seats = new Seat[4];
  private int seatCount;
  private boolean over;

  Room(Core core, String name, RoomOptions options, long number) {
    this.core = core;
    this.name = name;
    this.options = options;
    this.number = number;
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
      return members.size();
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
      return members.values().stream().map(member -> member.participant).toList();
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
      return members.containsKey(participant.id());
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
    return expel(participant, CloseStatus.KICKED.because(reason));
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
      all = seats();
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

  boolean expel(Participant participant, CloseStatus status) {
    List<Seat> theirs;
    lock.lock();
    try {
      Member member = members.get(participant.id());
      if (member == null) {
        return false;
      }
      theirs = List.copyOf(member.seats);
      theirs.forEach(seat -> vacate(seat, status));
    } finally {
      lock.unlock();
    }
    sendOff(theirs, status);
    return true;
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
    VISIT_OVER,
    ROOM_OVER
  }

  /** Lets a connection in; the participant's turns must be run afterwards. */
  Result add(Visit visit) {
    Participant participant = visit.participant();
    lock.lock();
    try {
      if (over) {
        return Result.ROOM_OVER;
      }
      Member present = members.get(participant.id());
      if (present != null && present.seats.stream().anyMatch(seat -> seat.visit == visit)) {
        return Result.IN;
      }
      Result obstacle = present == null ? obstacleFor(participant) : Result.IN;
      if (obstacle == Result.IN) {
        Member member = present == null ? new Member(participant) : present;
        Seat seat = new Seat(this, member, visit);
        if (visit.sit(seat)) {
          take(seat);
          return Result.IN;
        }
        if (present == null) {
          participant.roomCount.decrementAndGet();
        }
        obstacle = Result.VISIT_OVER;
      }
      forgetIfEmpty();
      return obstacle;
    } finally {
      lock.unlock();
    }
  }

  private Result obstacleFor(Participant participant) {
    if (members.size() >= options.capacity()) {
      return Result.FULL;
    }
    return participant.claimRoom(core.limits.roomsPerParticipant())
        ? Result.IN
        : Result.TOO_MANY_ROOMS;
  }

  private void take(Seat seat) {
    if (seatCount == seats.length) {
      seats = Arrays.copyOf(seats, seatCount * 2);
    }
    seat.index = seatCount;
    seats[seatCount++] = seat;
    seat.member.seats.add(seat);
    if (seat.member.seats.size() == 1) {
      Participant who = seat.member.participant;
      members.put(who.id(), seat.member);
      who.turns.add(
          () -> core.call("onJoin", who, this, seat.visit, handler -> handler.onJoin(this, who)));
    }
  }

  /** Takes one connection out; the participant's turns must be run afterwards. */
  void remove(Seat seat, CloseStatus why) {
    lock.lock();
    try {
      vacate(seat, why);
    } finally {
      lock.unlock();
    }
  }

  private void vacate(Seat seat, CloseStatus why) {
    if (seat.index >= seatCount || seats[seat.index] != seat) {
      return; // two reasons to leave have raced, and this one lost
    }
    Seat moved = seats[--seatCount];
    seats[seatCount] = null;
    if (moved != null && moved != seat) {
      seats[seat.index] = moved;
      moved.index = seat.index;
    }
    Member member = seat.member;
    member.seats.remove(seat);
    if (member.seats.isEmpty()) {
      Participant who = member.participant;
      members.remove(who.id());
      who.roomCount.decrementAndGet();
      who.turns.add(
          () -> {
            member.left = true;
            core.call("onLeave", who, this, null, handler -> handler.onLeave(this, who, why));
          });
      forgetIfEmpty();
    }
  }

  private void forgetIfEmpty() {
    if (members.isEmpty() && !options.isPermanent() && !over) {
      over = true;
      core.rooms.forget(this);
    }
  }

  private void empty(CloseStatus why) {
    seats().forEach(seat -> vacate(seat, why));
  }

  private List<Seat> seats() {
    List<Seat> all = new ArrayList<>(seatCount);
    for (int i = 0; i < seatCount; i++) {
      Seat seat = seats[i];
      if (seat != null) {
        all.add(seat);
      }
    }
    return all;
  }

  private void deliver(Payload payload, @Nullable Message message, BroadcastPolicy policy) {
    Frame frame = core.frameFor(payload, options.overflow());
    Map<Participant, Boolean> verdicts =
        message != null && policy.hasRules() ? new HashMap<>() : Map.of();
    Fanout fanout = new Fanout(frame, options.overflow());
    for (boolean delivered = false; !delivered; ) {
      if (message != null && policy.hasRules()) {
        for (Participant listener : participants()) {
          verdicts.computeIfAbsent(listener, who -> policy.rulesAllow(message, who));
        }
      }
      lock.lock();
      try {
        // Rules are application code and run without the lock. Somebody may have come in since:
        // then
        // the newcomer is judged too, so that nobody who was here misses what was for all.
        if (!policy.hasRules() || message == null || allJudged(verdicts)) {
          select(fanout, message, policy, verdicts);
          delivered = true;
        }
      } finally {
        lock.unlock();
      }
    }
    fanout.finish();
    core.lanes.wake();
  }

  private boolean allJudged(Map<Participant, Boolean> verdicts) {
    return members.values().stream().allMatch(member -> verdicts.containsKey(member.participant));
  }

  private void select(
      Fanout fanout,
      @Nullable Message message,
      BroadcastPolicy policy,
      Map<Participant, Boolean> verdicts) {
    Visit origin = message != null && policy.excludesOrigin() ? message.origin() : null;
    Member sender =
        message != null && policy.excludesSender() ? members.get(message.sender().id()) : null;
    boolean plain = !policy.excludesSome() && verdicts.isEmpty();
    Set<String> only = policy.onlyIds();
    if (only == null) {
      for (int i = 0; i < seatCount; i++) {
        Seat seat = seats[i];
        if (seat != null
            && seat.member != sender
            && seat.visit != origin
            && (plain || hears(seat.member.participant, policy, verdicts))) {
          fanout.to(seat);
        }
      }
      return;
    }
    for (String id : only) {
      Member member = members.get(id);
      if (member != null
          && member != sender
          && (plain || hears(member.participant, policy, verdicts))) {
        for (Seat seat : member.seats) {
          if (seat.visit != origin) {
            fanout.to(seat);
          }
        }
      }
    }
  }

  private static boolean hears(
      Participant listener, BroadcastPolicy policy, Map<Participant, Boolean> verdicts) {
    return !policy.excludes(listener) && verdicts.getOrDefault(listener, true);
  }

  /** To every connection in the room that was not reached before; with the lock held. */
  void selectAll(Fanout fanout, Set<Visit> reached) {
    for (Seat seat : seats()) {
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
