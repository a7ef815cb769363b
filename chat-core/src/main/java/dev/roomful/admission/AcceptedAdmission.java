package dev.roomful.admission;

import dev.roomful.internal.validation.DisplayNameRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A "yes" of the doorman: who enters, as whom, and into which room. Immutable; each method gives a
 * changed copy.
 */
public final class AcceptedAdmission implements Admission {
  private final String id;
  private final String room;

  // Set before a copy is given out, and never after.
  private String name;
  private Map<String, Object> attributes = Map.of();
  private Map<String, HistoryRange> replays = Map.of();
  private Role role = Role.MEMBER;
  private @Nullable String resumeSecret;

  private AcceptedAdmission(String id, String room) {
    this.id = id;
    this.room = room;
    this.name = DisplayNameRules.normalize(id);
  }

  private AcceptedAdmission copy() {
    AcceptedAdmission copy = new AcceptedAdmission(id, room);
    copy.name = name;
    copy.attributes = attributes;
    copy.replays = replays;
    copy.role = role;
    copy.resumeSecret = resumeSecret;
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
  public static AcceptedAdmission of(String id, String room) {
    return new AcceptedAdmission(
        Objects.requireNonNull(id, "id"), Objects.requireNonNull(room, "room"));
  }

  /**
   * Gives the participant a display name. If it is connected already, a name that differs from that
   * of the previous admission renames it, unless another participant in one of its rooms uses that
   * name.
   *
   * @param name the display name, which is kept in the form that {@code DisplayNames} tells
   * @return a copy with that name; one that cannot be shown is refused with status 400 when the
   *     handshake is decided
   */
  public AcceptedAdmission withName(String name) {
    AcceptedAdmission copy = copy();
    copy.name = DisplayNameRules.normalize(name);
    return copy;
  }

  /**
   * Gives the participant an attribute, to be found in {@code Participant.attributes}.
   *
   * @param key the attribute's key
   * @param value its value
   * @return a copy with that attribute
   */
  public AcceptedAdmission withAttribute(String key, Object value) {
    Map<String, Object> extended = new HashMap<>(attributes);
    extended.put(key, value);
    AcceptedAdmission copy = copy();
    copy.attributes = Map.copyOf(extended);
    return copy;
  }

  /**
   * Gives the participant a role in the room. If it is in the room already, on another connection,
   * a role that differs from that of the previous admission replaces its present role; the same
   * role as before changes nothing.
   *
   * @param role by default {@link Role#MEMBER}
   * @return a copy with that role
   */
  public AcceptedAdmission withRole(Role role) {
    AcceptedAdmission copy = copy();
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
   * @param range {@link HistoryRange#last} or {@link HistoryRange#since}; by default {@link
   *     HistoryRange#none}
   * @return a copy with that page
   * @throws IllegalArgumentException if the page ends before the present: there would be a gap
   */
  public AcceptedAdmission withReplay(HistoryRange range) {
    return withReplay(room, range);
  }

  /**
   * Lets the connection hear what it missed in one of its rooms: in that which it enters, or, if it
   * is {@link #withResumeSecret}, in one in which it still is.
   *
   * @param room the room's name
   * @param range {@link HistoryRange#last} or {@link HistoryRange#since}; by default {@link
   *     HistoryRange#none}
   * @return a copy with that page
   * @throws IllegalArgumentException if the page ends before the present: there would be a gap
   */
  public AcceptedAdmission withReplay(String room, HistoryRange range) {
    Map<String, HistoryRange> extended = new HashMap<>(replays);
    extended.put(room, range.requireUpToNow());
    AcceptedAdmission copy = copy();
    copy.replays = Map.copyOf(extended);
    return copy;
  }

  /**
   * What the connection hears of what it missed in the room that it enters.
   *
   * @return the page
   */
  public HistoryRange replay() {
    return replay(room);
  }

  /**
   * Returns what the connection receives of the history of a room.
   *
   * @param room the room's name
   * @return the range, by default {@link HistoryRange#none}
   */
  public HistoryRange replay(String room) {
    return replays.getOrDefault(room, HistoryRange.none());
  }

  /**
   * Lets the connection take the place of one that was lost, or is about to be found lost, and that
   * had this secret: the participant has not left, its attributes are as they were, the connection
   * is in all rooms in which that one was, and hears what was said to it alone meanwhile. The old
   * one, if the server still has it, is closed with {@code CloseStatus.RESUMED}, and nothing that
   * comes from it has an effect any more.
   *
   * <p>The id has to be one that the doorman can vouch for, or that nobody can guess: with a wrong
   * secret this is an entry like any other, and a further connection of whoever has that id and is
   * here.
   *
   * <p>If nothing is kept under that secret and the participant's id (the {@code
   * Limits.resumeWindow} is over, it was thrown out, more was said to it than is kept), it is an
   * entry like any other. What was said to the rooms meanwhile it hears by {@link
   * #withReplay(String, HistoryRange)}.
   *
   * @param resumeSecret what {@code JoinInfo.resumeSecret} was when it came in
   * @return a copy with that secret
   */
  public AcceptedAdmission withResumeSecret(String resumeSecret) {
    AcceptedAdmission copy = copy();
    copy.resumeSecret = Objects.requireNonNull(resumeSecret, "secret");
    return copy;
  }

  /** {@return the secret of the session to resume, or null} */
  public @Nullable String resumeSecret() {
    return resumeSecret;
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
