package dev.roomful.internal.room;

import dev.roomful.admission.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The order of the messages of one room: gives each its position and its time, and recognizes
 * idempotency keys. Guarded by the room's lock.
 */
public final class MessageSequence {
  /** A client repeats what was not acknowledged soon or never, so the newest keys suffice. */
  private static final int MAX_KEYS = 1000;

  private final LongSupplier clock;
  private final String epoch =
      Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX);
  private final Map<Key, Position> keys = new LinkedHashMap<>(0);
  private long lastOffset;
  private long lastMillis;

  /**
   * Creates an empty log.
   *
   * @param clock milliseconds since 1970; may go back, which the times of messages never do
   */
  public MessageSequence(LongSupplier clock) {
    this.clock = clock;
  }

  /** Each sender has keys of its own; announcements share theirs. */
  private record Key(@Nullable String senderId, String key) {
    static @Nullable Key of(RoomMessage message) {
      return message
          .idempotencyKey()
          .map(key -> new Key(message.isAnnouncement() ? null : message.sender().id(), key))
          .orElse(null);
    }
  }

  /** The position of the newest message. */
  public Position position() {
    return new Position(epoch, lastOffset);
  }

  /** The position of the message that was appended with the same idempotency key, or null. */
  public @Nullable Position duplicateOf(RoomMessage message) {
    Key key = message.hasIdempotencyKey() ? Key.of(message) : null;
    return key == null ? null : keys.get(key);
  }

  /** Appends a message and returns it with its position and time. */
  public RoomMessage append(RoomMessage message) {
    lastOffset++;
    lastMillis = Math.max(lastMillis, clock.getAsLong());
    Position position = position();
    Key key = message.hasIdempotencyKey() ? Key.of(message) : null;
    if (key != null) {
      if (keys.size() == MAX_KEYS) {
        keys.remove(keys.keySet().iterator().next());
      }
      keys.put(key, position);
    }
    return message.withPosition(position, lastMillis);
  }
}
