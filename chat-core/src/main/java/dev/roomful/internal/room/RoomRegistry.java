package dev.roomful.internal.room;

import dev.roomful.DisplayNames;
import dev.roomful.Outcome;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.RejectedException;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.delivery.MessageRates;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.protocol.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rooms of a chat by name: created by the first join, removed when nobody is left. */
public final class RoomRegistry {
  private final RoomEnvironment environment;
  private final @Nullable RoomOptions defaults; // null if only those that are declared come
  private final Map<String, RoomOptions> declared;
  private final ConcurrentMap<String, LiveRoom> byName = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();

  private final Function<String, Optional<LiveParticipant>> participants;
  private volatile boolean closing;

  /**
   * Creates an empty registry.
   *
   * @param defaults the options of rooms that are not declared, or null if only declared rooms
   *     exist
   * @param declared the options of rooms by name
   * @param participants finds a participant by id
   */
  public RoomRegistry(
      RoomEnvironment environment,
      @Nullable RoomOptions defaults,
      Map<String, RoomOptions> declared,
      Function<String, Optional<LiveParticipant>> participants) {
    this.environment = environment;
    this.participants = participants;
    this.defaults = defaults;
    this.declared = Map.copyOf(declared);
  }

  public void openPermanent() {
    declared.forEach(
        (name, options) -> {
          if (options.isPermanent()) {
            open(name, options);
          }
        });
  }

  public Optional<LiveRoom> get(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<LiveRoom> all() {
    return List.copyOf(byName.values());
  }

  /** Makes a room that stays until it is closed. */
  public LiveRoom open(String name, RoomOptions options) {
    Identifiers.requireRoomName(name);
    AtomicReference<@Nullable LiveRoom> created = new AtomicReference<>();
    LiveRoom room =
        byName.computeIfAbsent(
            name,
            roomName -> {
              LiveRoom newRoom = create(roomName, options.withPermanent());
              created.set(newRoom);
              return newRoom;
            });
    if (room == null) {
      throw new IllegalStateException(
          "room \""
              + name
              + "\" would be one more than the limit of "
              + environment.limits().rooms());
    }
    if (room != created.get()) {
      throw new IllegalStateException(
          "room \"" + name + "\" exists already: get it with Chat.room, or close it first");
    }
    return room;
  }

  /** Lets a connection in; the participant's turns must be run afterwards. */
  public Outcome join(String name, JoinAttempt attempt) {
    Membership.JoinResult result;
    LiveRoom room;
    do {
      room = byName.computeIfAbsent(name, this::create);
      if (room == null) {
        return Outcome.rejected(
            isUnknown(name)
                ? Rejections.unknownRoom(name)
                : Rejections.tooManyRooms(environment.limits().rooms()));
      }
      result = room.membership.join(attempt);
    } while (result == Membership.JoinResult.ROOM_CLOSED);
    attempt.finish(environment, room);
    return rejectionFor(result, name, attempt).map(Outcome::rejected).orElse(Outcome.done());
  }

  /** Lets a connection into a room in which its client is; if it is not any more, it stays out. */
  public void rejoin(JoinAttempt attempt, LiveRoom room) {
    room.membership.join(attempt);
    attempt.finish(environment, room);
  }

  private Optional<Rejection> rejectionFor(
      Membership.JoinResult result, String name, JoinAttempt attempt) {
    return switch (result) {
      case FULL -> Optional.of(Rejections.roomFull(name));
      case BANNED -> Optional.of(banned(name, attempt.session.participant().id()));
      case NAME_TAKEN ->
          Optional.of(Rejections.nameTaken(name, attempt.session.participant().name()));
      case TOO_MANY_ROOMS ->
          Optional.of(Rejections.tooManyRoomsJoined(environment.limits().roomsPerParticipant()));
      case SESSION_CLOSED -> Optional.of(Rejections.connectionClosed());
      case JOINED, NOT_A_MEMBER, ROOM_CLOSED -> Optional.empty();
    };
  }

  private static boolean isNameTaken(AcceptedAdmission admission, LiveRoom room) {
    DisplayNames displayNames = room.options().displayNames();
    return !displayNames.areNumbered()
        && !room.membership.isNameFree(displayNames.key(admission.name()), admission.id());
  }

  public static List<LiveRoom> inOrder(Collection<LiveRoom> rooms) {
    List<LiveRoom> inOrder = new ArrayList<>(new HashSet<>(rooms));
    inOrder.sort(Comparator.comparingLong(room -> room.number));
    return inOrder;
  }

  private boolean isUnknown(String name) {
    return defaults == null && !declared.containsKey(name) && !byName.containsKey(name);
  }

  /** The ban may be over by now, which changes nothing. */
  private Rejection banned(String name, String id) {
    return environment.bans().rejectionFor(name, id).orElseGet(Rejections::banned);
  }

  /** What would be in the way of entering, as far as it can be told now. */
  public Optional<Rejection> checkAdmission(AcceptedAdmission admission) {
    Optional<Rejection> banned = environment.bans().rejectionFor(admission.room(), admission.id());
    if (banned.isPresent()) {
      return banned;
    }
    LiveRoom room = byName.get(admission.room());
    Optional<LiveParticipant> present = participants.apply(admission.id());
    int maxConnections = environment.limits().connectionsPerParticipant();
    if (admission.resumeSecret() == null
        && present.filter(one -> one.connections() >= maxConnections).isPresent()) {
      return Optional.of(Rejections.tooManyConnections(admission.id(), maxConnections));
    }
    if (room == null) {
      if (isUnknown(admission.room())) {
        return Optional.of(Rejections.unknownRoom(admission.room()));
      }
      if (count.get() >= environment.limits().rooms()) {
        return Optional.of(Rejections.tooManyRooms(environment.limits().rooms()));
      }
    } else if (present.filter(room::contains).isPresent()) {
      return Optional.empty();
    } else if (room.size() >= room.options().capacity()) {
      return Optional.of(Rejections.roomFull(admission.room()));
    } else if (isNameTaken(admission, room)) {
      return Optional.of(Rejections.nameTaken(admission.room(), admission.name()));
    }
    return present
        .filter(
            participant ->
                participant.roomCount.get() >= environment.limits().roomsPerParticipant())
        .map(
            participant ->
                Rejections.tooManyRoomsJoined(environment.limits().roomsPerParticipant()));
  }

  /** Called under the room's lock. */
  public void remove(LiveRoom room) {
    if (byName.remove(room.name(), room)) {
      count.decrementAndGet();
    }
  }

  /** One order for all of the rooms: they are locked together, each connection hears it once. */
  public void announce(Payload payload, Collection<Room> targets) {
    List<LiveRoom> inOrder = inOrder(targets.stream().map(RoomRegistry::requireLive).toList());
    Map<Overflow, Fanout<Protocol>> fanouts = new HashMap<>();
    Set<RoomSession> reached = new HashSet<>();
    int locked = 0;
    try {
      for (LiveRoom room : inOrder) {
        room.lock.lock();
        locked++;
      }
      for (LiveRoom room : inOrder) {
        Fanout<Protocol> fanout =
            fanouts.computeIfAbsent(
                room.options().overflow(),
                overflow ->
                    Fanout.of(
                        environment.writeLoops(), environment.frames().of(payload), overflow));
        room.publisher.announce(payload, fanout, reached);
      }
    } finally {
      fanouts.values().forEach(Fanout::handOver);
      while (locked > 0) {
        inOrder.get(--locked).lock.unlock();
      }
    }
    fanouts.values().forEach(Fanout::finish);
    environment.writeLoops().wake();
  }

  private static LiveRoom requireLive(Room room) {
    if (room instanceof LiveRoom live) {
      return live;
    }
    throw new IllegalArgumentException(room + " was not created by this library");
  }

  /** Publishes to a room that may not be open; creates it if it would store the message. */
  public CompletionStage<Position> publish(String name, Payload payload) {
    Identifiers.requireRoomName(name);
    if (closing) {
      return CompletableFuture.failedStage(new RejectedException(Rejections.closing()));
    }
    CompletionStage<Position> result = null;
    while (result == null) {
      LiveRoom room = byName.get(name);
      if (room == null) {
        RoomOptions options = declared.getOrDefault(name, defaults);
        if (options == null) {
          return CompletableFuture.failedStage(new RejectedException(Rejections.unknownRoom(name)));
        }
        if (!options.storesWhenEmpty()) {
          return CompletableFuture.failedStage(new RejectedException(Rejections.roomEmpty(name)));
        }
        room = byName.computeIfAbsent(name, this::create);
      }
      if (room == null) {
        return CompletableFuture.failedStage(
            new RejectedException(Rejections.tooManyRooms(environment.limits().rooms())));
      }
      // Null if the room was removed since it was found: look again.
      result = room.publisher.announceUnlessClosed(payload);
    }
    return result;
  }

  /** Removes all participants from all rooms, because the chat closes. */
  public void closeAll() {
    closing = true;
    all().forEach(room -> room.membership.clearForShutdown());
  }

  /** Called a few times a second: what has expired is not kept until somebody asks. */
  public void trim(long now) {
    byName
        .values()
        .forEach(
            room -> {
              room.publisher.trim(now);
              room.membership.trim(now);
            });
  }

  public MessageRates newMessageRates() {
    return new MessageRates(environment.limits(), environment.scheduler().nanoTime());
  }

  private @Nullable LiveRoom create(String name) {
    RoomOptions options = declared.getOrDefault(name, defaults);
    return options == null ? null : create(name, options);
  }

  private @Nullable LiveRoom create(String name, RoomOptions options) {
    if (!reserveSlot()) {
      return null;
    }
    LiveRoom room = null;
    try {
      room = new LiveRoom(environment, name, options, numbers.getAndIncrement(), this::remove);
    } finally {
      if (room == null) {
        count.decrementAndGet(); // the backplane has failed to open it
      }
    }
    return room;
  }

  private boolean reserveSlot() {
    if (count.incrementAndGet() > environment.limits().rooms()) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }
}
