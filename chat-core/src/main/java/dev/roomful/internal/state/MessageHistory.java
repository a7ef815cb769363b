package dev.roomful.internal.state;

import dev.roomful.Amendment;
import dev.roomful.History;
import dev.roomful.Participant;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
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

  /** One stored message; amendments change it. */
  public static final class StoredMessage {
    private final long storedAt;
    private volatile RoomMessage message; // readers do not hold the lock
    private int bytes;

    private StoredMessage(RoomMessage message, long storedAt) {
      this.storedAt = storedAt;
      this.message = message;
      this.bytes = sizeOf(message);
    }

    private static int sizeOf(RoomMessage message) {
      return message.payload().size() + message.headerBytes() + message.revision().bytes();
    }

    /** {@return the message with its position, without its connection, as it is now} */
    public RoomMessage message() {
      return message;
    }

    private long offset() {
      return message.offset();
    }

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
    return first == null ? OptionalLong.empty() : OptionalLong.of(first.storedAt);
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
    return (long) stored.bytes + MESSAGE_BYTES;
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
    StoredMessage stored = new StoredMessage(message, now);
    messages.add(stored);
    bytes += stored.bytes;
    charge(cost(stored));
    trim(now);
  }

  public @Nullable RoomMessage find(Position position) {
    StoredMessage stored = findStored(position);
    return stored == null ? null : stored.message();
  }

  private @Nullable StoredMessage findStored(Position position) {
    if (!sequence.contains(position)) {
      return null;
    }
    // From the newest one, because most amendments are about recent messages.
    for (Iterator<StoredMessage> all = messages.descendingIterator(); all.hasNext(); ) {
      StoredMessage stored = all.next();
      if (stored.offset() <= position.offset()) {
        return stored.offset() == position.offset() ? stored : null;
      }
    }
    return null;
  }

  /**
   * Tells why an amendment would have no effect.
   *
   * @param target the stored message at its target, which is not an amendment
   * @return the rejection, or null
   */
  public static @Nullable Rejection rejectionFor(RoomMessage amending, RoomMessage target) {
    Amendment amendment = amending.amendment().orElseThrow();
    return amendment.kind() == Amendment.Kind.REACT
            && target
                .revision()
                .isFullFor(amendment.reaction().orElseThrow(), amending.sender().id())
        ? Rejections.tooManyReactions(amendment.target())
        : null;
  }

  /**
   * Applies an amendment to its target, and removes the stored amendments that it supersedes.
   *
   * <p>The log has accepted it already. Whether the target is stored is no part of that decision:
   * nodes remove old messages by their own clocks.
   *
   * @return whether it has an effect, and is to be stored
   */
  boolean amend(RoomMessage amending) {
    Amendment amendment = amending.amendment().orElseThrow();
    StoredMessage target = findStored(amendment.target());
    if (target == null
        || target.message().isAmendment()
        || rejectionFor(amending, target.message()) != null) {
      return false;
    }
    removeSuperseded(amending, amendment);
    RoomMessage message = target.message();
    MessageRevision revision = message.revision();
    switch (amendment.kind()) {
      case EDIT -> replace(target, message.withEdit(amending.payload()));
      case DELETE -> {
        messages.remove(target);
        removed(target);
      }
      case REACT, UNREACT ->
          replace(
              target,
              message.withRevision(
                  revision.withReaction(
                      amendment.reaction().orElseThrow(),
                      amending.sender().id(),
                      amendment.kind() == Amendment.Kind.REACT)));
      case PIN, UNPIN ->
          replace(
              target,
              message.withRevision(revision.withPinned(amendment.kind() == Amendment.Kind.PIN)));
    }
    return true;
  }

  private void removed(StoredMessage stored) {
    bytes -= stored.bytes;
    charge(-cost(stored));
  }

  private void replace(StoredMessage stored, RoomMessage message) {
    int change = StoredMessage.sizeOf(message) - stored.bytes;
    stored.message = message;
    stored.bytes += change;
    bytes += change;
    charge(change);
  }

  /** Removes the stored amendments whose effect a later one replaces. */
  private void removeSuperseded(RoomMessage amending, Amendment amendment) {
    for (Iterator<StoredMessage> all = messages.descendingIterator(); all.hasNext(); ) {
      StoredMessage stored = all.next();
      if (stored.offset() <= amendment.target().offset()) {
        return;
      }
      if (isSuperseded(stored.message(), amending, amendment)) {
        all.remove();
        removed(stored);
      }
    }
  }

  private static boolean isSuperseded(RoomMessage stored, RoomMessage by, Amendment amendment) {
    Amendment earlier = stored.amendment().orElse(null);
    if (earlier == null || earlier.target().offset() != amendment.target().offset()) {
      return false;
    }
    return switch (amendment.kind()) {
      case EDIT -> earlier.kind() == Amendment.Kind.EDIT;
      case DELETE -> true;
      case REACT, UNREACT ->
          earlier.reaction().equals(amendment.reaction())
              && stored.sender().id().equals(by.sender().id());
      case PIN, UNPIN ->
          earlier.kind() == Amendment.Kind.PIN || earlier.kind() == Amendment.Kind.UNPIN;
    };
  }

  public void trim(long now) {
    for (StoredMessage first = messages.peek();
        first != null
            && (messages.size() > history.messages()
                || bytes > history.bytes()
                || now - first.storedAt > maxAgeNanos);
        first = messages.peek()) {
      evictOldest();
    }
  }

  private void evictOldest() {
    StoredMessage evicted = messages.remove();
    removed(evicted);
    lastEvictedOffset = evicted.offset();
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
      long offset = stored.offset();
      if (!(range.isFolded() && stored.message().isAmendment())
          && (since == null || offset > since.offset())
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
      long offset = candidate.offset();
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
