package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.DisplayNameRules;
import dev.roomful.internal.validation.Identifiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The rooms of a chat by name: made on the first join, forgotten when the last one has left. */
final class RoomRegistry {
  private final ChatRuntime runtime;
  private final @Nullable RoomOptions defaults; // null if only those that are declared come
  private final Map<String, RoomOptions> declared;
  private final ConcurrentMap<String, Room> byName = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();

  RoomRegistry(
      ChatRuntime runtime, @Nullable RoomOptions defaults, Map<String, RoomOptions> declared) {
    this.runtime = runtime;
    this.defaults = defaults;
    this.declared = Map.copyOf(declared);
  }

  void openPermanent() {
    declared.forEach(
        (name, options) -> {
          if (options.isPermanent()) {
            open(name, options);
          }
        });
  }

  Optional<Room> get(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Collection<Room> all() {
    return List.copyOf(byName.values());
  }

  /** Makes a room that stays until it is closed. */
  Room open(String name, RoomOptions options) {
    Identifiers.requireRoomName(name);
    AtomicReference<@Nullable Room> created = new AtomicReference<>();
    Room room =
        byName.computeIfAbsent(
            name,
            roomName -> {
              Room newRoom = create(roomName, options.withPermanent());
              created.set(newRoom);
              return newRoom;
            });
    if (room == null) {
      throw new IllegalStateException(
          "room \"" + name + "\" would be one more than the limit of " + runtime.limits.rooms());
    }
    if (room != created.get()) {
      throw new IllegalStateException(
          "room \"" + name + "\" exists already: get it with Chat.room, or close it first");
    }
    return room;
  }

  /** Lets a connection in; the participant's turns must be run afterwards. */
  Optional<Rejection> join(String name, JoinAttempt attempt) {
    Membership.JoinResult result = Membership.JoinResult.ROOM_CLOSED;
    while (result == Membership.JoinResult.ROOM_CLOSED) {
      Room room = byName.computeIfAbsent(name, this::create);
      if (room == null) {
        return Optional.of(isUnknown(name) ? unknownRoom(name) : tooManyRooms());
      }
      result = room.membership.join(attempt);
    }
    attempt.finish(runtime);
    return rejectionFor(result, name, attempt);
  }

  /** Lets a connection into a room in which its client is; if it is not any more, it stays out. */
  void rejoin(JoinAttempt attempt, Room room) {
    room.membership.join(attempt);
    attempt.finish(runtime);
  }

  private Optional<Rejection> rejectionFor(
      Membership.JoinResult result, String name, JoinAttempt attempt) {
    return switch (result) {
      case FULL -> Optional.of(roomFull(name));
      case BANNED -> Optional.of(banned(name, attempt.session.participant().id()));
      case NAME_TAKEN -> Optional.of(nameTaken(name, attempt.session.participant().name()));
      case TOO_MANY_ROOMS -> Optional.of(tooManyRoomsFor());
      case SESSION_CLOSED ->
          Optional.of(new Rejection(410, Rejection.GONE, "the connection has ended"));
      case JOINED, NOT_A_MEMBER, ROOM_CLOSED -> Optional.empty();
    };
  }

  private static boolean isNameTaken(AcceptedAdmission admission, Room room) {
    DisplayNames displayNames = room.options().displayNames();
    return !displayNames.areNumbered()
        && !room.membership.isNameFree(displayNames.key(admission.name()), admission.id());
  }

  static List<Room> inOrder(Collection<Room> rooms) {
    List<Room> inOrder = new ArrayList<>(new HashSet<>(rooms));
    inOrder.sort(Comparator.comparingLong(room -> room.number));
    return inOrder;
  }

  static Optional<Rejection> validateDisplayName(String displayName) {
    return Optional.ofNullable(DisplayNameRules.errorIn(displayName))
        .map(error -> new Rejection(400, Rejection.NAME, error));
  }

  static Rejection nameTaken(String room, String name) {
    return new Rejection(
        409, Rejection.NAME_TAKEN, "somebody in room \"" + room + "\" is called \"" + name + "\"");
  }

  private boolean isUnknown(String name) {
    return defaults == null && !declared.containsKey(name) && !byName.containsKey(name);
  }

  private static Rejection unknownRoom(String name) {
    return new Rejection(404, Rejection.UNKNOWN_ROOM, "there is no room \"" + name + "\"");
  }

  /** The ban may be over by now, which changes nothing. */
  private Rejection banned(String name, String id) {
    return runtime
        .bans
        .rejectionFor(name, id)
        .orElseGet(() -> new Rejection(403, Rejection.BANNED, ""));
  }

  /** What would be in the way of entering, as far as it can be told now. */
  Optional<Rejection> checkAdmission(AcceptedAdmission admission) {
    Optional<Rejection> banned = runtime.bans.rejectionFor(admission.room(), admission.id());
    if (banned.isPresent()) {
      return banned;
    }
    Room room = byName.get(admission.room());
    Optional<Participant> present = runtime.participants.get(admission.id());
    if (room == null) {
      if (isUnknown(admission.room())) {
        return Optional.of(unknownRoom(admission.room()));
      }
      if (count.get() >= runtime.limits.rooms()) {
        return Optional.of(tooManyRooms());
      }
    } else if (present.filter(room::contains).isPresent()) {
      return Optional.empty();
    } else if (room.size() >= room.options().capacity()) {
      return Optional.of(roomFull(admission.room()));
    } else if (isNameTaken(admission, room)) {
      return Optional.of(nameTaken(admission.room(), admission.name()));
    }
    return present
        .filter(participant -> participant.roomCount.get() >= runtime.limits.roomsPerParticipant())
        .map(participant -> tooManyRoomsFor());
  }

  /** Called under the room's lock. */
  void remove(Room room) {
    if (byName.remove(room.name(), room)) {
      count.decrementAndGet();
    }
  }

  /** One order for all of the rooms: they are locked together, each connection hears it once. */
  void announce(Payload payload, Collection<Room> targets) {
    List<Room> inOrder = inOrder(targets);
    Map<Overflow, Fanout> fanouts = new HashMap<>();
    Set<Session> reached = new HashSet<>();
    int locked = 0;
    try {
      for (Room room : inOrder) {
        room.lock.lock();
        locked++;
      }
      for (Room room : inOrder) {
        Fanout fanout =
            fanouts.computeIfAbsent(
                room.options().overflow(),
                overflow ->
                    Fanout.of(runtime.writeLoops, runtime.frameFor(payload, overflow), overflow));
        room.publisher.announce(payload, fanout, reached);
      }
    } finally {
      fanouts.values().forEach(Fanout::handOver);
      while (locked > 0) {
        inOrder.get(--locked).lock.unlock();
      }
    }
    fanouts.values().forEach(Fanout::finish);
    runtime.writeLoops.wake();
  }

  /** Called a few times a second: what has expired is not kept until somebody asks. */
  void trim(long now) {
    byName
        .values()
        .forEach(
            room -> {
              room.publisher.trim(now);
              room.membership.trim(now);
            });
  }

  TokenBucket newTokenBucket() {
    Limits limits = runtime.limits;
    return new TokenBucket(
        limits.participantMessagesPerSecond(),
        limits.participantMessageBurst(),
        runtime.scheduler.nanoTime());
  }

  private @Nullable Room create(String name) {
    RoomOptions options = declared.getOrDefault(name, defaults);
    return options == null ? null : create(name, options);
  }

  private @Nullable Room create(String name, RoomOptions options) {
    if (!reserveSlot()) {
      return null;
    }
    Room room = null;
    try {
      room = new Room(runtime, name, options, numbers.getAndIncrement());
    } finally {
      if (room == null) {
        count.decrementAndGet(); // the backplane has failed to open it
      }
    }
    return room;
  }

  private boolean reserveSlot() {
    if (count.incrementAndGet() > runtime.limits.rooms()) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  private Rejection tooManyRooms() {
    return new Rejection(
        503,
        Rejection.TOO_MANY_ROOMS,
        "the chat is at its limit of " + runtime.limits.rooms() + " rooms");
  }

  private Rejection tooManyRoomsFor() {
    return new Rejection(
        403,
        Rejection.TOO_MANY_ROOMS_JOINED,
        "it is in " + runtime.limits.roomsPerParticipant() + " rooms, which is the limit");
  }

  private static Rejection roomFull(String name) {
    return new Rejection(503, Rejection.ROOM_FULL, "room \"" + name + "\" is full");
  }
}
