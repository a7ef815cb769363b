package dev.roomful.testing;

import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A message that was published in a {@link ClusterStory}.
 *
 * @param step the number of the step that sent it
 * @param text unique in the story
 * @param sender the id of the sender, empty for an announcement
 * @param key the idempotency key, or null
 * @param stage the outcome
 */
record StoryMessage(
    int step,
    String text,
    String room,
    int node,
    String sender,
    @Nullable String key,
    CompletionStage<Position> stage) {
  /** Rejections that say for certain that the message was not accepted. */
  private static final Set<String> CERTAIN =
      Set.of(
          Rejection.MUTED,
          Rejection.BANNED,
          Rejection.NOT_A_MEMBER,
          Rejection.ROOM_CLOSED,
          Rejection.ROOM_EMPTY,
          Rejection.UNKNOWN_ROOM);

  boolean isPending() {
    return !stage.toCompletableFuture().isDone();
  }

  /** {@return the position, or null if it was rejected or is pending} */
  @Nullable Position position() {
    return isPending() || stage.toCompletableFuture().isCompletedExceptionally()
        ? null
        : stage.toCompletableFuture().join();
  }

  boolean isAccepted() {
    return position() != null;
  }

  /** {@return whether it was rejected with a code that excludes that it was accepted} */
  boolean isCertainlyRejected() {
    if (!stage.toCompletableFuture().isCompletedExceptionally()) {
      return false;
    }
    try {
      stage.toCompletableFuture().join();
      throw new AssertionError("the stage has failed");
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RejectedException rejected) {
        return CERTAIN.contains(rejected.rejection().code());
      }
      throw new AssertionError("message " + text + " failed", failure.getCause());
    }
  }
}
