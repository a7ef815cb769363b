package dev.roomful.centrifuge;

/**
 * A position in a channel's stream, as a client sends it. Unlike in a {@code Position}, the epoch
 * may be any text, and of a stream that never existed.
 *
 * @param offset the number of the publication, 0 before the first one; numbers above {@link
 *     Long#MAX_VALUE}, which no stream reaches, are that
 * @param epoch the epoch of the stream, empty if the client does not know it
 */
record StreamPosition(long offset, String epoch) {
  static final StreamPosition START = new StreamPosition(0, "");
}
