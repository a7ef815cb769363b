package dev.roomful.internal.room;

/** What happens to the connection when its session closes. */
public enum SessionCloseMode {
  /** It is closed after what is queued for it. */
  AFTER_FLUSH,
  /** What is queued is dropped, then it is closed. */
  IMMEDIATELY,
  /** It is closed already: what is queued is dropped. */
  DISCARD
}
