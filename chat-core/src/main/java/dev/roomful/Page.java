package dev.roomful;

import org.jspecify.annotations.Nullable;

/**
 * A part of what a room has kept: what a connection wants to hear when it comes in, or what an
 * application asks for. Immutable.
 */
public final class Page {
  private static final Page NOTHING = new Page(0, null, null);

  private final int limit;
  private final @Nullable Position since;
  private final @Nullable Position before;

  private Page(int limit, @Nullable Position since, @Nullable Position before) {
    this.limit = limit;
    this.since = since;
    this.before = before;
  }

  /**
   * Nothing.
   *
   * @return an empty page
   */
  public static Page nothing() {
    return NOTHING;
  }

  /**
   * The latest messages.
   *
   * @param messages how many at most, at least 1
   * @return the page
   * @throws IllegalArgumentException if the number is below 1
   */
  public static Page last(int messages) {
    return new Page(Limits.atLeast(1, messages, "messages of a page"), null, null);
  }

  /**
   * All messages behind a position.
   *
   * @param position the last that is known already
   * @return the page
   */
  public static Page since(Position position) {
    return new Page(Integer.MAX_VALUE, position, null);
  }

  /**
   * The latest of those in front of a position: to page back.
   *
   * @param position the first that is known already
   * @param messages how many at most, at least 1
   * @return the page
   * @throws IllegalArgumentException if the number is below 1
   */
  public static Page before(Position position, int messages) {
    return new Page(Limits.atLeast(1, messages, "messages of a page"), null, position);
  }

  int limit() {
    return limit;
  }

  @Nullable Position since() {
    return since;
  }

  @Nullable Position before() {
    return before;
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
