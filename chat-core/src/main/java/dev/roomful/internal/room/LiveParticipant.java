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
import dev.roomful.internal.state.SmallLists;
import dev.roomful.internal.validation.DisplayNameRules;
import dev.roomful.internal.validation.Identifiers;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A participant that is connected to this node, or can resume or come back here. */
public final class LiveParticipant implements Participant {
  private static final AtomicIntegerFieldUpdater<LiveParticipant> ROOM_COUNT =
      AtomicIntegerFieldUpdater.newUpdater(LiveParticipant.class, "roomCount");

  private static final AtomicIntegerFieldUpdater<LiveParticipant> UPDATE_COUNT =
      AtomicIntegerFieldUpdater.newUpdater(LiveParticipant.class, "updateCount");

  private static final AtomicLongFieldUpdater<LiveParticipant> PENDING_BYTES =
      AtomicLongFieldUpdater.newUpdater(LiveParticipant.class, "pendingBytes");

  /** Its monitor guards the attributes and the delayed rooms, when they change. */
  public final SerialQueue callbacks;

  /** The rates of its connections, and of all of them together. */
  public final MessageRates messageRates;

  private final RoomRegistry rooms;
  private final String id;
  private volatile String requestedName;
  private volatile String name;
  private volatile int roomCount;

  /** How often its name or its attributes have changed. */
  private volatile int updateCount;

  /** The bytes of its messages that wait for their callbacks. */
  @SuppressWarnings("UnusedVariable") // by its updater
  private volatile long pendingBytes;

  /** Replaced by a map that can be changed as soon as there are some. */
  private volatile Map<String, Object> attributes = Map.of();

  /** Changes of this node that no room was notified of yet. */
  private int unreportedChanges;

  /**
   * The rooms in which its leave is delayed; each changes its own entry with its lock held.
   * Replaced as a whole.
   */
  private volatile Set<LiveRoom> delayedRooms = Set.of();

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
    if (!admission.attributes().isEmpty()) {
      attributes = new ConcurrentHashMap<>(admission.attributes());
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
      synchronized (callbacks) {
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
    UPDATE_COUNT.incrementAndGet(this);
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
    return new AttributesView();
  }

  /** A view, so that a participant without attributes has no map. */
  private final class AttributesView extends AbstractMap<String, Object> {
    @Override
    public Set<Entry<String, Object>> entrySet() {
      return Collections.unmodifiableMap(attributes).entrySet();
    }

    @Override
    public @Nullable Object get(Object key) {
      return attributes.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
      return attributes.containsKey(key);
    }
  }

  /** Called with the monitor of the callbacks held. */
  private Map<String, Object> changeableAttributes() {
    if (!(attributes instanceof ConcurrentHashMap)) {
      attributes = new ConcurrentHashMap<>(0); // empty until now
    }
    return attributes;
  }

  /** Public information for messages, or null. */
  public @Nullable String info() {
    Object info = attributes.get(INFO);
    return info == null ? null : info.toString();
  }

  @Override
  public void update(String key, Object value) {
    synchronized (callbacks) {
      changeableAttributes().put(key, value);
      unreportedChanges++;
    }
    UPDATE_COUNT.incrementAndGet(this);
    notifyUpdate();
  }

  @Override
  public void removeAttribute(String key) {
    synchronized (callbacks) {
      if (!attributes.containsKey(key)) {
        return;
      }
      changeableAttributes().remove(key);
      unreportedChanges++;
    }
    UPDATE_COUNT.incrementAndGet(this);
    notifyUpdate();
  }

  /** Takes what another node has changed. */
  void replace(String newName, Map<String, Object> newAttributes) {
    synchronized (callbacks) {
      replaceAttributes(newAttributes);
    }
    setName(newName);
  }

  private void replaceAttributes(Map<String, Object> newAttributes) {
    Map<String, Object> changed = changeableAttributes();
    changed.keySet().retainAll(newAttributes.keySet());
    changed.putAll(newAttributes);
  }

  /**
   * Takes what this node has changed, now that the log has it: another node may have changed it
   * before. A later change of this node stays.
   */
  void settle(Map<String, Object> logged) {
    synchronized (callbacks) {
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
          synchronized (callbacks) {
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
    if (ROOM_COUNT.incrementAndGet(this) > limit) {
      releaseRoom();
      return false;
    }
    return true;
  }

  /** Counts one room less; for any thread. */
  void releaseRoom() {
    ROOM_COUNT.decrementAndGet(this);
  }

  /** {@return the number of its rooms} */
  public int roomCount() {
    return roomCount;
  }

  /** {@return how often its name or its attributes have changed} */
  int updateCount() {
    return updateCount;
  }

  /** Counts bytes of messages that wait for their callbacks. {@return their new sum} */
  public long addPendingBytes(int bytes) {
    return PENDING_BYTES.addAndGet(this, bytes);
  }

  /** Called with the room's lock held. */
  void leaveDelayBegan(LiveRoom room) {
    changeDelayedRooms(changed -> changed.add(room));
  }

  /** It is back before the delay was over; called with the room's lock held. */
  void leaveDelayCancelled(LiveRoom room) {
    changeDelayedRooms(changed -> changed.remove(room));
  }

  private void changeDelayedRooms(Consumer<Set<LiveRoom>> change) {
    synchronized (callbacks) {
      Set<LiveRoom> changed = new HashSet<>(delayedRooms);
      change.accept(changed);
      delayedRooms = Set.copyOf(changed);
    }
  }

  /** Whether it has sessions, or is in a room in which its leave is delayed. */
  public boolean isPresent() {
    return hasSessions() || !delayedRooms.isEmpty();
  }

  /** Called with the room's lock held, after its leave was queued. */
  void leaveDelayEnded(LiveRoom room) {
    leaveDelayCancelled(room);
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
    attached = new Attached(SmallLists.with(now.open(), session), now.suspended());
  }

  /** Removes a session that has closed, or moves it to the suspended ones. */
  public void detach(RoomSession session) {
    Attached now = attached;
    List<RoomSession> others = SmallLists.without(now.suspended(), session);
    attached =
        new Attached(
            SmallLists.without(now.open(), session),
            session.isSuspended() ? SmallLists.with(others, session) : others);
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
