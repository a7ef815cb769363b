package dev.roomful.internal.room;

import dev.roomful.admission.Position;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The log of one room: gives the events of the room their order, and has each applied by {@link
 * RoomEffects}. Its methods are called with no lock held.
 */
interface RoomLog {
  /** Appends an event, and returns what it changed once it was applied here. */
  Applied append(RoomEvent event);

  /** Appends an event whose outcome nobody waits for; it is not lost. */
  void appendLater(RoomEvent event);

  /** Appends the join of a connection; null if it has to be prepared again first. */
  @Nullable Applied join(JoinAttempt attempt);

  /** Appends a message, and delivers it. */
  CompletionStage<Position> publish(RoomMessage message, MessageDelivery delivery);

  /** Ends the subscriptions of this node because the chat closes, and returns them. */
  List<Subscription> shutDown();

  /** The time of the log in milliseconds, on a clock that does not go back. */
  long monotonicMillis();
}
