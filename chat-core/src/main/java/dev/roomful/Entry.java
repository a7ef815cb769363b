package dev.roomful;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A "yes" of the doorman: who enters, as whom, and into which room. Immutable; each method gives a
 * changed copy.
 */
public final class Entry implements Admission {
  private final String id;
  private final String room;
  private final String name;
  private final Map<String, Object> attributes;
  private final Page replay;
  private final Role role;

  private Entry(
      String id, String room, String name, Map<String, Object> attributes, Page replay, Role role) {
    this.id = id;
    this.room = room;
    this.name = name;
    this.attributes = attributes;
    this.replay = replay;
    this.role = role;
  }

  /**
   * Lets somebody in. Connections with the same id are one participant.
   *
   * @param id the participant's stable id, which the application vouches for, 1 to 128 characters
   * @param room the name of the room, 1 to 128 characters
   * @return the entry, with the id as display name; an id or a room name that is empty, too long or
   *     has a control character is refused with status 400 when the handshake is decided
   */
  public static Entry of(String id, String room) {
    return new Entry(
        Objects.requireNonNull(id, "id"),
        Objects.requireNonNull(room, "room"),
        id,
        Map.of(),
        Page.nothing(),
        Role.MEMBER);
  }

  /**
   * Gives the participant a name to show.
   *
   * @param name the display name
   * @return a copy with that name
   */
  public Entry named(String name) {
    return new Entry(id, room, name, attributes, replay, role);
  }

  /**
   * Gives the participant an attribute, to be found in {@link Participant#attributes}.
   *
   * @param key the attribute's key
   * @param value its value
   * @return a copy with that attribute
   */
  public Entry with(String key, Object value) {
    Map<String, Object> more = new HashMap<>(attributes);
    more.put(key, value);
    return new Entry(id, room, name, Map.copyOf(more), replay, role);
  }

  /**
   * Gives the participant a role in the room, for this stay; a further connection changes nothing.
   *
   * @param role by default {@link Role#MEMBER}
   * @return a copy with that role
   */
  public Entry as(Role role) {
    return new Entry(id, room, name, attributes, replay, Objects.requireNonNull(role, "role"));
  }

  /**
   * What the participant is to be in the room.
   *
   * @return the role
   */
  public Role role() {
    return role;
  }

  /**
   * Lets the connection hear what it missed, ahead of what is said from now on.
   *
   * @param missed {@link Page#last} or {@link Page#since}; by default {@link Page#nothing}
   * @return a copy with that page
   * @throws IllegalArgumentException if the page ends before the present: there would be a gap
   */
  public Entry replay(Page missed) {
    return new Entry(id, room, name, attributes, Rooms.requirePresent(missed), role);
  }

  /**
   * What the connection hears of what it missed.
   *
   * @return the page
   */
  public Page replay() {
    return replay;
  }

  /**
   * As whom.
   *
   * @return the participant's id
   */
  public String id() {
    return id;
  }

  /**
   * Where to.
   *
   * @return the room's name
   */
  public String room() {
    return room;
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
   * The participant's first attributes.
   *
   * @return an immutable map
   */
  public Map<String, Object> attributes() {
    return attributes;
  }

  @Override
  public String toString() {
    return id + " into " + room;
  }
}
