package dev.roomful.jakarta.frames;

/** What a server has to do with a socket after an event. */
public enum SocketAction {
  /** Dispatch again when there is something to read. */
  READ,
  /** Dispatch no input until {@link ClientSocket#readLater} is called. */
  PAUSE,
  /** Close the socket. */
  CLOSE
}
