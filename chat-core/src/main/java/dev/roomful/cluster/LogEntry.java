package dev.roomful.cluster;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a log. Immutable, except for its data, which nobody may change.
 *
 * <p>Two entries are equal if their tokens are.
 */
public final class LogEntry {
  private final long sequence;
  private final String previousToken;
  private final String token;
  private final String generation;
  private final long millis;
  private final String node;
  private final long nodeSequence;
  private final byte[] data;

  /**
   * Creates an entry.
   *
   * @param sequence its place in the log, 1 for the first entry
   * @param previousToken the token of the entry before it, empty for the first entry
   * @param token identifies the entry among all entries of all logs
   * @param generation the time span of the engine in which it was appended, see {@link #generation}
   * @param millis the time of the engine's clock in milliseconds since 1970; may go back
   * @param node the incarnation of the node that appended it
   * @param nodeSequence the number that this node gave it
   * @param data the content; is not copied
   */
  public LogEntry(
      long sequence,
      String previousToken,
      String token,
      String generation,
      long millis,
      String node,
      long nodeSequence,
      byte[] data) {
    this.sequence = sequence;
    this.previousToken = previousToken;
    this.token = token;
    this.generation = generation;
    this.millis = millis;
    this.node = node;
    this.nodeSequence = nodeSequence;
    this.data = data;
  }

  /** {@return its place in the log, 1 for the first entry} */
  public long sequence() {
    return sequence;
  }

  /** {@return the token of the entry before it, empty for the first entry} */
  public String previousToken() {
    return previousToken;
  }

  /** {@return what identifies the entry among all entries of all logs} */
  public String token() {
    return token;
  }

  /**
   * Identifies a span of time in which the engine has lost nothing. It is another one after each
   * event that may have lost entries, such as a restart or a failover of the engine, whether or not
   * it has lost some.
   *
   * @return a short text, equal for all entries of one log that were appended in that span
   */
  public String generation() {
    return generation;
  }

  /** {@return the time of the engine's clock in milliseconds since 1970; may go back} */
  public long millis() {
    return millis;
  }

  /** {@return the incarnation of the node that appended it} */
  public String node() {
    return node;
  }

  /** {@return the number that this node gave it} */
  public long nodeSequence() {
    return nodeSequence;
  }

  /** {@return the content, which must not be changed} */
  public byte[] data() {
    return data;
  }

  /** {@return the end of a log that ends with this entry} */
  public LogEnd end() {
    return new LogEnd(sequence, token);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LogEntry that && token.equals(that.token);
  }

  @Override
  public int hashCode() {
    return token.hashCode();
  }

  @Override
  public String toString() {
    return "entry " + sequence + " of node " + node + ", " + data.length + " bytes";
  }
}
