package dev.roomful.internal.room;

import dev.roomful.Outcome;
import dev.roomful.admission.Position;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The log of one room: gives the events of the room their order, and has each shown by {@link
 * RoomEffects}. Its methods are called with no lock held, where nothing else is said.
 */
interface RoomLog {
  /** Follows the log from now on; called once, when the room can be found by its name. */
  void start();

  /** Waits until the state of the room is known; returns false if that takes too long. */
  boolean awaitLoaded();

  /** Appends an event, and returns what it changed once it was applied here. */
  Applied append(RoomEvent event);

  /** Appends an event whose outcome nobody waits for; it is not lost. */
  void appendLater(RoomEvent event);

  /** Appends the join of a connection; null if it has to be prepared again first. */
  @Nullable Applied join(JoinAttempt attempt);

  /** Appends a message, and delivers it. */
  CompletionStage<Position> publish(RoomMessage message, MessageDelivery delivery);

  /** Delivers a message that is not stored. */
  Outcome signal(RoomMessage message, MessageDelivery delivery);

  /** Ends the subscriptions of this node because the chat closes, and returns them. */
  List<Subscription> shutDown();

  /** How long a room without members on this node stays open here. */
  Duration keepEmptyFor();

  /** Whether nothing waits to be appended. */
  boolean isIdle();

  /** The room was removed from this node; called with the lock held. */
  void close();

  /** The time of the log in milliseconds, on a clock that does not go back. */
  long monotonicMillis();
}
