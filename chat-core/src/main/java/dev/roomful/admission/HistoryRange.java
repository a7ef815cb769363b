package dev.roomful.admission;

import dev.roomful.internal.validation.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * A part of what a room has kept: what a connection wants to hear when it comes in, or what an
 * application asks for. Immutable.
 */
public final class HistoryRange {
  private static final HistoryRange NONE = new HistoryRange(0, null, null);

  private final int limit;
  private final @Nullable Position since;
  private final @Nullable Position before;

  private HistoryRange(int limit, @Nullable Position since, @Nullable Position before) {
    this.limit = limit;
    this.since = since;
    this.before = before;
  }

  /**
   * Nothing.
   *
   * @return an empty page
   */
  public static HistoryRange none() {
    return NONE;
  }

  /**
   * The latest messages.
   *
   * @param messages how many at most, at least 1
   * @return the page
   * @throws IllegalArgumentException if the number is below 1
   */
  public static HistoryRange last(int messages) {
    return new HistoryRange(
        Arguments.requireAtLeast(1, messages, "messages of a page"), null, null);
  }

  /**
   * All messages behind a position.
   *
   * @param position the last that is known already
   * @return the page
   */
  public static HistoryRange since(Position position) {
    return new HistoryRange(Integer.MAX_VALUE, position, null);
  }

  /**
   * The latest of those in front of a position: to page back.
   *
   * @param position the first that is known already
   * @param messages how many at most, at least 1
   * @return the page
   * @throws IllegalArgumentException if the number is below 1
   */
  public static HistoryRange before(Position position, int messages) {
    return new HistoryRange(
        Arguments.requireAtLeast(1, messages, "messages of a page"), null, position);
  }

  /** {@return the largest number of messages} */
  public int limit() {
    return limit;
  }

  /** {@return the position after which the range begins, or null} */
  public @Nullable Position since() {
    return since;
  }

  /** {@return the position before which the range ends, or null} */
  public @Nullable Position before() {
    return before;
  }

  /**
   * Returns this range if it ends with the newest message, as a replay has to.
   *
   * @return this range
   * @throws IllegalArgumentException if the range ends earlier, because a replay of it would leave
   *     a gap
   */
  public HistoryRange requireUpToNow() {
    if (before != null) {
      throw new IllegalArgumentException(
          "the replay \""
              + this
              + "\" ends before the newest message: use last(...) or since(...)");
    }
    return this;
  }

  @Override
  public String toString() {
    return limit == 0
        ? "nothing"
        : since != null
            ? "all since " + since
            : "the last " + limit + (before == null ? "" : " before " + before);
  }
}
