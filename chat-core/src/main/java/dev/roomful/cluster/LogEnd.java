package dev.roomful.cluster;

/**
 * The last entry of a log, or of what a node has applied of it.
 *
 * @param sequence the sequence of the entry, 0 if there is none
 * @param token the token of the entry, empty if there is none
 */
public record LogEnd(long sequence, String token) {
  /** Before the first entry. */
  public static final LogEnd START = new LogEnd(0, "");
}
