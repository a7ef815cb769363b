package dev.roomful.centrifuge;

/** A message of the server; several may share a frame. */
sealed interface ServerMessage permits Reply, Push, ServerMessage.Ping {
  /** A ping of the server: an empty reply. The client answers with an empty command. */
  record Ping() implements ServerMessage {}
}
