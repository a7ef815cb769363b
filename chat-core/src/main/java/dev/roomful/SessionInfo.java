package dev.roomful;

import java.time.Instant;
import java.util.Set;

/** One connection of a participant, on any node, for administration. Immutable. */
public final class SessionInfo {
  private final String connectionId;
  private final String node;
  private final Instant since;
  private final Set<String> rooms;

  /**
   * Creates a description.
   *
   * @param connectionId the id of the connection
   * @param node the node, empty without a cluster
   * @param since when it was connected
   * @param rooms the names of rooms that it is in
   */
  public SessionInfo(String connectionId, String node, Instant since, Set<String> rooms) {
    this.connectionId = connectionId;
    this.node = node;
    this.since = since;
    this.rooms = Set.copyOf(rooms);
  }

  /** {@return the id of the connection, unique among all chats} */
  public String connectionId() {
    return connectionId;
  }

  /** {@return a name of the node that it is connected to; empty without a cluster} */
  public String node() {
    return node;
  }

  /** {@return when it was connected, on the clock of the cluster} */
  public Instant since() {
    return since;
  }

  /**
   * Returns rooms that the connection is in.
   *
   * @return names of rooms; of a connection with a protocol on another node, none
   */
  public Set<String> rooms() {
    return rooms;
  }

  @Override
  public String toString() {
    return "SessionInfo{" + connectionId + (node.isEmpty() ? "" : " on " + node) + "}";
  }
}
