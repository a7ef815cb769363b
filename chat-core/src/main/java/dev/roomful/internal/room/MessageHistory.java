package dev.roomful.internal.room;

import dev.roomful.History;
import dev.roomful.Participant;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.internal.validation.Arguments;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The stored messages of a room, the oldest first; guarded by the room. */
public final class MessageHistory {
  private final History history;
  private final long maxAgeNanos;
  private final LongSupplier clock;
  private final HistoryBudget budget;
  private final Deque<StoredMessage> messages = new ArrayDeque<>(0);
  private final String epoch;
  private long lastOffset;
  private long bytes;

  /** The offset of the newest message that is not stored any more; deleted ones do not count. */
  private long lastEvictedOffset;

  /** What was added to the budget; read without the lock. */
  private volatile long chargedBytes;

  private boolean released;

  MessageHistory(History history, Position start, LongSupplier clock, HistoryBudget budget) {
    this.history = history;
    this.maxAgeNanos = Arguments.saturatedNanos(history.age());
    this.clock = clock;
    this.budget = budget;
    this.epoch = start.epoch();
    this.lastOffset = start.offset();
    this.lastEvictedOffset = start.offset();
  }

  /**
   * One stored message.
   *
   * @param message with its position, without its connection
   * @param storedAt when it was stored, on the chat's clock in nanoseconds
   * @param bytes the size of its payload and headers
   */
  public record StoredMessage(RoomMessage message, long storedAt, int bytes) {
    /** Whether the policy selects the recipient; rules are not evaluated. */
    boolean isFor(Participant recipient) {
      return message.audience().selects(message, recipient);
    }
  }

  boolean storesMessages() {
    return history.messages() > 0;
  }

  /** {@return when the oldest message was stored, on the chat's clock in nanoseconds} */
  OptionalLong oldestStoredAt() {
    StoredMessage first = messages.peek();
    return first == null ? OptionalLong.empty() : OptionalLong.of(first.storedAt());
  }

  long chargedBytes() {
    return chargedBytes;
  }

  /** Removes the oldest messages until half of the bytes are left. */
  void halve() {
    long target = chargedBytes / 2;
    while (chargedBytes > target && !messages.isEmpty()) {
      evictOldest();
    }
  }

  /** Counts nothing against the budget any more. */
  void release() {
    charge(-chargedBytes);
    released = true;
  }

  private void charge(long change) {
    if (!released) {
      long charged = chargedBytes; // changed with the room's lock held
      chargedBytes = charged + change;
      budget.add(change);
    }
  }

  private static long cost(StoredMessage stored) {
    return (long) stored.bytes() + HistoryBudget.MESSAGE_BYTES;
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
    StoredMessage stored =
        new StoredMessage(message, now, message.payload().size() + message.headerBytes());
    messages.add(stored);
    bytes += stored.bytes();
    charge(cost(stored));
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

  /** Deletes a message: it counts as one that was never published. */
  public boolean remove(Position position) {
    RoomMessage message = find(position);
    if (message == null) {
      return false;
    }
    for (Iterator<StoredMessage> all = messages.iterator(); all.hasNext(); ) {
      StoredMessage stored = all.next();
      if (stored.message() == message) {
        all.remove();
        bytes -= stored.bytes();
        charge(-cost(stored));
      }
    }
    return true;
  }

  public void trim(long now) {
    for (StoredMessage first = messages.peek();
        first != null
            && (messages.size() > history.messages()
                || bytes > history.bytes()
                || now - first.storedAt() > maxAgeNanos);
        first = messages.peek()) {
      evictOldest();
    }
  }

  private void evictOldest() {
    StoredMessage evicted = messages.remove();
    bytes -= evicted.bytes();
    charge(-cost(evicted));
    lastEvictedOffset = evicted.message().offset();
  }

  /**
   * Returns the messages of a range.
   *
   * @return null if the range begins after a position, and not all of it is stored any more
   */
  public @Nullable List<StoredMessage> select(HistoryRange range) {
    if (range.limit() == 0) {
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
   * Returns messages that the policy selects for a participant, from one end; rules are not
   * evaluated.
   *
   * @param from the offset after which to begin, or before which if {@code newestFirst}
   * @param last the last position to return
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

  /** Whether all messages after a position are stored. */
  private boolean covers(Position position) {
    return position.epoch().equals(epoch)
        && position.offset() <= lastOffset
        && position.offset() >= lastEvictedOffset;
  }
}
