package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.DisplayNameRules;
import dev.roomful.internal.validation.Identifiers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Someone in the chat: a stable id, a name to show, attributes of the application's, and one or
 * more connections (tabs, devices). Equal to every participant with the same id. Safe for use by
 * many threads.
 */
public final class Participant {
  final SerialQueue callbacks;
  final AtomicInteger roomCount = new AtomicInteger();

  /** How often its attributes were updated. */
  final AtomicInteger updateCount = new AtomicInteger();

  /** What all of its connections say together. */
  final TokenBucket messageRate;

  private final RoomRegistry rooms;
  private final String id;
  private volatile String requestedName;
  private volatile String name;
  private final Map<String, Object> attributes;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private final List<Session> suspended = new CopyOnWriteArrayList<>();

  Participant(RoomRegistry rooms, AcceptedAdmission admission, SerialQueue callbacks) {
    this.rooms = rooms;
    this.messageRate = rooms.newTokenBucket();
    this.callbacks = callbacks;
    this.id = admission.id();
    this.requestedName = admission.name();
    this.name = requestedName;
    this.attributes = new ConcurrentHashMap<>(admission.attributes());
  }

  /**
   * The stable id, which the doorman gave.
   *
   * @return the id
   */
  public String id() {
    return id;
  }

  /**
   * The name to show.
   *
   * @return the display name, by default the id
   */
  public String name() {
    return name;
  }

  /**
   * Gives it another name to show, and tells the rooms that it is in, as {@link #update} does.
   *
   * @param name the name, which is kept in the form that {@link DisplayNames} tells
   * @return nothing if it is called so from now on, or why it is not: {@link Rejection#NAME}, or
   *     {@link Rejection#NAME_TAKEN} in one of its rooms
   */
  public Optional<Rejection> rename(String name) {
    Optional<Rejection> rejection = new Rename(this, DisplayNameRules.normalize(name)).run();
    if (rejection.isEmpty()) {
      notifyUpdate();
    }
    return rejection;
  }

  /**
   * Takes the display name of a later admission, if the application gives another one than before.
   * A name that the participant has taken itself stays otherwise. So does the present name if the
   * new one is taken, or if the admission has none.
   */
  void applyName(AcceptedAdmission admission) {
    String admitted = admission.name();
    if (admitted.equals(requestedName) || admitted.equals(DisplayNameRules.normalize(id))) {
      return;
    }
    requestedName = admitted;
    if (!admitted.equals(name)) {
      var unused = rename(admitted);
    }
  }

  /** Called with the locks of all its rooms held. */
  void setName(String newName) {
    name = newName;
    updateCount.incrementAndGet();
  }

  /** It is in no room yet, and somebody is called as it wants to be. */
  void appendNumber(int number) {
    String suffix = " (" + number + ")";
    setName(
        requestedName.substring(0, Math.min(requestedName.length(), 128 - suffix.length()))
            + suffix);
  }

  /**
   * What the application keeps about the participant while it is connected. The first connection's
   * {@link AcceptedAdmission} fills it; a further connection changes nothing.
   *
   * @return a live map for use by many threads; without null keys and values
   */
  public Map<String, Object> attributes() {
    return attributes;
  }

  /**
   * Changes one of the attributes, and tells the rooms that it is in: their handlers ({@link
   * RoomHandler#onUpdate}), and those who are there as far as {@link RoomOptions#notices} has words
   * for it. Nobody sees it leave. They are told behind the callback about this participant that is
   * running, if one is.
   *
   * @param key the attribute
   * @param value its value
   */
  public void update(String key, Object value) {
    attributes.put(key, value);
    updateCount.incrementAndGet();
    notifyUpdate();
  }

  private void notifyUpdate() {
    // In turn: what two changes at once are told as must not overtake each other.
    callbacks.add(() -> rooms().forEach(room -> room.membership.participantUpdated(this)));
    callbacks.run();
  }

  /**
   * How many connections it has.
   *
   * @return the number; 0 once it has left, and while it is away within its {@link
   *     Limits#resumeWindow}
   */
  public int connections() {
    return sessions.size();
  }

  /**
   * The rooms that it is in.
   *
   * @return an immutable snapshot
   */
  public Set<Room> rooms() {
    return Stream.concat(suspended.stream(), sessions.stream())
        .flatMap(session -> session.rooms().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Says something to this participant alone, on all of its connections, behind everything that was
   * queued for them before. While one of them is away it waits for that.
   *
   * @param text what it hears
   * @return false if it has left
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public boolean send(String text) {
    return send(Payload.text(text));
  }

  /**
   * Says something to this participant alone, on all of its connections, behind everything that was
   * queued for them before. While one of them is away it waits for that.
   *
   * @param payload what it hears
   * @return false if it has left
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public boolean send(Payload payload) {
    boolean sent = false;
    for (Session session : sessions) {
      sent |= !session.isResumed() && session.sendDirect(payload);
    }
    for (Session session : suspended) {
      sent |= !session.isResumed() && session.sendDirect(payload);
    }
    return sent;
  }

  /**
   * Brings the connections that it has now into another room as well; the room is made if need be.
   * What they say is still said in the room that each of them entered first. Has no effect on
   * connections that are in the room already.
   *
   * @param room the room's name
   * @return nothing if it is in, or why it is not
   * @throws IllegalArgumentException if the name is empty, longer than 128 characters or has a
   *     control character
   */
  public Optional<Rejection> join(String room) {
    return join(room, HistoryRange.none());
  }

  /**
   * Brings the connections that it has now into another room as well, and lets them hear what they
   * missed there, ahead of what is said from now on.
   *
   * @param room the room's name
   * @param replay {@link HistoryRange#last} or {@link HistoryRange#since}
   * @return nothing if it is in, or why it is not
   * @throws IllegalArgumentException if the name is empty, longer than 128 characters or has a
   *     control character, or if the page ends before the present
   */
  public Optional<Rejection> join(String room, HistoryRange replay) {
    Identifiers.requireRoomName(room);
    replay.requireUpToNow();
    Optional<Rejection> rejection =
        sessions.isEmpty()
            ? Optional.of(new Rejection(410, Rejection.GONE, "it has no connection"))
            : Optional.empty();
    for (Session session : sessions) {
      rejection =
          rejection.or(() -> rooms.join(room, JoinAttempt.withoutAdmission(session, replay)));
    }
    callbacks.run();
    return rejection;
  }

  /**
   * Takes all its connections out of a room. Those that entered the chat there have no place to
   * speak any more, and are closed with {@link CloseStatus#NORMAL}.
   *
   * @param room the room's name
   * @return false if it was not in that room
   */
  public boolean leave(String room) {
    return rooms.get(room).map(found -> found.membership.leave(id)).orElse(false);
  }

  /**
   * Ends all its connections, behind what is queued for them.
   *
   * @param status the close code and reason that the client sees
   * @throws IllegalArgumentException if the code may not be sent (RFC 6455 section 7.4.1)
   */
  public void disconnect(CloseStatus status) {
    if (!status.sendable()) {
      throw new IllegalArgumentException(
          "the close code " + status.code() + " may not be sent: use 1000, or 4000 to 4999");
    }
    for (Session session : sessions) {
      session.close(status, Session.CloseMode.AFTER_FLUSH);
    }
    suspended.forEach(session -> session.endSuspension(status));
    callbacks.run();
  }

  /**
   * Counts one room more, unless that is too many; other rooms may be doing so at the same time.
   */
  boolean claimRoom(int limit) {
    if (roomCount.incrementAndGet() > limit) {
      roomCount.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Whether it is connected, or away. */
  boolean hasSessions() {
    return !sessions.isEmpty() || !suspended.isEmpty();
  }

  List<Session> suspendedSessions() {
    return List.copyOf(suspended);
  }

  /** Its visits that are of the client with this secret, the oldest first. */
  List<Session> sessionsWithSecret(@Nullable String secret) {
    return secret == null
        ? List.of()
        : Stream.concat(suspended.stream(), sessions.stream())
            .filter(session -> session.hasResumeSecret(secret))
            .sorted(Comparator.comparingLong(session -> session.number))
            .toList();
  }

  void attach(Session session) {
    sessions.add(session);
  }

  void detach(Session session) {
    sessions.remove(session);
    if (!session.isSuspended()) {
      suspended.remove(session);
    } else if (!suspended.contains(session)) {
      suspended.add(session);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Participant that && id.equals(that.id);
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
