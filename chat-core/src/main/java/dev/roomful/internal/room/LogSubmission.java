package dev.roomful.internal.room;

import dev.roomful.admission.Rejection;
import dev.roomful.internal.cluster.Submission;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.RoomEvent;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An event that this node appends to the log of a room. */
final class LogSubmission implements Submission {
  final RoomEvent event;

  /** The epoch of the room that the event is meant for. */
  final String epoch;

  /** Completed with what the event changed, once it was applied here. */
  final CompletableFuture<Applied> applied = new CompletableFuture<>();

  /** The join of a connection, or null. */
  final @Nullable JoinAttempt attempt;

  /** The delivery of a message, prepared before, or null. */
  final @Nullable MessageDelivery delivery;

  private final byte[] content;
  private final boolean expires;
  private final Supplier<Rejection> reasonToGiveUp;

  LogSubmission(
      RoomEvent event,
      String epoch,
      byte[] content,
      boolean expires,
      @Nullable JoinAttempt attempt,
      @Nullable MessageDelivery delivery,
      Supplier<Rejection> reasonToGiveUp) {
    this.event = event;
    this.epoch = epoch;
    this.content = content;
    this.expires = expires;
    this.attempt = attempt;
    this.delivery = delivery;
    this.reasonToGiveUp = reasonToGiveUp;
  }

  @Override
  public byte[] content() {
    return content;
  }

  @Override
  public boolean expires() {
    return expires;
  }

  @Override
  public void givenUp() {
    applied.complete(Applied.rejected(reasonToGiveUp.get()));
  }
}
