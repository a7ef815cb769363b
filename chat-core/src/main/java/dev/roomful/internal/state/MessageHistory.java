package dev.roomful.internal.state;

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
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The stored messages of a room, the oldest first; guarded by the room. */
public final class MessageHistory {
  /** What one stored message takes beside its payload and headers, roughly. */
  private static final int MESSAGE_BYTES = 256;

  /** How old a restored message may be, so that its age in nanoseconds is a number. */
  private static final long MAX_AGE_MILLIS = TimeUnit.DAYS.toMillis(36_500);

  private final History history;
  private final long maxAgeNanos;
  private final LongSupplier clock;
  private final LongConsumer budget;
  private final Deque<StoredMessage> messages = new ArrayDeque<>(0);
  private final MessageSequence sequence;
  private long bytes;

  /** The offset of the newest message that is not stored any more; deleted ones do not count. */
  private long lastEvictedOffset;

  /** What was added to the budget; read without the lock. */
  private volatile long chargedBytes;

  private boolean released;

  /**
   * Creates an empty history.
   *
   * @param history what is stored
   * @param sequence the positions of the messages
   * @param clock the chat's clock in nanoseconds
   * @param budget receives how many bytes more, or fewer, are stored
   */
  MessageHistory(
      History history, MessageSequence sequence, LongSupplier clock, LongConsumer budget) {
    this.history = history;
    this.maxAgeNanos = Arguments.saturatedNanos(history.age());
    this.sequence = sequence;
    this.clock = clock;
    this.budget = budget;
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
    public boolean isFor(Participant recipient) {
      return message.audience().selects(message, recipient);
    }
  }

  public boolean storesMessages() {
    return history.messages() > 0;
  }

  /** {@return when the oldest message was stored, on the chat's clock in nanoseconds} */
  public OptionalLong oldestStoredAt() {
    StoredMessage first = messages.peek();
    return first == null ? OptionalLong.empty() : OptionalLong.of(first.storedAt());
  }

  public long chargedBytes() {
    return chargedBytes;
  }

  /** Removes the oldest messages until half of the bytes are left. */
  public void halve() {
    long target = chargedBytes / 2;
    while (chargedBytes > target && !messages.isEmpty()) {
      evictOldest();
    }
  }

  /** Removes all messages, because the room begins again. */
  void reset() {
    while (!messages.isEmpty()) {
      evictOldest();
    }
    lastEvictedOffset = 0;
  }

  long lastEvictedOffset() {
    return lastEvictedOffset;
  }

  /** {@return the stored messages, oldest first} */
  List<RoomMessage> all() {
    return messages.stream().map(StoredMessage::message).toList();
  }

  /**
   * Takes the messages of a snapshot.
   *
   * @param millis the time of the snapshot's log
   */
  void restore(List<RoomMessage> stored, long evictedOffset, long millis) {
    reset();
    lastEvictedOffset = evictedOffset;
    long now = clock.getAsLong();
    for (RoomMessage message : stored) {
      long age = Math.max(0, Math.min(MAX_AGE_MILLIS, millis - message.millis()));
      store(message, now - age * 1_000_000);
    }
  }

  /** Counts nothing against the budget any more. */
  public void release() {
    charge(-chargedBytes);
    released = true;
  }

  private void charge(long change) {
    if (!released) {
      long charged = chargedBytes; // changed with the room's lock held
      chargedBytes = charged + change;
      budget.accept(change);
    }
  }

  private static long cost(StoredMessage stored) {
    return (long) stored.bytes() + MESSAGE_BYTES;
  }

  /** Takes a message that was appended to the log, and stores it if the room has a history. */
  public void add(RoomMessage message) {
    if (history.messages() > 0) {
      store(message.withoutOrigin(), clock.getAsLong());
    } else {
      lastEvictedOffset = message.offset();
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
      if (stored.message().offset() == position.offset() && sequence.contains(position)) {
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
          && (before == null || (sequence.hasEpochOf(before) && offset < before.offset()))) {
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
  public List<StoredMessage> candidates(
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
    return sequence.contains(position) && position.offset() >= lastEvictedOffset;
  }
}
