package dev.roomful.internal.state;

import dev.roomful.admission.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order of the messages of one room: gives each its position and its time, and recognizes
 * idempotency keys. Guarded by the room's lock.
 */
public final class MessageSequence {
  /** A client repeats what was not acknowledged soon or never, so the newest keys suffice. */
  private static final int MAX_KEYS = 1000;

  /** Clients come back within hours, and an epoch seldom ends. */
  private static final int MAX_EARLIER_EPOCHS = 16;

  private String epoch;
  private Map<Key, Position> keys = Map.of(); // until there is one

  /** The last offset of each earlier epoch that the present one continues. */
  private Map<String, Long> earlierEpochs = Map.of(); // until there is one

  private long lastOffset;
  private long lastMillis;

  MessageSequence(String epoch) {
    this.epoch = epoch;
  }

  /** Each sender has keys of its own; announcements share theirs. */
  record Key(@Nullable String senderId, String key) {
    static @Nullable Key of(RoomMessage message) {
      return message
          .idempotencyKey()
          .map(key -> new Key(message.isAnnouncement() ? null : message.sender().id(), key))
          .orElse(null);
    }
  }

  /** Begins again without messages, in another epoch. */
  void reset(String newEpoch) {
    epoch = newEpoch;
    earlierEpochs = Map.of();
    keys = Map.of();
    lastOffset = 0;
  }

  /** Continues in another epoch. Positions up to the newest message remain valid. */
  void continueAs(String newEpoch) {
    if (earlierEpochs.isEmpty()) {
      earlierEpochs = new LinkedHashMap<>();
    }
    earlierEpochs.put(epoch, lastOffset);
    if (earlierEpochs.size() > MAX_EARLIER_EPOCHS) {
      earlierEpochs.remove(earlierEpochs.keySet().iterator().next());
    }
    epoch = newEpoch;
  }

  /** The position of the newest message. */
  public Position position() {
    return new Position(epoch, lastOffset);
  }

  /** Whether a position belongs to this epoch, or to one that it continues. */
  boolean hasEpochOf(Position position) {
    return position.epoch().equals(epoch) || earlierEpochs.containsKey(position.epoch());
  }

  /** Whether a position is one that this sequence has assigned, in this or in an earlier epoch. */
  boolean contains(Position position) {
    Long last =
        position.epoch().equals(epoch)
            ? Long.valueOf(lastOffset)
            : earlierEpochs.get(position.epoch());
    return last != null && position.offset() <= last;
  }

  /** The position of the message that was appended with the same idempotency key, or null. */
  @Nullable Position duplicateOf(RoomMessage message) {
    Key key = message.hasIdempotencyKey() ? Key.of(message) : null;
    return key == null ? null : keys.get(key);
  }

  /**
   * Appends a message and returns it with its position and time.
   *
   * @param millis milliseconds since 1970; may go back, which the times of messages never do
   */
  RoomMessage append(RoomMessage message, long millis) {
    lastOffset++;
    lastMillis = Math.max(lastMillis, millis);
    Position position = position();
    Key key = message.hasIdempotencyKey() ? Key.of(message) : null;
    if (key != null) {
      if (keys.isEmpty()) {
        keys = new LinkedHashMap<>();
      }
      while (keys.size() >= MAX_KEYS) {
        keys.remove(keys.keySet().iterator().next());
      }
      keys.put(key, position);
    }
    return message.withPosition(position, lastMillis);
  }

  Map<Key, Position> keys() {
    return keys;
  }

  Map<String, Long> earlierEpochs() {
    return earlierEpochs;
  }

  long lastMillis() {
    return lastMillis;
  }

  /** Takes what a snapshot contains. */
  void restore(
      Position position, long millis, Map<String, Long> epochs, Map<Key, Position> knownKeys) {
    epoch = position.epoch();
    lastOffset = position.offset();
    lastMillis = millis;
    earlierEpochs = new LinkedHashMap<>(epochs);
    keys = new LinkedHashMap<>(knownKeys);
  }
}
