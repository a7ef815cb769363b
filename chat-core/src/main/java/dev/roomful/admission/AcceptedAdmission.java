package dev.roomful.admission;

import dev.roomful.internal.validation.DisplayNameRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The acceptance of a handshake: who connects, and to which room. Immutable; the methods that start
 * with {@code with} return changed copies.
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
  private @Nullable Credential credential;

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
    copy.credential = credential;
    return copy;
  }

  /**
   * Returns an admission. Connections with the same id are one participant.
   *
   * @param id the participant's stable id, 1 to 128 characters; the application vouches for it
   * @param room the room's name, 1 to 128 characters
   * @return the admission, with the id as display name. An id or a room name that is empty, too
   *     long or has a control character is rejected with status 400 when the handshake is decided
   */
  public static AcceptedAdmission of(String id, String room) {
    return new AcceptedAdmission(
        Objects.requireNonNull(id, "id"), Objects.requireNonNull(room, "room"));
  }

  /**
   * Returns a copy with a display name. If the participant is connected already, a name that
   * differs from that of the previous admission renames it, unless another participant in one of
   * its rooms uses it.
   *
   * @param name the display name; it is stored in the form that {@code DisplayNames} describes
   * @return the changed copy. A name that is not valid is rejected with status 400 when the
   *     handshake is decided
   */
  public AcceptedAdmission withName(String name) {
    AcceptedAdmission copy = copy();
    copy.name = DisplayNameRules.normalize(name);
    return copy;
  }

  /**
   * Returns a copy with an attribute, which {@code Participant.attributes} contains.
   *
   * @param key the attribute's key
   * @param value its value
   * @return the changed copy
   */
  public AcceptedAdmission withAttribute(String key, Object value) {
    Map<String, Object> extended = new HashMap<>(attributes);
    extended.put(key, value);
    AcceptedAdmission copy = copy();
    copy.attributes = Map.copyOf(extended);
    return copy;
  }

  /**
   * Returns a copy with a role in the room. If the participant is in the room already, a role that
   * differs from that of the previous admission replaces its present role; the same role changes
   * nothing.
   *
   * @param role by default {@link Role#MEMBER}
   * @return the changed copy
   */
  public AcceptedAdmission withRole(Role role) {
    AcceptedAdmission copy = copy();
    copy.role = Objects.requireNonNull(role, "role");
    return copy;
  }

  /** {@return the role in the room} */
  public Role role() {
    return role;
  }

  /**
   * Returns a copy that replays stored messages of the room to the connection, before live
   * messages.
   *
   * @param range {@link HistoryRange#last} or {@link HistoryRange#since}; by default {@link
   *     HistoryRange#none}
   * @return the changed copy
   * @throws IllegalArgumentException if the range ends before the newest message
   */
  public AcceptedAdmission withReplay(HistoryRange range) {
    return withReplay(room, range);
  }

  /**
   * Returns a copy that replays stored messages of one room: of the room that the connection joins
   * or, with {@link #withResumeSecret}, of a room that the resumed session is in.
   *
   * @param room the room's name
   * @param range {@link HistoryRange#last} or {@link HistoryRange#since}; by default {@link
   *     HistoryRange#none}
   * @return the changed copy
   * @throws IllegalArgumentException if the range ends before the newest message
   */
  public AcceptedAdmission withReplay(String room, HistoryRange range) {
    Map<String, HistoryRange> extended = new HashMap<>(replays);
    extended.put(room, range.requireUpToNow());
    AcceptedAdmission copy = copy();
    copy.replays = Map.copyOf(extended);
    return copy;
  }

  /** {@return the range to replay of the room that the connection joins} */
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
   * Returns a copy that resumes a session that was lost, or is about to be found lost. The
   * participant has not left then: its attributes are unchanged, the connection joins all rooms of
   * the resumed session, and receives what was sent to it alone meanwhile. The old connection, if
   * it is still open, is closed with {@code CloseStatus.RESUMED}, and its input has no effect any
   * more.
   *
   * <p>The application has to vouch for the id, or nobody must be able to guess it: with a wrong
   * secret this is an admission without a secret, that is a further connection of the participant
   * with that id.
   *
   * <p>If no session is stored under that secret and id (the {@code Limits.resumeWindow} is over,
   * it was removed, more was sent to it than is stored), this is an admission without a secret.
   * Messages of rooms are replayed by {@link #withReplay(String, HistoryRange)}.
   *
   * @param resumeSecret the {@code JoinInfo.resumeSecret} of the session
   * @return the changed copy
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
   * Returns a copy with what the access is based on. A credential that has expired or was revoked
   * is rejected with status 401 when the handshake is decided; later the connection is closed.
   *
   * @param credential by default none: the access does not expire, and is revoked with the
   *     participant only
   * @return the changed copy
   */
  public AcceptedAdmission withCredential(Credential credential) {
    AcceptedAdmission copy = copy();
    copy.credential = Objects.requireNonNull(credential, "credential");
    return copy;
  }

  /** {@return what the access is based on, or null} */
  public @Nullable Credential credential() {
    return credential;
  }

  /** {@return the participant's id} */
  public String id() {
    return id;
  }

  /** {@return the room's name} */
  public String room() {
    return room;
  }

  /** {@return the display name, by default the id} */
  public String name() {
    return name;
  }

  /** {@return the participant's first attributes, an immutable map} */
  public Map<String, Object> attributes() {
    return attributes;
  }

  @Override
  public String toString() {
    return id + " into " + room;
  }
}
