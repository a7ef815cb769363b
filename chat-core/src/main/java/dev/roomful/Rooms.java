package dev.roomful;

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
final class Rooms {
  private static final int MAX_NAME = 128;
  private static final int MAX_TOPIC = 256;

  private final Core core;
  private final @Nullable RoomOptions defaults; // null if only those that are declared come
  private final Map<String, RoomOptions> declared;
  private final ConcurrentMap<String, Room> byName = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();

  Rooms(Core core, @Nullable RoomOptions defaults, Map<String, RoomOptions> declared) {
    this.core = core;
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
    requireName(name);
    AtomicReference<@Nullable Room> made = new AtomicReference<>();
    Room room =
        byName.computeIfAbsent(
            name,
            free -> {
              Room fresh = make(free, options.permanent());
              made.set(fresh);
              return fresh;
            });
    if (room == null) {
      throw new IllegalStateException(
          "room \"" + name + "\" would be one more than the limit of " + core.limits.rooms());
    }
    if (room != made.get()) {
      throw new IllegalStateException(
          "room \"" + name + "\" exists already: get it with Chat.room, or close it first");
    }
    return room;
  }

  /** Lets a connection in; the participant's turns must be run afterwards. */
  Optional<Refusal> enter(String name, Coming coming) {
    Members.Result result = Members.Result.ROOM_OVER;
    while (result == Members.Result.ROOM_OVER) {
      Room room = byName.computeIfAbsent(name, this::make);
      if (room == null) {
        return Optional.of(isUnknown(name) ? unknown(name) : tooManyRooms());
      }
      result = room.members.add(coming);
    }
    coming.finish(core);
    return refusal(result, name, coming);
  }

  /** Lets a connection into a room in which its client is; if it is not any more, it stays out. */
  void bring(Coming coming, Room room) {
    room.members.add(coming);
    coming.finish(core);
  }

  private Optional<Refusal> refusal(Members.Result result, String name, Coming coming) {
    return switch (result) {
      case FULL -> Optional.of(roomFull(name));
      case BANNED -> Optional.of(banned(name, coming.visit.participant().id()));
      case NAME_TAKEN -> Optional.of(nameTaken(name, coming.visit.participant().name()));
      case TOO_MANY_ROOMS -> Optional.of(tooManyRoomsFor());
      case VISIT_OVER -> Optional.of(new Refusal(410, Refusal.GONE, "the connection has ended"));
      case IN, NOT_IN, ROOM_OVER -> Optional.empty();
    };
  }

  private static boolean isTaken(Entry entry, Room room) {
    Names names = room.options().names();
    return !names.areNumbered() && !room.members.isFree(names.key(entry.name()), entry.id());
  }

  static List<Room> inOrder(Collection<Room> rooms) {
    List<Room> inOrder = new ArrayList<>(new HashSet<>(rooms));
    inOrder.sort(Comparator.comparingLong(room -> room.number));
    return inOrder;
  }

  static Optional<Refusal> malformed(String displayName) {
    return Optional.ofNullable(Names.trouble(displayName))
        .map(trouble -> new Refusal(400, Refusal.NAME, trouble));
  }

  static Refusal nameTaken(String room, String name) {
    return new Refusal(
        409, Refusal.NAME_TAKEN, "somebody in room \"" + room + "\" is called \"" + name + "\"");
  }

  private boolean isUnknown(String name) {
    return defaults == null && !declared.containsKey(name) && !byName.containsKey(name);
  }

  private static Refusal unknown(String name) {
    return new Refusal(404, Refusal.UNKNOWN_ROOM, "there is no room \"" + name + "\"");
  }

  /** The ban may be over by now, which changes nothing. */
  private Refusal banned(String name, String id) {
    return core.bans.against(name, id).orElseGet(() -> new Refusal(403, Refusal.BANNED, ""));
  }

  /** What would be in the way of entering, as far as it can be told now. */
  Optional<Refusal> obstacle(Entry entry) {
    Optional<Refusal> banned = core.bans.against(entry.room(), entry.id());
    if (banned.isPresent()) {
      return banned;
    }
    Room room = byName.get(entry.room());
    Optional<Participant> present = core.participants.get(entry.id());
    if (room == null) {
      if (isUnknown(entry.room())) {
        return Optional.of(unknown(entry.room()));
      }
      if (count.get() >= core.limits.rooms()) {
        return Optional.of(tooManyRooms());
      }
    } else if (present.filter(room::contains).isPresent()) {
      return Optional.empty();
    } else if (room.size() >= room.options().capacity()) {
      return Optional.of(roomFull(entry.room()));
    } else if (isTaken(entry, room)) {
      return Optional.of(nameTaken(entry.room(), entry.name()));
    }
    return present
        .filter(who -> who.roomCount.get() >= core.limits.roomsPerParticipant())
        .map(who -> tooManyRoomsFor());
  }

  /** Called under the room's lock. */
  void forget(Room room) {
    if (byName.remove(room.name(), room)) {
      count.decrementAndGet();
    }
  }

  /** One order for all of the rooms: they are locked together, each connection hears it once. */
  void announce(Payload payload, Collection<Room> audience) {
    List<Room> inOrder = inOrder(audience);
    Map<Overflow, Fanout> fanouts = new HashMap<>();
    Set<Visit> reached = new HashSet<>();
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
                how -> Fanout.of(core.lanes, core.frameFor(payload, how), how));
        room.speech.announce(payload, fanout, reached);
      }
    } finally {
      fanouts.values().forEach(Fanout::handOver);
      while (locked > 0) {
        inOrder.get(--locked).lock.unlock();
      }
    }
    fanouts.values().forEach(Fanout::finish);
    core.lanes.wake();
  }

  /** Called a few times a second: what has expired is not kept until somebody asks. */
  void trim(long now) {
    byName
        .values()
        .forEach(
            room -> {
              room.speech.trim(now);
              room.members.trim(now);
            });
  }

  static Page requirePresent(Page page) {
    if (page.before() != null) {
      throw new IllegalArgumentException(
          page + " ends before the present: who comes in hears Page.last(...) or Page.since(...)");
    }
    return page;
  }

  static void requireName(String name) {
    String trouble = trouble("room name", name);
    if (trouble != null) {
      throw new IllegalArgumentException(trouble);
    }
  }

  static void requireTopic(String topic) {
    String trouble = topic.isEmpty() ? null : trouble("topic", topic, MAX_TOPIC);
    if (trouble != null) {
      throw new IllegalArgumentException(trouble);
    }
  }

  /** What is wrong with a name or an id, in words, or null. */
  static @Nullable String trouble(String what, String name) {
    return trouble(what, name, MAX_NAME);
  }

  private static @Nullable String trouble(String what, String name, int most) {
    if (name.isEmpty()) {
      return "the " + what + " is empty: give 1 to " + most + " characters";
    }
    if (name.length() > most) {
      return "the " + what + " has " + name.length() + " characters: at most " + most;
    }
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return String.format(
            "the %s has the control character U+%04X at index %d: leave it out",
            what, (int) name.charAt(i), i);
      }
    }
    return null;
  }

  Rate newRate() {
    Limits limits = core.limits;
    return new Rate(
        limits.participantMessagesPerSecond(),
        limits.participantMessageBurst(),
        core.engine.nanoTime());
  }

  private @Nullable Room make(String name) {
    RoomOptions options = declared.getOrDefault(name, defaults);
    return options == null ? null : make(name, options);
  }

  private @Nullable Room make(String name, RoomOptions options) {
    if (!claim()) {
      return null;
    }
    Room room = null;
    try {
      room = new Room(core, name, options, numbers.getAndIncrement());
    } finally {
      if (room == null) {
        count.decrementAndGet(); // the backplane has failed to open it
      }
    }
    return room;
  }

  private boolean claim() {
    if (count.incrementAndGet() > core.limits.rooms()) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  private Refusal tooManyRooms() {
    return new Refusal(
        503,
        Refusal.TOO_MANY_ROOMS,
        "the chat is at its limit of " + core.limits.rooms() + " rooms");
  }

  private Refusal tooManyRoomsFor() {
    return new Refusal(
        403,
        Refusal.TOO_MANY_ROOMS_JOINED,
        "it is in " + core.limits.roomsPerParticipant() + " rooms, which is the limit");
  }

  private static Refusal roomFull(String name) {
    return new Refusal(503, Refusal.ROOM_FULL, "room \"" + name + "\" is full");
  }
}
