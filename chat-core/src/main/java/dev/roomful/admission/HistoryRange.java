package dev.roomful.admission;

import dev.roomful.internal.validation.Arguments;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of the stored messages of a room: what a connection receives when it joins, or what an
 * application reads. Immutable.
 */
public final class HistoryRange {
  private static final HistoryRange NONE = new HistoryRange(0, null, null, false);

  private final int limit;
  private final @Nullable Position since;
  private final @Nullable Position before;
  private final boolean folded;

  private HistoryRange(
      int limit, @Nullable Position since, @Nullable Position before, boolean folded) {
    this.limit = limit;
    this.since = since;
    this.before = before;
    this.folded = folded;
  }

  /** {@return the empty range} */
  public static HistoryRange none() {
    return NONE;
  }

  /**
   * Returns the range of the newest messages.
   *
   * @param messages how many at most, at least 1
   * @return the range
   * @throws IllegalArgumentException if the number is below 1
   */
  public static HistoryRange last(int messages) {
    return new HistoryRange(
        Arguments.requireAtLeast(1, messages, "messages of a range"), null, null, false);
  }

  /**
   * Returns the range of all messages after a position.
   *
   * @param position the position of the last message that is known already
   * @return the range
   */
  public static HistoryRange since(Position position) {
    return new HistoryRange(Integer.MAX_VALUE, position, null, false);
  }

  /**
   * Returns the range of the newest messages before a position, to read a history backwards.
   *
   * @param position the position of the first message that is known already
   * @param messages how many at most, at least 1
   * @return the range
   * @throws IllegalArgumentException if the number is below 1
   */
  public static HistoryRange before(Position position, int messages) {
    return new HistoryRange(
        Arguments.requireAtLeast(1, messages, "messages of a range"), null, position, false);
  }

  /**
   * Returns the same range without the messages that are {@linkplain dev.roomful.Amendment
   * amendments}: each message as it is now, and the limit counts these. Without it, a range
   * contains the amendments as well, each at its position, for clients that apply them.
   *
   * @return the range
   */
  public HistoryRange folded() {
    return new HistoryRange(limit, since, before, true);
  }

  /** {@return whether the range leaves out amendments} */
  public boolean isFolded() {
    return folded;
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
   * @throws IllegalArgumentException if the range ends earlier or leaves out amendments, because a
   *     replay of it would leave a gap
   */
  public HistoryRange requireUpToNow() {
    if (before != null) {
      throw new IllegalArgumentException(
          "the replay \""
              + this
              + "\" ends before the newest message: use last(...) or since(...)");
    }
    if (folded) {
      throw new IllegalArgumentException(
          "the replay \"" + this + "\" leaves out amendments: use it without folded()");
    }
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HistoryRange that
        && limit == that.limit
        && folded == that.folded
        && Objects.equals(since, that.since)
        && Objects.equals(before, that.before);
  }

  @Override
  public int hashCode() {
    return Objects.hash(limit, since, before, folded);
  }

  @Override
  public String toString() {
    if (limit == 0) {
      return "nothing";
    }
    String range =
        since != null
            ? "all since " + since
            : "the last " + limit + (before == null ? "" : " before " + before);
    return folded ? range + ", folded" : range;
  }
}
