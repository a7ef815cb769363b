package dev.roomful.redis;

import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A message that was published in a {@link FaultStory}.
 *
 * @param text unique in the story
 * @param sender the id of the sender, empty for an announcement
 * @param outcome what the call of publish returned
 */
record FaultMessage(
    int step,
    String text,
    String room,
    int node,
    String sender,
    CompletableFuture<Position> outcome) {
  /** Rejections that say for certain that the message was not accepted. */
  private static final Set<String> CERTAIN =
      Set.of(
          Rejection.MUTED,
          Rejection.BANNED,
          Rejection.NOT_A_MEMBER,
          Rejection.ROOM_CLOSED,
          Rejection.ROOM_EMPTY,
          Rejection.UNKNOWN_ROOM);

  /** {@return the position, or null if it was rejected or is pending} */
  @Nullable Position position() {
    return outcome.isDone() && !outcome.isCompletedExceptionally() ? outcome.join() : null;
  }

  boolean isAccepted() {
    return position() != null;
  }

  boolean isAnnouncement() {
    return sender.isEmpty();
  }

  /** {@return whether it was rejected with a code that excludes that it was accepted} */
  boolean isCertainlyRejected() {
    if (!outcome.isCompletedExceptionally()) {
      return false;
    }
    try {
      outcome.join();
      throw new AssertionError("the outcome is a failure");
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RejectedException rejected) {
        return CERTAIN.contains(rejected.rejection().code());
      }
      throw new AssertionError("message " + text + " failed", failure.getCause());
    }
  }

  @Override
  public String toString() {
    return text + " of " + sender + " in " + room + " from node " + node;
  }
}
