package dev.roomful;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A "yes" of the doorman: who enters, as whom, and into which room. Immutable; each method gives a
 * changed copy.
 */
public final class Entry implements Admission {
  private final String id;
  private final String room;

  // Set before a copy is given out, and never after.
  private String name;
  private Map<String, Object> attributes = Map.of();
  private Map<String, Page> replays = Map.of();
  private Role role = Role.MEMBER;
  private @Nullable String secret;

  private Entry(String id, String room) {
    this.id = id;
    this.room = room;
    this.name = Names.tidy(id);
  }

  private Entry copy() {
    Entry copy = new Entry(id, room);
    copy.name = name;
    copy.attributes = attributes;
    copy.replays = replays;
    copy.role = role;
    copy.secret = secret;
    return copy;
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
    return new Entry(Objects.requireNonNull(id, "id"), Objects.requireNonNull(room, "room"));
  }

  /**
   * Gives the participant a name to show.
   *
   * @param name the display name, which is kept in the form that {@link Names} tells
   * @return a copy with that name; one that cannot be shown is refused with status 400 when the
   *     handshake is decided
   */
  public Entry named(String name) {
    Entry copy = copy();
    copy.name = Names.tidy(name);
    return copy;
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
    Entry copy = copy();
    copy.attributes = Map.copyOf(more);
    return copy;
  }

  /**
   * Gives the participant a role in the room, for this stay; a further connection changes nothing.
   *
   * @param role by default {@link Role#MEMBER}
   * @return a copy with that role
   */
  public Entry as(Role role) {
    Entry copy = copy();
    copy.role = Objects.requireNonNull(role, "role");
    return copy;
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
    return replay(room, missed);
  }

  /**
   * Lets the connection hear what it missed in one of its rooms: in that which it enters, or, if it
   * is {@link #resuming}, in one in which it still is.
   *
   * @param room the room's name
   * @param missed {@link Page#last} or {@link Page#since}; by default {@link Page#nothing}
   * @return a copy with that page
   * @throws IllegalArgumentException if the page ends before the present: there would be a gap
   */
  public Entry replay(String room, Page missed) {
    Map<String, Page> more = new HashMap<>(replays);
    more.put(room, Rooms.requirePresent(missed));
    Entry copy = copy();
    copy.replays = Map.copyOf(more);
    return copy;
  }

  /**
   * What the connection hears of what it missed in the room that it enters.
   *
   * @return the page
   */
  public Page replay() {
    return replay(room);
  }

  Page replay(String room) {
    return replays.getOrDefault(room, Page.nothing());
  }

  /**
   * Lets the connection take the place of one that was lost, or is about to be found lost, and that
   * had this secret: the participant has not left, its attributes are as they were, the connection
   * is in all rooms in which that one was, and hears what was said to it alone meanwhile. The old
   * one, if the server still has it, is closed with {@link CloseStatus#RESUMED}, and nothing that
   * comes from it has an effect any more.
   *
   * <p>The id has to be one that the doorman can vouch for, or that nobody can guess: with a wrong
   * secret this is an entry like any other, and a further connection of whoever has that id and is
   * here.
   *
   * <p>If nothing is kept under that secret and the participant's id (the {@link Limits#grace} is
   * over, it was thrown out, more was said to it than is kept), it is an entry like any other. What
   * was said to the rooms meanwhile it hears by {@link #replay(String, Page)}.
   *
   * @param secret what {@link Arrival#secret} was when it came in
   * @return a copy with that secret
   */
  public Entry resuming(String secret) {
    Entry copy = copy();
    copy.secret = Objects.requireNonNull(secret, "secret");
    return copy;
  }

  @Nullable String secret() {
    return secret;
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
