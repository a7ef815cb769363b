package dev.roomful;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The positions of a room, and what it has kept; guarded by the room. */
final class Past {
  /** So many keys are known at the most: a second attempt comes soon, or never. */
  private static final int KEYS = 1000;

  private final History history;
  private final String epoch =
      Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX);
  private final Deque<Kept> kept = new ArrayDeque<>(0);
  private final Map<String, Long> keys = new LinkedHashMap<>(0);
  private long bytes;
  private long last;
  private long gone; // the latest of those that are not kept; what was removed does not count

  Past(History history) {
    this.history = history;
  }

  /**
   * One message that was kept, and who may hear it.
   *
   * @param message with its position, without its connection
   * @param at when it was said
   */
  record Kept(Message message, BroadcastPolicy policy, long at) {
    /** As far as data can tell: rules are asked elsewhere. */
    boolean isFor(Participant listener) {
      return policy.admits(message, listener);
    }

    int bytes() {
      return message.payload().size();
    }
  }

  Position position() {
    return new Position(epoch, last);
  }

  /** The offset of a message that was published with this key before, or 0. */
  long known(Message message) {
    String key = message.key();
    return key == null ? 0 : keys.getOrDefault(message.sender().id() + '\n' + key, 0L);
  }

  /** Gives the next position to a message of which nothing is kept. */
  long pass() {
    gone = ++last;
    return last;
  }

  /** Gives the next position to a message, and keeps it if the room is to. */
  long add(Message message, BroadcastPolicy policy, long now) {
    last++;
    String key = message.key();
    if (key != null) {
      if (keys.size() == KEYS) {
        keys.remove(keys.keySet().iterator().next());
      }
      keys.put(message.sender().id() + '\n' + key, last);
    }
    if (history.messages() > 0) {
      Kept one = new Kept(message.keptAt(position()), policy, now);
      kept.add(one);
      bytes += one.bytes();
      trim(now);
    } else {
      gone = last;
    }
    return last;
  }

  @Nullable Message at(Position position) {
    for (Kept one : kept) {
      if (position.epoch().equals(epoch) && one.message().offset() == position.offset()) {
        return one.message();
      }
    }
    return null;
  }

  /** Takes a message out, as if it had not been for all who hear of it later. */
  @Nullable Message remove(Position position) {
    Message message = at(position);
    if (message != null) {
      kept.removeIf(one -> one.message() == message);
      bytes -= message.payload().size();
    }
    return message;
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
  @Nullable List<Kept> page(Page page, long now) {
    if (page == Page.nothing()) {
      return List.of();
    }
    trim(now);
    Position since = page.since();
    Position before = page.before();
    if (since != null && !reaches(since)) {
      return null;
    }
    List<Kept> found = new ArrayList<>();
    for (Kept one : kept) {
      long offset = one.message().offset();
      if ((since == null || offset > since.offset())
          && (before == null || (before.epoch().equals(epoch) && offset < before.offset()))) {
        found.add(one);
      }
    }
    return found.subList(Math.max(0, found.size() - page.limit()), found.size());
  }

  /** Whether nothing is missing behind a position. */
  private boolean reaches(Position position) {
    return position.epoch().equals(epoch) && position.offset() <= last && position.offset() >= gone;
  }
}
