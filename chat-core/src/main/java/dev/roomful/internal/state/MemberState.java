package dev.roomful.internal.state;

import dev.roomful.Participant;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A participant in one room, with its connections on all nodes; guarded by the room. */
public final class MemberState {
  private final String id;
  private List<ConnectionState> connections = List.of();

  /** As this node sees it: with its sessions here, or as one that is elsewhere. */
  private volatile Participant participant;

  private volatile Role role;
  private Role admittedRole;
  private boolean seesParticipants;
  private String name;
  private Map<String, Object> attributes;
  @Nullable String nameKey;
  private final @Nullable Notice joinNotice;
  @Nullable Notice leaveNotice;
  int listedConnections;

  private MemberState(
      String id,
      Participant participant,
      String name,
      @Nullable String nameKey,
      Map<String, Object> attributes,
      Role role,
      Role admittedRole,
      boolean seesParticipants,
      @Nullable Notice joinNotice,
      @Nullable Notice leaveNotice) {
    this.id = id;
    this.participant = participant;
    this.name = name;
    this.nameKey = nameKey;
    this.attributes = attributes;
    this.role = role;
    this.admittedRole = admittedRole;
    this.seesParticipants = seesParticipants;
    this.joinNotice = joinNotice;
    this.leaveNotice = leaveNotice;
  }

  /** Creates a member without connections and without the key of its name. */
  MemberState(RoomEvent.Joined joined) {
    this(
        joined.id(),
        joined.participant(),
        joined.name(),
        null,
        joined.attributes(),
        joined.role(),
        joined.role(),
        joined.seesParticipants(),
        joined.joinNotice(),
        joined.leaveNotice());
  }

  /** Returns a member of a snapshot. */
  static MemberState restored(
      String id,
      Participant participant,
      String name,
      @Nullable String nameKey,
      Map<String, Object> attributes,
      Role role,
      Role admittedRole,
      boolean seesParticipants,
      @Nullable Notice joinNotice,
      @Nullable Notice leaveNotice,
      List<ConnectionState> connections) {
    MemberState member =
        new MemberState(
            id,
            participant,
            name,
            nameKey,
            attributes,
            role,
            admittedRole,
            seesParticipants,
            joinNotice,
            leaveNotice);
    member.connections = List.copyOf(connections);
    return member;
  }

  public String id() {
    return id;
  }

  /** {@return the participant as this node sees it; may be read without the lock} */
  public Participant participant() {
    return participant;
  }

  /** Sets how this node sees the participant; called with the lock held. */
  public void setParticipant(Participant newParticipant) {
    participant = newParticipant;
  }

  /** {@return its role; may be read without the lock} */
  public Role role() {
    return role;
  }

  /** {@return the role of its latest admission to the room} */
  public Role admittedRole() {
    return admittedRole;
  }

  /** {@return whether its role may see the participants} */
  public boolean seesParticipants() {
    return seesParticipants;
  }

  public String name() {
    return name;
  }

  public Map<String, Object> attributes() {
    return attributes;
  }

  /** {@return the key of its name that nobody else may have, or null} */
  public @Nullable String nameKey() {
    return nameKey;
  }

  /** {@return the notice that others received when it joined, or null} */
  public @Nullable Notice joinNotice() {
    return joinNotice;
  }

  /** {@return the notice that others receive when it leaves, or null} */
  public @Nullable Notice leaveNotice() {
    return leaveNotice;
  }

  /** {@return its connections, in the order in which they joined} */
  public List<ConnectionState> connections() {
    return connections;
  }

  boolean hasConnections() {
    return !connections.isEmpty();
  }

  @Nullable ConnectionState connection(String connectionId) {
    for (ConnectionState connection : connections) {
      if (connection.id().equals(connectionId)) {
        return connection;
      }
    }
    return null;
  }

  /** {@return what others know about one of its connections} */
  public PresenceEntry presenceEntry(ConnectionState connection) {
    return new PresenceEntry(
        connection.presenceId(), participant, connection.presenceOptions().connectionInfo());
  }

  void add(ConnectionState connection) {
    connections = SmallLists.with(connections, connection);
  }

  void remove(ConnectionState connection) {
    connections = SmallLists.without(connections, connection);
  }

  void setRole(RoomEvent.RoleChanged change) {
    role = change.role();
    seesParticipants = change.seesParticipants();
    if (change.admitted()) {
      admittedRole = change.role();
    }
  }

  void update(RoomEvent.MemberUpdated update) {
    name = update.name() == null ? name : update.name();
    attributes = update.attributes() == null ? attributes : update.attributes();
    leaveNotice = update.leaveNotice();
  }
}
