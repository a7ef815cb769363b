package dev.roomful;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a room has heard: its position, and what it has kept; guarded by the room. */
final class Past {
  private final History history;
  private final LongSupplier clock;
  private final Deque<Kept> kept = new ArrayDeque<>(0);
  private Position last;
  private long bytes;
  private long gone; // the latest of those that are not kept; what was removed does not count

  Past(History history, Position start, LongSupplier clock) {
    this.history = history;
    this.clock = clock;
    this.last = start;
    this.gone = start.offset();
  }

  /**
   * One message that was kept.
   *
   * @param message with its position, without its connection
   * @param at when it was heard
   */
  record Kept(Message message, long at) {
    /** As far as data can tell: rules are asked elsewhere. */
    boolean isFor(Participant listener) {
      return message.audience().admits(message, listener);
    }

    int bytes() {
      return message.payload().size();
    }
  }

  Position position() {
    return last;
  }

  /** What the room had kept before this server had it, and what it still has. */
  void restore(List<Message> before) {
    if (!before.isEmpty()) {
      gone = before.get(0).offset() - 1;
      before.forEach(message -> keep(message, clock.getAsLong()));
    }
  }

  /** The room hears a message, which is kept if the room is to. */
  void add(Message message, Position position) {
    if (!position.epoch().equals(last.epoch())) {
      kept.clear(); // the backplane has lost what was, and begun anew
      bytes = 0;
      gone = position.offset() - 1;
    }
    last = position;
    if (history.messages() > 0) {
      keep(message.withoutOrigin(), clock.getAsLong());
    } else {
      gone = position.offset();
    }
  }

  private void keep(Message message, long now) {
    Kept one = new Kept(message, now);
    kept.add(one);
    bytes += one.bytes();
    trim(now);
  }

  @Nullable Message at(Position position) {
    for (Kept one : kept) {
      if (position.epoch().equals(last.epoch()) && one.message().offset() == position.offset()) {
        return one.message();
      }
    }
    return null;
  }

  /** Takes a message out, as if it had not been for all who hear of it later. */
  boolean remove(Position position) {
    Message message = at(position);
    if (message == null) {
      return false;
    }
    kept.removeIf(one -> one.message() == message);
    bytes -= message.payload().size();
    return true;
  }

  void trim(long now) {
    long oldest = now - history.age().toNanos();
    for (Kept first = kept.peek();
        first != null
            && (kept.size() > history.messages()
                || bytes > history.bytes()
                || first.at() - oldest < 0);
        first = kept.peek()) {
      bytes -= first.bytes();
      gone = first.message().offset();
      kept.remove();
    }
  }

  /**
   * A page of it.
   *
   * @return null if it asks for all since a position, and not all of that is there
   */
  @Nullable List<Kept> page(Page page) {
    if (page == Page.nothing()) {
      return List.of();
    }
    trim(clock.getAsLong());
    Position since = page.since();
    Position before = page.before();
    if (since != null && !reaches(since)) {
      return null;
    }
    List<Kept> found = new ArrayList<>();
    for (Kept one : kept) {
      long offset = one.message().offset();
      if ((since == null || offset > since.offset())
          && (before == null
              || (before.epoch().equals(last.epoch()) && offset < before.offset()))) {
        found.add(one);
      }
    }
    return found.subList(Math.max(0, found.size() - page.limit()), found.size());
  }

  /** Whether nothing is missing behind a position. */
  private boolean reaches(Position position) {
    return position.epoch().equals(last.epoch())
        && position.offset() <= last.offset()
        && position.offset() >= gone;
  }
}
