package dev.roomful;

import dev.roomful.admission.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A room that is on one server only: its numbers are its own, and what is said is heard at once.
 */
final class InMemoryLog implements LogEngine.Log {
  /** So many keys are known at the most: a second attempt comes soon, or never. */
  private static final int MAX_KEYS = 1000;

  private final LogEngine.Listener listener;
  private final String epoch =
      Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX);
  private final Map<String, Position> keys = new LinkedHashMap<>(0);
  private long lastOffset;

  InMemoryLog(LogEngine.Listener listener) {
    this.listener = listener;
  }

  @Override
  public Position position() {
    return new Position(epoch, lastOffset);
  }

  @Override
  public List<Message> storedMessages() {
    return List.of();
  }

  @Override
  public CompletionStage<Position> publish(Message message) {
    Position known = message.hasIdempotencyKey() ? keys.get(key(message)) : null;
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    lastOffset++;
    Position position = position();
    if (message.hasIdempotencyKey()) {
      if (keys.size() == MAX_KEYS) {
        keys.remove(keys.keySet().iterator().next());
      }
      keys.put(key(message), position);
    }
    listener.onMessage(message.withPosition(position));
    return CompletableFuture.completedFuture(position);
  }

  /** Each sender has keys of its own. */
  private static String key(Message message) {
    return message.sender().id() + '\n' + message.idempotencyKey().orElseThrow();
  }

  @Override
  public void signal(Message message) {
    listener.onMessage(message);
  }

  @Override
  public void delete(Position position) {
    // There is no other server to tell.
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
