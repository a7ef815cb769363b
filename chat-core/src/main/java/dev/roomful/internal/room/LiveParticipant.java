package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.internal.delivery.MessageRates;
import dev.roomful.internal.delivery.SerialQueue;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.validation.DisplayNameRules;
import dev.roomful.internal.validation.Identifiers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A participant that is connected to this node, or can resume or come back here. */
public final class LiveParticipant implements Participant {
  public final SerialQueue callbacks;
  public final AtomicInteger roomCount = new AtomicInteger();

  /** How often its attributes were updated. */
  final AtomicInteger updateCount = new AtomicInteger();

  /** The rates of its connections, and of all of them together. */
  public final MessageRates messageRates;

  /** The bytes of its messages that wait for their callbacks. */
  public final AtomicLong pendingBytes = new AtomicLong();

  private final RoomRegistry rooms;
  private final String id;
  private volatile String requestedName;
  private volatile String name;
  private final Map<String, Object> attributes;

  /** Changes of this node that no room was notified of yet; guarded by the attributes. */
  private int unreportedChanges;

  /** The rooms in which its leave is delayed; each changes its own entry with its lock held. */
  final Set<LiveRoom> delayedRooms = ConcurrentHashMap.newKeySet(0);

  /** Replaced as a whole, so that a session that is suspended is always in one of the lists. */
  private volatile Attached attached = new Attached(List.of(), List.of());

  private record Attached(List<RoomSession> open, List<RoomSession> suspended) {
    Stream<RoomSession> all() {
      return Stream.concat(suspended.stream(), open.stream());
    }
  }

  public LiveParticipant(
      RoomRegistry rooms,
      AcceptedAdmission admission,
      SerialQueue callbacks,
      MessageRates messageRates) {
    this.rooms = rooms;
    this.messageRates = messageRates;
    this.callbacks = callbacks;
    this.id = admission.id();
    this.requestedName = admission.name();
    this.name = requestedName;
    this.attributes = new ConcurrentHashMap<>(0);
    if (!admission.attributes().isEmpty()) {
      attributes.putAll(admission.attributes()); // else it would create a table
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Outcome rename(String name) {
    String normalized = DisplayNameRules.normalize(name);
    Outcome outcome =
        rooms.environment().isClustered()
            ? rooms.rename(id, normalized)
            : new Rename(this, normalized).run();
    if (outcome.isDone()) {
      if (rooms.environment().isClustered() && liveRooms().isEmpty()) {
        setName(normalized); // otherwise it was set when the log of a room said so
      }
      synchronized (attributes) {
        unreportedChanges++;
      }
      notifyUpdate();
    }
    return outcome;
  }

  /**
   * Takes the display name of a later admission, if the application gives another one than before.
   * A name that the participant has taken itself stays otherwise. So does the present name if the
   * new one is taken, or if the admission has none.
   */
  public void applyName(AcceptedAdmission admission) {
    String admitted = admission.name();
    if (admitted.equals(requestedName) || admitted.equals(DisplayNameRules.normalize(id))) {
      return;
    }
    requestedName = admitted;
    if (!admitted.equals(name)) {
      rename(admitted);
    }
  }

  /** Changes the name; called with the locks of all its rooms held, or while it is in none. */
  public void setName(String newName) {
    name = newName;
    updateCount.incrementAndGet();
  }

  /** Gives it its requested name with a number; called while it is in no room. */
  public void appendNumber(int number) {
    String suffix = " (" + number + ")";
    setName(
        DisplayNameRules.truncate(requestedName, Identifiers.MAX_LENGTH - suffix.length())
            + suffix);
  }

  @Override
  public Map<String, Object> attributes() {
    return Collections.unmodifiableMap(attributes);
  }

  /** Public information for messages, or null. */
  public @Nullable String info() {
    Object info = attributes.get(INFO);
    return info == null ? null : info.toString();
  }

  @Override
  public void update(String key, Object value) {
    synchronized (attributes) {
      attributes.put(key, value);
      unreportedChanges++;
    }
    updateCount.incrementAndGet();
    notifyUpdate();
  }

  @Override
  public void removeAttribute(String key) {
    synchronized (attributes) {
      if (attributes.remove(key) == null) {
        return;
      }
      unreportedChanges++;
    }
    updateCount.incrementAndGet();
    notifyUpdate();
  }

  /** Takes what another node has changed. */
  void replace(String newName, Map<String, Object> newAttributes) {
    synchronized (attributes) {
      replaceAttributes(newAttributes);
    }
    setName(newName);
  }

  private void replaceAttributes(Map<String, Object> newAttributes) {
    attributes.keySet().retainAll(newAttributes.keySet());
    attributes.putAll(newAttributes);
  }

  /**
   * Takes what this node has changed, now that the log has it: another node may have changed it
   * before. A later change of this node stays.
   */
  void settle(Map<String, Object> logged) {
    synchronized (attributes) {
      if (unreportedChanges == 0 && !attributes.equals(logged)) {
        replaceAttributes(logged);
      }
    }
  }

  /** Notifies the rooms of a change; the change was counted as unreported. */
  private void notifyUpdate() {
    // As a callback of the queue, so that the notices of two updates keep their order.
    callbacks.add(
        () -> {
          synchronized (attributes) {
            unreportedChanges--;
          }
          liveRooms().forEach(room -> room.membership.participantUpdated(this));
        });
    callbacks.run();
  }

  @Override
  public int connections() {
    return attached.open().size();
  }

  @Override
  public Set<Room> rooms() {
    return Set.copyOf(liveRooms());
  }

  public Set<LiveRoom> liveRooms() {
    return Stream.concat(
            delayedRooms.stream(), attached.all().flatMap(session -> session.rooms().stream()))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Outcome send(Payload payload) {
    return rooms.environment().isClustered()
        ? rooms.environment().remote().send(id, payload)
        : sendHere(payload);
  }

  /** Sends a payload to the connections on this node. */
  public Outcome sendHere(Payload payload) {
    boolean sent = false;
    Set<String> clients = new HashSet<>();
    for (RoomSession session : newestFirst()) {
      String secret = session.resumeSecret();
      if (secret == null || clients.add(secret)) { // once per client, on its newest session
        sent |= session.sendDirect(payload).isDone();
      }
    }
    return sent ? Outcome.done() : Rejections.gone();
  }

  private List<RoomSession> newestFirst() {
    return attached.all().sorted(Comparator.comparingLong(RoomSession::number).reversed()).toList();
  }

  @Override
  public Outcome join(String room, HistoryRange replay) {
    Identifiers.requireRoomName(room);
    replay.requireUpToNow();
    Outcome outcome = attached.open().isEmpty() ? Rejections.gone() : Outcome.done();
    for (RoomSession session : attached.open()) {
      if (outcome.isDone()) {
        outcome = rooms.join(room, JoinAttempt.withoutAdmission(session, replay));
      }
    }
    callbacks.run();
    return outcome;
  }

  @Override
  public Outcome leave(String room) {
    return rooms
            .get(room)
            .filter(found -> found.membership.leave(id, CloseStatus.NORMAL).isDone())
            .isPresent()
        ? Outcome.done()
        : Outcome.rejected(Rejections.notAMember(id, room));
  }

  @Override
  public Outcome disconnect(CloseStatus status) {
    if (!status.sendable()) {
      throw new IllegalArgumentException(
          "the close code " + status.code() + " may not be sent: use 1000, or 4000 to 4999");
    }
    return rooms.environment().isClustered()
        ? rooms.environment().remote().disconnect(id, status)
        : disconnectHere(status);
  }

  /** Closes the connections to this node, and ends what could be resumed here. */
  public Outcome disconnectHere(CloseStatus status) {
    boolean present = isPresent();
    for (RoomSession session : attached.open()) {
      session.close(status, SessionCloseMode.AFTER_FLUSH);
    }
    attached.suspended().forEach(session -> session.endSuspension(status));
    delayedRooms.forEach(room -> room.membership.leave(id, status));
    callbacks.run();
    return present ? Outcome.done() : Rejections.gone();
  }

  /** Counts one more room, unless that exceeds the limit; for any thread. */
  public boolean claimRoom(int limit) {
    if (roomCount.incrementAndGet() > limit) {
      roomCount.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Whether it has sessions, or is in a room in which its leave is delayed. */
  public boolean isPresent() {
    return hasSessions() || !delayedRooms.isEmpty();
  }

  /** Called with the room's lock held, after its leave was queued. */
  void leaveDelayEnded(LiveRoom room) {
    delayedRooms.remove(room);
    if (!isPresent()) {
      rooms.leaveDelayEnded(this);
    }
  }

  /** Whether it has a session that is open or can be resumed. */
  public boolean hasSessions() {
    Attached now = attached;
    return !now.open().isEmpty() || !now.suspended().isEmpty();
  }

  /** Its sessions on this node, suspended or open. */
  public List<RoomSession> sessions() {
    return attached.all().toList();
  }

  public List<RoomSession> suspendedSessions() {
    return attached.suspended();
  }

  /** Its sessions that can be resumed with this secret, oldest first. */
  public List<RoomSession> sessionsWithSecret(@Nullable String secret) {
    return secret == null
        ? List.of()
        : attached
            .all()
            .filter(session -> session.hasResumeSecret(secret))
            .sorted(Comparator.comparingLong(RoomSession::number))
            .toList();
  }

  /** Adds an open session; calls of this and of {@link #detach} do not overlap. */
  public void attach(RoomSession session) {
    Attached now = attached;
    attached = new Attached(with(now.open(), session), now.suspended());
  }

  /** Removes a session that has closed, or moves it to the suspended ones. */
  public void detach(RoomSession session) {
    Attached now = attached;
    List<RoomSession> others = without(now.suspended(), session);
    attached =
        new Attached(
            without(now.open(), session), session.isSuspended() ? with(others, session) : others);
  }

  private static List<RoomSession> with(List<RoomSession> sessions, RoomSession added) {
    if (sessions.isEmpty()) {
      return List.of(added); // as for nearly all participants
    }
    List<RoomSession> all = new ArrayList<>(sessions);
    all.add(added);
    return List.copyOf(all);
  }

  private static List<RoomSession> without(List<RoomSession> sessions, RoomSession removed) {
    if (sessions.isEmpty() || (sessions.size() == 1 && sessions.get(0) == removed)) {
      return List.of();
    }
    return sessions.stream().filter(session -> session != removed).toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Participant that && id.equals(that.id());
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return name.equals(id) ? id : name + " (" + id + ")";
  }
}
