package dev.roomful.centrifuge;

/**
 * A place in a channel's stream, as a client says it: unlike a {@code Position}, the epoch may be
 * any word, also one that no room ever had.
 *
 * @param offset the publication's number, 0 before the first one; numbers above {@link
 *     Long#MAX_VALUE}, which no stream reaches, are that
 * @param epoch which life of the stream the offset counts in, empty if the client does not know
 */
record StreamPosition(long offset, String epoch) {
  static final StreamPosition START = new StreamPosition(0, "");
}
