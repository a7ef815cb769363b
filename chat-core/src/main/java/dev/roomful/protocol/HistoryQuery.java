package dev.roomful.protocol;

import java.util.OptionalLong;

/**
 * A page of a room's history, read from one end.
 *
 * @param from the offset after which the page begins, or before which if {@code newestFirst}; empty
 *     to begin with the oldest stored message, or the newest if {@code newestFirst}
 * @param newestFirst whether the page goes back in time
 * @param limit the largest number of messages, at least 0
 */
public record HistoryQuery(OptionalLong from, boolean newestFirst, int limit) {
  /**
   * Checks the limit.
   *
   * @param from the offset to start from, or empty
   * @param newestFirst whether the page goes back in time
   * @param limit the largest number of messages
   * @throws IllegalArgumentException if the limit is negative
   */
  public HistoryQuery {
    if (limit < 0) {
      throw new IllegalArgumentException("limit is " + limit + ": must be at least 0");
    }
  }
}
