package dev.roomful.redis;

import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import java.io.Serializable;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message that was published in a {@link FaultStory}.
 *
 * @param text unique in the story
 * @param sender the id of the sender, empty for an announcement
 * @param result the outcome of the call of publish, once it is known
 */
record FaultMessage(
    int step,
    String text,
    String room,
    int node,
    String sender,
    CompletableFuture<FaultMessage.Outcome> result) {
  /** Rejections that say for certain that the message was not accepted. */
  private static final Set<String> CERTAIN =
      Set.of(
          Rejection.MUTED,
          Rejection.BANNED,
          Rejection.NOT_A_MEMBER,
          Rejection.ROOM_CLOSED,
          Rejection.ROOM_EMPTY,
          Rejection.UNKNOWN_ROOM);

  /**
   * What became of a message.
   *
   * @param position empty if it was rejected
   * @param code the code of the rejection, or {@link #FAILURE} with the failure, or empty
   */
  record Outcome(String position, String code) implements Serializable {
    /** The beginning of a code that is no rejection. */
    static final String FAILURE = "failure: ";

    static Outcome accepted(Position position) {
      return new Outcome(position.toString(), "");
    }

    static Outcome rejected(String code) {
      return new Outcome("", code);
    }
  }

  boolean hasOutcome() {
    return result.isDone();
  }

  /** {@return the position, or null if it was rejected or is pending} */
  @Nullable Position position() {
    return result.isDone() ? Position.parse(result.join().position).orElse(null) : null;
  }

  boolean isAccepted() {
    return position() != null;
  }

  boolean isAnnouncement() {
    return sender.isEmpty();
  }

  /** {@return whether it was rejected with a code that excludes that it was accepted} */
  boolean isCertainlyRejected() {
    String code = result.isDone() ? result.join().code : "";
    if (code.startsWith(Outcome.FAILURE)) {
      throw new AssertionError("message " + text + ": " + code);
    }
    return CERTAIN.contains(code);
  }

  @Override
  public String toString() {
    return text + " of " + sender + " in " + room + " from node " + node;
  }
}
