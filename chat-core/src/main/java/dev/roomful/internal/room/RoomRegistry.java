package dev.roomful.internal.room;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.reverseOrder;

import dev.roomful.ChatSnapshot.RoomEntry;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RejectedException;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.delivery.MessageRates;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.internal.validation.LogEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rooms of a chat by name: created by the first join, removed when nobody is left. */
public final class RoomRegistry {
  private final RoomEnvironment environment;
  private final @Nullable RoomOptions defaults; // null if only declared rooms exist
  private final Map<String, RoomOptions> declared;
  private final AdmissionCheck admissionCheck;
  private final Consumer<LiveParticipant> onLeaveDelayEnded;
  private final ConcurrentMap<String, LiveRoom> byName = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();
  private final MessageRates.Bounds rateBounds;
  private volatile boolean closing;

  /** The rooms that have something to do at a time. */
  final DueRooms deadlines = new DueRooms();

  /** The rooms that are kept although they are empty, since when. */
  final DueRooms emptyRooms = new DueRooms();

  final HistoryBudget historyBudget;

  final RetainedSanctions sanctions;

  /**
   * Creates an empty registry.
   *
   * @param defaults the options of rooms that are not declared, or null if only declared rooms
   *     exist
   * @param declared the options of rooms by name
   * @param participants finds a participant by id
   * @param onLeaveDelayEnded receives a participant without connections that left its last room
   */
  public RoomRegistry(
      RoomEnvironment environment,
      @Nullable RoomOptions defaults,
      Map<String, RoomOptions> declared,
      Function<String, Optional<LiveParticipant>> participants,
      Consumer<LiveParticipant> onLeaveDelayEnded) {
    this.environment = environment;
    this.rateBounds = new MessageRates.Bounds(environment.limits());
    this.admissionCheck = new AdmissionCheck(environment, this, participants);
    this.onLeaveDelayEnded = onLeaveDelayEnded;
    this.defaults = defaults;
    this.declared = Map.copyOf(declared);
    this.sanctions =
        new RetainedSanctions(
            environment.limits().sanctionsPerRoom(), environment.scheduler().nanoTime());
    this.historyBudget = new HistoryBudget(environment.limits().historyBytes());
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

  /** {@return the number of rooms} */
  public int size() {
    return byName.size();
  }

  /** {@return the rooms with the most participants, the largest first} */
  public List<RoomEntry> largest(int limit) {
    Comparator<SizedRoom> smallestFirst =
        comparingInt(SizedRoom::size).thenComparing(one -> one.room().name(), reverseOrder());
    PriorityQueue<SizedRoom> largest = new PriorityQueue<>(smallestFirst);
    for (LiveRoom room : byName.values()) {
      largest.add(new SizedRoom(room, room.size())); // read once: it changes meanwhile
      if (largest.size() > limit) {
        largest.remove();
      }
    }
    return largest.stream()
        .sorted(smallestFirst.reversed())
        .map(one -> one.room().snapshot())
        .toList();
  }

  private record SizedRoom(LiveRoom room, int size) {}

  /** Creates a room that stays until it is closed. */
  public LiveRoom open(String name, RoomOptions options) {
    Identifiers.requireRoomName(name);
    SettingsCheck.check(environment.limits(), "room \"" + name + "\"", options);
    requireAbsent(!byName.containsKey(name), name);
    LiveRoom created = create(name, options.withPermanent());
    if (created == null) {
      requireAbsent(!byName.containsKey(name), name); // Another thread took the last place.
      throw new IllegalStateException(
          "room \""
              + name
              + "\" would be one more than the limit of "
              + environment.limits().rooms());
    }
    requireAbsent(add(created), name);
    if (closing) {
      created.membership.clearForShutdown();
      throw new IllegalStateException("the chat is closed: it cannot open room \"" + name + "\"");
    }
    return created;
  }

  private static void requireAbsent(boolean absent, String name) {
    if (!absent) {
      throw new IllegalStateException(
          "room \"" + name + "\" exists already: get it with Chat.room, or close it first");
    }
  }

  /** Adds a connection to a room; the participant's callbacks must be run afterwards. */
  public Outcome join(String name, JoinAttempt attempt) {
    Rejection rejection;
    LiveRoom room;
    do {
      room = getOrCreate(name);
      if (room == null) {
        return Outcome.rejected(
            isUnknown(name)
                ? Rejections.unknownRoom(name)
                : Rejections.tooManyRooms(environment.limits().rooms()));
      }
      if (closing) {
        // The room may have been created after closeAll looked: then nobody else removes it.
        room.membership.clearForShutdown();
        return Outcome.rejected(Rejections.closing());
      }
      rejection = room.log.awaitLoaded() ? room.joins.join(attempt) : notLoaded(room);
    } while (rejection != null && rejection.code().equals(Rejection.ROOM_CLOSED));
    attempt.finish(environment, room);
    return rejection == null ? Outcome.done() : Outcome.rejected(rejection);
  }

  private static Rejection notLoaded(LiveRoom room) {
    room.runLocked(room.lifetime::joinFailed);
    return Rejections.unavailable();
  }

  /** Adds a connection to a room that its participant is in, unless it has left meanwhile. */
  public void rejoin(JoinAttempt attempt, LiveRoom room) {
    room.joins.join(attempt);
    attempt.finish(environment, room);
  }

  RoomEnvironment environment() {
    return environment;
  }

  /** A participant of another node, of whom only the name is known. */
  public Participant remoteParticipant(String id, String name) {
    return new RemoteParticipant(environment, id, name, Map.of());
  }

  /**
   * Changes the display name of a participant in all rooms of this node, one after the other; if
   * one of them rejects the name, the others get the old one again.
   */
  public Outcome rename(String id, String name) {
    Optional<Rejection> invalid = Rejections.invalidDisplayName(name);
    if (invalid.isPresent()) {
      return Outcome.rejected(invalid.get());
    }
    Map<LiveRoom, String> changed = new LinkedHashMap<>();
    for (LiveRoom room : all()) {
      MemberState member = room.membership.member(id);
      String old = member == null ? null : member.name();
      if (old != null && !old.equals(name)) {
        Outcome outcome = room.membership.rename(id, name);
        if (outcome.isRejected()) {
          changed.forEach((other, former) -> other.membership.rename(id, former));
          return outcome;
        }
        changed.put(room, old);
      }
    }
    return Outcome.done();
  }

  /** Whether only declared rooms exist, and this is not one. */
  boolean isUnknown(String name) {
    return defaults == null && !declared.containsKey(name) && !byName.containsKey(name);
  }

  /** Why a participant may not join a room because it is banned, as far as this node knows. */
  Optional<Rejection> banRejection(String name, String id) {
    LiveRoom room = byName.get(name);
    return room == null
        ? sanctions.of(name).bans().rejectionFor(id, environment.monotonicMillis())
        : room.sanctions.bans().rejectionFor(id, room.log.monotonicMillis());
  }

  /** Returns what would be in the way of a join, as far as that is known now. */
  public Optional<Rejection> checkAdmission(AcceptedAdmission admission) {
    return admissionCheck.check(admission);
  }

  /** Whether a room may be created now, if another one is removed for it. */
  boolean hasPlace() {
    return count.get() < environment.limits().rooms() || emptyRooms.first() != null;
  }

  /** Publishes a payload to several rooms in one order. */
  public void announce(Payload payload, Collection<Room> targets) {
    if (environment.isClustered()) {
      // One order for several rooms needs one log for them: each has its own.
      targets.forEach(
          room -> {
            var unused = room.announce(payload);
          });
    } else {
      new Announcement(environment, payload).publish(targets);
    }
    enforceHistoryBudget();
  }

  /** Publishes to a room that may not be open; creates it if it would store the message. */
  public CompletionStage<Position> publish(String name, Payload payload) {
    Identifiers.requireRoomName(name);
    CompletionStage<Position> result = null;
    while (result == null) {
      LiveRoom room = byName.get(name);
      if (room == null) {
        RoomOptions options = declared.getOrDefault(name, defaults);
        if (closing || options == null || !options.storesWhenEmpty()) {
          return rejected(
              closing
                  ? Rejections.closing()
                  : options == null ? Rejections.unknownRoom(name) : Rejections.roomEmpty(name));
        }
        room = getOrCreate(name);
      }
      if (room == null) {
        return rejected(Rejections.tooManyRooms(environment.limits().rooms()));
      }
      if (closing) {
        room.membership.clearForShutdown();
        return rejected(Rejections.closing());
      }
      if (!room.log.awaitLoaded()) {
        return rejected(notLoaded(room));
      }
      result = room.publisher.announceUnlessClosed(payload); // null: closed since it was found
    }
    return result;
  }

  private static CompletionStage<Position> rejected(Rejection rejection) {
    return CompletableFuture.failedStage(new RejectedException(rejection));
  }

  /** Removes stored messages if all histories together are too large; called with no lock held. */
  void enforceHistoryBudget() {
    if (historyBudget.isExceeded()) {
      historyBudget.enforce(byName.values());
    }
  }

  /** Called when a participant has left the last room in which its leave was delayed. */
  void leaveDelayEnded(LiveParticipant participant) {
    onLeaveDelayEnded.accept(participant);
  }

  /** Removes all participants from all rooms, because the chat closes. */
  public void closeAll() {
    closing = true;
    all().forEach(room -> room.membership.clearForShutdown());
  }

  /** Has the rooms do what is due; called by the deadline timer. */
  public void runDue(long now) {
    sanctions.trim(now, environment.monotonicMillis());
    List<LiveRoom> due = new ArrayList<>();
    for (LiveRoom room = deadlines.takeDue(now); room != null; room = deadlines.takeDue(now)) {
      due.add(room);
    }
    for (LiveRoom room : due) {
      try {
        room.runDue(now);
      } catch (Throwable failure) {
        LogEvent.ROOM_DEADLINES_FAILED.logFailure(
            () -> "The deadlines of a room failed", failure, room.name());
      }
    }
  }

  public MessageRates newMessageRates() {
    return new MessageRates(rateBounds, environment.scheduler().nanoTime());
  }

  /** {@return the room, or null if it is unknown or there is no place for it} */
  private @Nullable LiveRoom getOrCreate(String name) {
    while (true) {
      LiveRoom existing = byName.get(name);
      RoomOptions options = declared.getOrDefault(name, defaults);
      if (existing != null || options == null) {
        return existing;
      }
      LiveRoom created = create(name, options);
      if (created == null) {
        return byName.get(name); // Another thread may have created it, and taken the last place.
      }
      if (add(created)) {
        return created;
      }
      // Another thread has created it, and may have removed it since.
    }
  }

  /** Creates a room that others do not see yet, or returns null at the limit of rooms. */
  private @Nullable LiveRoom create(String name, RoomOptions options) {
    return reserveSlot()
        ? new LiveRoom(environment, name, options, numbers.getAndIncrement(), this)
        : null;
  }

  private boolean add(LiveRoom created) {
    boolean added = byName.putIfAbsent(created.name(), created) == null;
    if (added) {
      created.log.start(); // one log follows each room, whoever creates it
    } else {
      count.decrementAndGet();
    }
    return added;
  }

  /** Called with the room's lock held. */
  void remove(LiveRoom room) {
    if (byName.remove(room.name(), room)) {
      count.decrementAndGet();
    }
    retainSanctions(room);
  }

  /** Keeps the sanctions of a room, which may be removed; in a cluster its log has them. */
  void retainSanctions(LiveRoom room) {
    if (!environment.isClustered()) {
      sanctions.retain(room.name(), room.sanctions);
    }
  }

  /** At the limit the room that has been empty for longest is removed for a new one. */
  private boolean reserveSlot() {
    while (count.incrementAndGet() > environment.limits().rooms()) {
      count.decrementAndGet();
      LiveRoom longestEmpty = emptyRooms.first();
      if (longestEmpty == null) {
        return false;
      }
      longestEmpty.lifetime.evict();
    }
    return true;
  }
}
