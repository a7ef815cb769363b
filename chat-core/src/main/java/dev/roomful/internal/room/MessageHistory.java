package dev.roomful.internal.room;

import dev.roomful.History;
import dev.roomful.Participant;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a room has heard: its position, and what it has kept; guarded by the room. */
public final class MessageHistory {
  private final History history;
  private final LongSupplier clock;
  private final Deque<StoredMessage> messages = new ArrayDeque<>(0);
  private final String epoch;
  private long lastOffset;
  private long bytes;
  private long
      lastEvictedOffset; // the latest of those that are not kept; what was removed does not count

  public MessageHistory(History history, Position start, LongSupplier clock) {
    this.history = history;
    this.clock = clock;
    this.epoch = start.epoch();
    this.lastOffset = start.offset();
    this.lastEvictedOffset = start.offset();
  }

  /**
   * One message that was kept.
   *
   * @param message with its position, without its connection
   * @param storedAt when it was heard
   */
  public record StoredMessage(RoomMessage message, long storedAt) {
    /** As far as data can tell: rules are asked elsewhere. */
    boolean isFor(Participant recipient) {
      return message.audience().selects(message, recipient);
    }

    int bytes() {
      return message.payload().size();
    }
  }

  /** Takes a message that was appended to the log, and stores it if the room has a history. */
  public void add(RoomMessage message) {
    lastOffset = message.offset();
    if (history.messages() > 0) {
      store(message.withoutOrigin(), clock.getAsLong());
    } else {
      lastEvictedOffset = lastOffset;
    }
  }

  private void store(RoomMessage message, long now) {
    StoredMessage stored = new StoredMessage(message, now);
    messages.add(stored);
    bytes += stored.bytes();
    trim(now);
  }

  public @Nullable RoomMessage find(Position position) {
    for (StoredMessage stored : messages) {
      if (position.epoch().equals(epoch) && stored.message().offset() == position.offset()) {
        return stored.message();
      }
    }
    return null;
  }

  /** Takes a message out, as if it had not been for all who hear of it later. */
  public boolean remove(Position position) {
    RoomMessage message = find(position);
    if (message == null) {
      return false;
    }
    messages.removeIf(stored -> stored.message() == message);
    bytes -= message.payload().size();
    return true;
  }

  public void trim(long now) {
    long oldest = now - history.age().toNanos();
    for (StoredMessage first = messages.peek();
        first != null
            && (messages.size() > history.messages()
                || bytes > history.bytes()
                || first.storedAt() - oldest < 0);
        first = messages.peek()) {
      bytes -= first.bytes();
      lastEvictedOffset = first.message().offset();
      messages.remove();
    }
  }

  /**
   * A page of it.
   *
   * @return null if it asks for all since a position, and not all of that is there
   */
  public @Nullable List<StoredMessage> select(HistoryRange range) {
    if (range == HistoryRange.none()) {
      return List.of();
    }
    trim(clock.getAsLong());
    Position since = range.since();
    Position before = range.before();
    if (since != null && !covers(since)) {
      return null;
    }
    List<StoredMessage> found = new ArrayList<>();
    for (StoredMessage stored : messages) {
      long offset = stored.message().offset();
      if ((since == null || offset > since.offset())
          && (before == null || (before.epoch().equals(epoch) && offset < before.offset()))) {
        found.add(stored);
      }
    }
    return found.subList(Math.max(0, found.size() - range.limit()), found.size());
  }

  /**
   * Messages for a participant, as far as data can tell, from one end.
   *
   * @param from the offset after which to begin, or before which if {@code newestFirst}
   * @param last the position after which nothing is wanted
   */
  List<StoredMessage> candidates(
      OptionalLong from, boolean newestFirst, Position last, Participant recipient, int limit) {
    trim(clock.getAsLong());
    List<StoredMessage> found = new ArrayList<>();
    Iterator<StoredMessage> stored =
        newestFirst ? messages.descendingIterator() : messages.iterator();
    while (found.size() < limit && stored.hasNext()) {
      StoredMessage candidate = stored.next();
      long offset = candidate.message().offset();
      boolean inRange =
          from.isEmpty() || (newestFirst ? offset < from.getAsLong() : offset > from.getAsLong());
      if (inRange && offset <= last.offset() && candidate.isFor(recipient)) {
        found.add(candidate);
      }
    }
    return found;
  }

  /** Whether nothing is missing behind a position. */
  private boolean covers(Position position) {
    return position.epoch().equals(epoch)
        && position.offset() <= lastOffset
        && position.offset() >= lastEvictedOffset;
  }
}
