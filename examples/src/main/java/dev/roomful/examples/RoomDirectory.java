package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.examples.SharedRooms.SharedRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * The lists that the {@link RoomsExample} shows to a participant: the open rooms, and its direct
 * rooms. With several nodes, those that are open on other nodes only are as they were at most
 * {@link SharedRooms#INTERVAL} ago; a new direct room is shared at once.
 *
 * <p>The size of a room is read with the room's lock held, so the list of open rooms is made at
 * most once in {@link #MAX_AGE} and shared by all who ask. The direct rooms are always up to date:
 * a participant asks for them when it connects and would miss one that opened just before.
 *
 * <p>Thread-safe.
 */
final class RoomDirectory {
  /** How long the list of open rooms is shared before it is made again. */
  static final Duration MAX_AGE = Duration.ofSeconds(1);

  /** The maximum length of each list; the largest rooms come first. */
  static final int MAX_ROOMS = 200;

  /** An open room as it was when the list was made. */
  record OpenRoom(String name, int size, String topic) {
    private static final Comparator<OpenRoom> LARGEST_FIRST =
        Comparator.comparingInt(OpenRoom::size).reversed().thenComparing(OpenRoom::name);

    /** Reads each size once: it changes while the rooms are sorted, which a sort must not see. */
    static List<OpenRoom> largest(
        Collection<Room> rooms, ToIntFunction<Room> size, Collection<SharedRoom> shared) {
      Map<String, OpenRoom> byName = new HashMap<>();
      shared.forEach(
          room -> byName.put(room.name(), new OpenRoom(room.name(), room.size(), room.topic())));
      // What this node knows itself is newer.
      rooms.forEach(
          room ->
              byName.put(
                  room.name(), new OpenRoom(room.name(), size.applyAsInt(room), room.topic())));
      return byName.values().stream()
          .filter(room -> isPublic(room.name()))
          .sorted(LARGEST_FIRST)
          .limit(MAX_ROOMS)
          .toList();
    }
  }

  /** A direct room as one of its two participants sees it. */
  record DirectRoom(String name, String otherId, Optional<String> otherName) {}

  private final LongSupplier nanoTime;
  private final SharedRooms shared = new SharedRooms();

  private List<OpenRoom> openRooms = List.of();
  private boolean refreshed;
  private long refreshedAt;

  /** The names of the direct rooms of a participant, by its id. */
  private final Map<String, Set<String>> directRooms = new HashMap<>();

  /** The display names that were last used in a direct room, by room name and participant id. */
  private final Map<String, Map<String, String>> lastNames = new HashMap<>();

  RoomDirectory(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Shares the rooms of this node with the other nodes until the chat is closed. */
  void shareRegularly(Chat chat) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "room-directory");
              thread.setDaemon(true);
              return thread;
            });
    Runnable shareUnlessClosed =
        () -> {
          if (chat.room(SharedRooms.ROOM).isEmpty()) {
            timer.shutdown();
          } else {
            share(chat);
          }
        };
    long millis = SharedRooms.INTERVAL.toMillis();
    var unused =
        timer.scheduleWithFixedDelay(shareUnlessClosed, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** {@return whether everybody may join this room} */
  private static boolean isPublic(String room) {
    return !DirectRooms.isDirectRoom(room)
        && !PrivateRooms.isPrivateRoom(room)
        && !room.equals(PrivateRooms.ROOM)
        && !room.equals(SharedRooms.ROOM);
  }

  /** Shares the rooms of this node with the other nodes. */
  void share(Chat chat) {
    List<SharedRoom> rooms = new ArrayList<>();
    chat.rooms().stream()
        .filter(room -> isPublic(room.name()) || DirectRooms.isDirectRoom(room.name()))
        .forEach(room -> rooms.add(sharedRoom(room)));
    SharedRooms.publish(chat, rooms);
  }

  private synchronized SharedRoom sharedRoom(Room room) {
    Map<String, String> names = lastNames.getOrDefault(room.name(), Map.of());
    return new SharedRoom(room.name(), room.size(), room.topic(), Map.copyOf(names));
  }

  /** Records that a participant is in a direct room, under its present name. */
  void recordDirectRoom(Room room, Participant participant) {
    record(room, participant);
    SharedRooms.publish(room.chat(), List.of(sharedRoom(room)));
  }

  private synchronized void record(Room room, Participant participant) {
    refreshIfOld(room.chat());
    String otherId = DirectRooms.otherId(participant.id(), room.name()).orElseThrow();
    lastNames
        .computeIfAbsent(room.name(), name -> new HashMap<>())
        .put(participant.id(), participant.name());
    for (String id : List.of(participant.id(), otherId)) {
      directRooms.computeIfAbsent(id, any -> new HashSet<>()).add(room.name());
    }
  }

  /** {@return the largest open rooms, as they were at most {@link #MAX_AGE} ago} */
  synchronized List<OpenRoom> openRooms(Chat chat) {
    refreshIfOld(chat);
    return openRooms;
  }

  /** {@return the direct rooms of a participant, at most {@link #MAX_ROOMS}} */
  synchronized List<DirectRoom> directRooms(Chat chat, String id) {
    Map<String, Map<String, String>> names = new HashMap<>();
    for (SharedRoom room : shared.all(chat)) {
      if (DirectRooms.otherId(id, room.name()).isPresent()) {
        names.put(room.name(), new HashMap<>(room.names()));
      }
    }
    directRooms.getOrDefault(id, Set.of()).stream()
        .filter(name -> chat.room(name).isPresent())
        .forEach(
            name ->
                names
                    .computeIfAbsent(name, any -> new HashMap<>())
                    .putAll(lastNames.getOrDefault(name, Map.of())));
    return names.entrySet().stream()
        .limit(MAX_ROOMS)
        .map(
            room -> {
              String otherId = DirectRooms.otherId(id, room.getKey()).orElseThrow();
              Optional<String> lastName =
                  chat.participant(otherId)
                      .map(Participant::name)
                      .or(() -> Optional.ofNullable(room.getValue().get(otherId)));
              return new DirectRoom(room.getKey(), otherId, lastName);
            })
        .toList();
  }

  private void refreshIfOld(Chat chat) {
    long now = nanoTime.getAsLong();
    if (!refreshed || now - refreshedAt >= MAX_AGE.toNanos()) {
      refreshed = true;
      refreshedAt = now;
      openRooms = OpenRoom.largest(chat.rooms(), Room::size, shared.all(chat));
      forgetClosedDirectRooms(chat);
    }
  }

  private void forgetClosedDirectRooms(Chat chat) {
    lastNames.keySet().removeIf(name -> chat.room(name).isEmpty());
    directRooms.values().forEach(names -> names.retainAll(lastNames.keySet()));
    directRooms.values().removeIf(Set::isEmpty);
  }
}
