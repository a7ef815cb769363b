package dev.roomful;

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
  final Turns turns;
  final AtomicInteger roomCount = new AtomicInteger();

  /** How often its attributes were updated. */
  final AtomicInteger changes = new AtomicInteger();

  /** What all of its connections say together. */
  final Rate rate;

  private final Rooms rooms;
  private final String id;
  private final String wish;
  private volatile String name;
  private final Map<String, Object> attributes;
  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private final List<Visit> away = new CopyOnWriteArrayList<>();

  Participant(Rooms rooms, Entry entry, Turns turns) {
    this.rooms = rooms;
    this.rate = rooms.newRate();
    this.turns = turns;
    this.id = entry.id();
    this.wish = entry.name();
    this.name = wish;
    this.attributes = new ConcurrentHashMap<>(entry.attributes());
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
   * @param name the name, which is kept in the form that {@link Names} tells
   * @return nothing if it is called so from now on, or why it is not: {@link Refusal#NAME}, or
   *     {@link Refusal#NAME_TAKEN} in one of its rooms
   */
  public Optional<Refusal> rename(String name) {
    Optional<Refusal> refusal = new Renaming(this, Names.tidy(name)).run();
    if (refusal.isEmpty()) {
      tellChange();
    }
    return refusal;
  }

  /** Called with the locks of all its rooms held. */
  void called(String other) {
    name = other;
    changes.incrementAndGet();
  }

  /** It is in no room yet, and somebody is called as it wants to be. */
  void number(int number) {
    String suffix = " (" + number + ")";
    called(wish.substring(0, Math.min(wish.length(), 128 - suffix.length())) + suffix);
  }

  /**
   * What the application keeps about the participant while it is connected. The first connection's
   * {@link Entry} fills it; a further connection changes nothing.
   *
   * @return a live map for use by many threads; without null keys and values
   */
  public Map<String, Object> attributes() {
    return attributes;
  }

  /**
   * Changes one of the attributes, and tells the rooms that it is in: their handlers ({@link
   * RoomHandler#onChange}), and those who are there as far as {@link RoomOptions#notices} has words
   * for it. Nobody sees it leave. They are told behind the callback about this participant that is
   * running, if one is.
   *
   * @param key the attribute
   * @param value its value
   */
  public void update(String key, Object value) {
    attributes.put(key, value);
    changes.incrementAndGet();
    tellChange();
  }

  private void tellChange() {
    // In turn: what two changes at once are told as must not overtake each other.
    turns.add(() -> rooms().forEach(room -> room.members.changed(this)));
    turns.run();
  }

  /**
   * How many connections it has.
   *
   * @return the number; 0 once it has left, and while it is away within its {@link Limits#grace}
   */
  public int connections() {
    return visits.size();
  }

  /**
   * The rooms that it is in.
   *
   * @return an immutable snapshot
   */
  public Set<Room> rooms() {
    return Stream.concat(away.stream(), visits.stream())
        .flatMap(visit -> visit.rooms().stream())
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
  public boolean tell(String text) {
    return tell(Payload.text(text));
  }

  /**
   * Says something to this participant alone, on all of its connections, behind everything that was
   * queued for them before. While one of them is away it waits for that.
   *
   * @param payload what it hears
   * @return false if it has left
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public boolean tell(Payload payload) {
    boolean told = false;
    for (Visit visit : visits) {
      told |= !visit.isBack() && visit.tell(payload);
    }
    for (Visit lost : away) {
      told |= !lost.isBack() && lost.tell(payload);
    }
    return told;
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
  public Optional<Refusal> join(String room) {
    return join(room, Page.nothing());
  }

  /**
   * Brings the connections that it has now into another room as well, and lets them hear what they
   * missed there, ahead of what is said from now on.
   *
   * @param room the room's name
   * @param missed {@link Page#last} or {@link Page#since}
   * @return nothing if it is in, or why it is not
   * @throws IllegalArgumentException if the name is empty, longer than 128 characters or has a
   *     control character, or if the page ends before the present
   */
  public Optional<Refusal> join(String room, Page missed) {
    Rooms.requireName(room);
    Rooms.requirePresent(missed);
    Optional<Refusal> refusal =
        visits.isEmpty()
            ? Optional.of(new Refusal(410, Refusal.GONE, "it has no connection"))
            : Optional.empty();
    for (Visit visit : visits) {
      refusal = refusal.or(() -> rooms.enter(room, new Coming(visit, missed, Role.MEMBER)));
    }
    turns.run();
    return refusal;
  }

  /**
   * Takes all its connections out of a room. Those that entered the chat there have no place to
   * speak any more, and are closed with {@link CloseStatus#NORMAL}.
   *
   * @param room the room's name
   * @return false if it was not in that room
   */
  public boolean leave(String room) {
    return rooms.get(room).map(found -> found.members.release(id)).orElse(false);
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
    for (Visit visit : visits) {
      visit.end(status, Visit.Farewell.AFTER_FLUSH);
    }
    away.forEach(lost -> lost.dismiss(status));
    turns.run();
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
  boolean isHere() {
    return !visits.isEmpty() || !away.isEmpty();
  }

  List<Visit> away() {
    return List.copyOf(away);
  }

  /** Its visits that are of the client with this secret, the oldest first. */
  List<Visit> visitsWith(@Nullable String secret) {
    return secret == null
        ? List.of()
        : Stream.concat(away.stream(), visits.stream())
            .filter(visit -> visit.isOf(secret))
            .sorted(Comparator.comparingLong(visit -> visit.number))
            .toList();
  }

  void attach(Visit visit) {
    visits.add(visit);
  }

  void detach(Visit visit) {
    visits.remove(visit);
    if (!visit.isKept()) {
      away.remove(visit);
    } else if (!away.contains(visit)) {
      away.add(visit);
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
