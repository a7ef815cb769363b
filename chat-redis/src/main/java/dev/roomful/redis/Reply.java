package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** An operation that waits for its reply, as a member of the set of all that do. */
final class Reply<T> extends CompletableFuture<T> {
  private final Set<Reply<?>> waiting;
  private final long deadline;

  /**
   * @param deadline a time of {@link System#nanoTime}
   */
  Reply(Set<Reply<?>> waiting, long deadline) {
    this.waiting = waiting;
    this.deadline = deadline;
    waiting.add(this);
  }

  boolean isLate(long now) {
    return now - deadline > 0;
  }

  void succeed(T value) {
    waiting.remove(this);
    complete(value);
  }

  void fail(EngineUnavailableException failure) {
    waiting.remove(this);
    completeExceptionally(failure);
  }
}
