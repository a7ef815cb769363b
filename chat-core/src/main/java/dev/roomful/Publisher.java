package dev.roomful;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.protocol.HistoryPage;
import dev.roomful.protocol.HistoryQuery;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is said in a room: given to the backplane, heard, and kept. */
final class Publisher {
  /** The least number of stored messages that one pass of a page reads under the lock. */
  private static final int PAGE_CHUNK = 256;

  private final ChatRuntime runtime;
  private final Room room;
  private final ReentrantLock lock;
  private final Roster roster;
  private final LogEngine.Log log;
  private final MessageHistory history;

  /** What the line is just being given, with the lock held. */
  private @Nullable Delivery currentDelivery;

  Publisher(ChatRuntime runtime, Room room, Roster roster) {
    this.runtime = runtime;
    this.room = room;
    this.lock = room.lock;
    this.roster = roster;
    this.log = runtime.logEngine.open(room, new LogListener());
    this.history =
        new MessageHistory(room.options().history(), log.position(), runtime.scheduler::nanoTime);
    history.restore(log.storedMessages());
  }

  /** What comes back from the backplane: within the call that gave it, or later. */
  private final class LogListener implements LogEngine.Listener {
    @Override
    public void onMessage(Message message) {
      Delivery current = currentDelivery(); // of this thread, if it is giving the line something
      if (current != null) {
        receive(message, current);
      } else {
        Delivery delivery =
            message.position().isPresent()
                ? Delivery.of(runtime, message, overflow())
                : Delivery.ofSignal(runtime, message, overflow());
        deliver(
            delivery,
            () -> {
              receive(message, delivery);
              return message;
            });
      }
    }

    @Override
    public void onDelete(Position position) {
      deleteLocally(position);
    }
  }

  private @Nullable Delivery currentDelivery() {
    return lock.isHeldByCurrentThread() ? currentDelivery : null;
  }

  /** Called with the lock held. */
  private void receive(Message message, Delivery delivery) {
    Position position = message.positionOrNull();
    if (position != null) {
      history.add(message, position);
    }
    delivery.addRecipients(roster, message);
  }

  private Overflow overflow() {
    return room.options().overflow();
  }

  /** Its position, once the room has heard it. */
  CompletionStage<Position> publish(Message message) {
    return deliver(
        Delivery.of(runtime, message, overflow()),
        () ->
            roster.closed
                ? CompletableFuture.completedFuture(history.position())
                : log.publish(message));
  }

  /** Of what is not kept. */
  void signal(Message message) {
    deliver(
        Delivery.ofSignal(runtime, message, overflow()),
        () -> {
          if (!roster.closed) {
            log.signal(message);
          }
          return message;
        });
  }

  /** Gives the line something, or takes it from there, when all who are here have been judged. */
  private <T> T deliver(Delivery delivery, Supplier<T> action) {
    T result = null;
    while (result == null) {
      delivery.evaluateRules(room::participants);
      delivery.prepareTemplate(roster);
      lock.lock();
      try {
        // Somebody may have come in since; the newcomer is then judged too, so that nobody who was
        // here misses what was for all.
        if (delivery.isReadyFor(roster)) {
          result = runDelivering(delivery, action);
        }
      } finally {
        delivery.fanout.handOver();
        lock.unlock();
      }
    }
    delivery.fanout.finish();
    runtime.writeLoops.wake();
    return result;
  }

  private <T> T runDelivering(Delivery delivery, Supplier<T> action) {
    currentDelivery = delivery;
    try {
      return action.get();
    } finally {
      currentDelivery = null;
    }
  }

  /** To every connection in the room that was not reached before; with the lock held. */
  void announce(Payload payload, Fanout fanout, Set<Session> reached) {
    Message message = Message.announcement(room, payload, BroadcastPolicy.everyone());
    var unused =
        runDelivering(Delivery.shared(fanout, message, reached), () -> log.publish(message));
  }

  Position position() {
    lock.lock();
    try {
      return history.position();
    } finally {
      lock.unlock();
    }
  }

  /** A page of what was kept, or null if not all of it is there. */
  @Nullable List<MessageHistory.StoredMessage> find(HistoryRange range) {
    lock.lock();
    try {
      return history.select(range);
    } finally {
      lock.unlock();
    }
  }

  /** Reads a page of what a participant may receive. */
  HistoryPage page(HistoryQuery query, Participant recipient) {
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
        position = position == null ? history.position() : position;
        candidates = history.candidates(from, query.newestFirst(), position, recipient, chunk);
      } finally {
        lock.unlock();
      }
      for (MessageHistory.StoredMessage candidate : candidates) {
        Message message = candidate.message();
        if (selected.size() < query.limit() && message.audience().rulesAllow(message, recipient)) {
          selected.add(message);
        }
        from = OptionalLong.of(message.offset());
      }
      complete = selected.size() == query.limit() || candidates.size() < chunk;
    }
    return new HistoryPage(position, selected);
  }

  void trim(long now) {
    if (room.options().history().messages() > 0) {
      lock.lock();
      try {
        history.trim(now);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes a message out of what was kept, here and on other servers. */
  Optional<Message> delete(Position position) {
    Optional<Message> removed = deleteLocally(position);
    removed.ifPresent(message -> unlessClosed(() -> log.delete(position)));
    return removed;
  }

  private void unlessClosed(Runnable action) {
    lock.lock();
    try {
      if (!roster.closed) {
        action.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<Message> deleteLocally(Position position) {
    return find(position)
        .filter(
            message -> {
              Frame notice = runtime.noticeFrame(room.options().notices().messageDeleted(message));
              return room.membership.locked(
                  () -> {
                    boolean first = history.remove(position);
                    if (first) {
                      room.membership.sendNotice(notice, all -> true);
                    }
                    return first;
                  });
            });
  }

  Optional<Message> find(Position position) {
    lock.lock();
    try {
      return Optional.ofNullable(history.find(position));
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is said here any more; with the lock held. */
  void close() {
    log.close();
  }
}
