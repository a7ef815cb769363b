package dev.roomful.internal.room;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RejectedException;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.observation.FlightRecording;
import dev.roomful.internal.state.MessageHistory;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.protocol.HistoryPage;
import dev.roomful.protocol.HistoryQuery;
import dev.roomful.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes messages of a room: appends them to its log, stores them, and queues their frames. */
public final class Publisher {
  /** The least number of stored messages that one pass of a page reads under the lock. */
  private static final int PAGE_CHUNK = 256;

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final ReentrantLock lock;
  private final Roster roster;
  private final MessageHistory history;
  private final RoomRegistry registry;
  final AbsentRecipients absent;

  Publisher(RoomEnvironment environment, LiveRoom room, Roster roster, RoomRegistry registry) {
    this.environment = environment;
    this.room = room;
    this.lock = room.lock;
    this.roster = roster;
    this.registry = registry;
    this.history = room.state.history();
    this.absent = new AbsentRecipients(environment, room);
  }

  /** Publishes a message. */
  public CompletionStage<Position> publish(RoomMessage message) {
    return room.log.publish(
        message, MessageDelivery.of(environment, message, room.options().overflow()));
  }

  /** Publishes an announcement; returns null if the room is known to be closed. */
  @Nullable CompletionStage<Position> announceUnlessClosed(Payload payload) {
    CompletionStage<Position> result =
        publish(room.announcement(payload, BroadcastPolicy.everyone()));
    return isRoomClosed(result) ? null : result;
  }

  private static boolean isRoomClosed(CompletionStage<Position> result) {
    return result
        .handle(
            (position, failure) ->
                failure instanceof RejectedException rejected
                    && rejected.rejection().code().equals(Rejection.ROOM_CLOSED))
        .toCompletableFuture()
        .getNow(false);
  }

  /**
   * Applies a message that is not rejected: gives it its position, stores it, and queues it for its
   * recipients. Called with the lock held.
   *
   * @param millis the time of day in milliseconds since 1970, as the log says
   */
  Position apply(RoomMessage message, MessageDelivery delivery, long millis) {
    Position duplicate = room.state.duplicateOf(message);
    if (duplicate != null) {
      return duplicate;
    }
    RoomMessage appended = room.state.append(message, millis);
    messageAppended();
    absent.appended(appended);
    delivery.addRecipients(roster, appended);
    return room.state.position();
  }

  /** A message was stored, if the room stores messages; called with the lock held. */
  void messageAppended() {
    if (history.storesMessages()) {
      room.lifetime.keepUnused();
      requireTrim();
    }
  }

  /** Sends a message that is not stored. */
  public Outcome signal(RoomMessage message) {
    return room.log.signal(message, MessageDelivery.ofSignal(environment, message));
  }

  /** Runs an action with the lock held, once the rules have decided about all members. */
  <T extends @Nullable Object> T deliver(MessageDelivery delivery, Supplier<T> action) {
    Object recorded = FlightRecording.beginFanOut();
    long start = environment.events().start();
    try {
      while (true) {
        delivery.evaluateRules(room::members);
        delivery.prepareTemplate(roster);
        lock.lock();
        try {
          // A participant may have joined since the rules were evaluated. Then they are evaluated
          // for it too, so that nobody who is a member misses the message.
          if (delivery.isReadyFor(roster)) {
            return action.get();
          }
        } finally {
          delivery.fanout.handOver();
          lock.unlock();
        }
      }
    } finally {
      long nanos = environment.events().since(start);
      if (recorded != null && delivery.isQueued()) {
        FlightRecording.endFanOut(recorded, room.name(), delivery.fanout.recipients());
      }
      delivery.fanout.finish();
      environment.writeLoops().wakeFor(delivery.fanout.recipients());
      registry.enforceHistoryBudget();
      if (delivery.isQueued()) {
        environment.events().fannedOut(delivery.fanout.recipients(), nanos);
        delivery.fanout.reportDrops(environment.events());
      }
    }
  }

  /** Publishes to every connection that was not reached before; called with the lock held. */
  public void announce(Payload payload, Fanout<Protocol> fanout, Set<RoomSession> reached) {
    if (!roster.closed) {
      RoomMessage message = room.announcement(payload, BroadcastPolicy.everyone());
      apply(message, MessageDelivery.shared(fanout, message, reached), room.currentMillis());
    }
  }

  public Position position() {
    return room.locked(room.state::position);
  }

  /** The stored messages of a range, or null if some of them are not stored any more. */
  @Nullable List<MessageHistory.StoredMessage> find(HistoryRange range) {
    return room.locked(() -> history.select(range));
  }

  /** Reads a page of what a participant may receive. */
  public HistoryPage page(HistoryQuery query, Participant recipient) {
    List<Message> selected = new ArrayList<>();
    OptionalLong from = query.from();
    Position position = null;
    boolean complete = false;
    while (position == null || !complete) {
      // Rules are application code and must not run under the lock, so that whether a candidate
      // counts is known only after a pass. A pass walks past those before it; hence the chunks.
      int chunk = Math.max(query.limit() - selected.size(), PAGE_CHUNK);
      List<MessageHistory.StoredMessage> candidates;
      lock.lock();
      try {
        position = position == null ? room.state.position() : position;
        candidates = history.candidates(from, query.newestFirst(), position, recipient, chunk);
      } finally {
        lock.unlock();
      }
      for (MessageHistory.StoredMessage candidate : candidates) {
        RoomMessage message = candidate.message();
        if (selected.size() < query.limit() && message.audience().rulesAllow(message, recipient)) {
          selected.add(message);
        }
        from = OptionalLong.of(message.offset());
      }
      complete = selected.size() == query.limit() || candidates.size() < chunk;
    }
    return new HistoryPage(position, selected);
  }

  /** Removes stored messages that are too old; called with the lock held. */
  void trim(long now) {
    history.trim(now);
    requireTrim();
  }

  private void requireTrim() {
    RoomDueTime timer = room.timer;
    // One nanosecond later it is older than the age.
    history
        .oldestStoredAt()
        .ifPresent(time -> timer.require(time + 1, room.options().history().age()));
  }

  /** {@return how many bytes the history takes; may be read without the lock} */
  long storedBytes() {
    return history.chargedBytes();
  }

  /** Removes the older half of the history, in bytes. */
  void halveHistory() {
    room.runLocked(history::halve);
  }

  /** Stops counting the history of a room that was removed; called with the lock held. */
  void roomRemoved() {
    history.release();
  }

  public Optional<RoomMessage> find(Position position) {
    return Optional.ofNullable(room.locked(() -> history.find(position)));
  }
}
