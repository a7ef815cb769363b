package dev.roomful.centrifuge;

/** One thing that the server sends: several of them may share a frame. */
sealed interface ServerMessage permits Reply, Push, ServerMessage.Ping {
  /** The server's ping: an empty reply. The client answers it with an empty command. */
  record Ping() implements ServerMessage {}
}
