package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.room.RoomEffects.Removal;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.EventTime;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.state.RoomState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The log of a room on one node: an event is applied within the call, and nothing is serialized.
 */
final class MemoryLog implements RoomLog {
  private static final EventTime NO_TIME = new EventTime("", "", 0, 0);

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final RoomState state;
  private final Roster roster;

  MemoryLog(RoomEnvironment environment, LiveRoom room, Roster roster) {
    this.environment = environment;
    this.room = room;
    this.state = room.state;
    this.roster = roster;
  }

  @Override
  public void start() {}

  @Override
  public boolean awaitLoaded() {
    return true;
  }

  @Override
  public Applied append(RoomEvent event) {
    Removal[] removal = {Removal.NONE};
    Applied applied =
        room.events.locked(
            () -> {
              Applied result =
                  roster.closed && !RoomState.outlivesRoom(event)
                      ? Applied.rejected(Rejections.roomClosed(room.name()))
                      : event.applyTo(state, timeOf(event));
              if (!result.isRejected()) {
                removal[0] = room.effects.show(event, result, "", true);
              }
              return result;
            });
    room.effects.finish(removal[0]);
    return applied;
  }

  @Override
  public void appendLater(RoomEvent event) {
    append(event);
  }

  @Override
  public @Nullable Applied join(JoinAttempt attempt) {
    return room.events.locked(() -> joinLocked(attempt));
  }

  private @Nullable Applied joinLocked(JoinAttempt attempt) {
    if (roster.closed) {
      return Applied.rejected(Rejections.roomClosed(room.name()));
    }
    if (!room.joins.isPrepared(attempt)) {
      return null;
    }
    if (room.joins.isSubscribed(attempt)) {
      return Applied.unchanged();
    }
    RoomEvent.Joined event = attempt.event(room.joins.replacedConnectionId(attempt));
    EventTime time = state.bans().size() == 0 ? NO_TIME : time();
    Rejection rejection = state.joinRejection(event, time.monotonicMillis());
    if (rejection == null) {
      rejection = room.joins.attach(attempt);
    }
    if (rejection != null) {
      room.lifetime.joinFailed();
      return Applied.rejected(rejection);
    }
    Applied applied = event.applyTo(state, time);
    room.joins.joined(attempt, applied);
    room.effects.show(event, applied, "", true);
    return applied;
  }

  @Override
  public CompletionStage<Position> publish(RoomMessage message, MessageDelivery delivery) {
    return room.publisher.deliver(delivery, () -> publishLocked(message, delivery));
  }

  private CompletionStage<Position> publishLocked(RoomMessage message, MessageDelivery delivery) {
    Rejection rejection =
        roster.closed
            ? Rejections.roomClosed(room.name())
            : state.mutes().size() == 0 ? null : state.publishRejection(message, monotonicMillis());
    return rejection == null
        ? CompletableFuture.completedStage(
            room.publisher.apply(message, delivery, room.currentMillis()))
        : CompletableFuture.failedStage(new RejectedException(rejection));
  }

  @Override
  public Outcome signal(RoomMessage message, MessageDelivery delivery) {
    return room.publisher.deliver(
        delivery,
        () -> {
          if (roster.closed) {
            return Outcome.rejected(Rejections.roomClosed(room.name()));
          }
          delivery.addRecipients(roster, message);
          return Outcome.done();
        });
  }

  @Override
  public Duration keepEmptyFor() {
    return room.options().keepEmptyFor();
  }

  @Override
  public boolean isIdle() {
    return true;
  }

  @Override
  public void close() {}

  @Override
  public List<Subscription> shutDown() {
    return room.events.locked(
        () ->
            room.effects.shutDown(
                new RoomEvent.Closed(CloseStatus.RESTART).applyTo(state, NO_TIME), ""));
  }

  /** Only sanctions depend on the time; reading the clocks costs as much as the rest of a leave. */
  private EventTime timeOf(RoomEvent event) {
    return event instanceof RoomEvent.SanctionImposed || event instanceof RoomEvent.SanctionLifted
        ? time()
        : NO_TIME;
  }

  private EventTime time() {
    return new EventTime("", "", room.currentMillis(), monotonicMillis());
  }

  @Override
  public long monotonicMillis() {
    return environment.monotonicMillis();
  }
}
