package dev.roomful.internal.state;

import dev.roomful.protocol.PresenceOptions;

/** One connection in a room, wherever it is. Immutable. */
public final class ConnectionState {
  private final String id;
  private final String node;
  private final String presenceId;
  private final PresenceOptions presenceOptions;

  /**
   * Creates a connection.
   *
   * @param id unique among all chats
   * @param node the incarnation of the node that it is connected to, empty without a cluster
   * @param presenceId the id under which others know it: that of the connection that it replaced
   * @param presenceOptions what others see of it, and what it sees of them
   */
  public ConnectionState(
      String id, String node, String presenceId, PresenceOptions presenceOptions) {
    this.id = id;
    this.node = node;
    this.presenceId = presenceId;
    this.presenceOptions = presenceOptions;
  }

  public String id() {
    return id;
  }

  public String node() {
    return node;
  }

  public String presenceId() {
    return presenceId;
  }

  public PresenceOptions presenceOptions() {
    return presenceOptions;
  }
}
