package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.RoomNotices;
import dev.roomful.internal.delivery.EventEncoder;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.state.ConnectionState;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.Notice;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends notices and presence events to the members of a room. */
final class RoomEventSender {
  /** The number of connections above which changes of presence wait for the timer. */
  private static final int LARGE_ROOM = 100;

  /** How long a change of presence waits in a large room, until the next run of the timer. */
  private static final Duration PRESENCE_INTERVAL = Duration.ofSeconds(1);

  /** How many changes of presence may wait; more are not kept waiting. */
  private static final int MAX_WAITING = 10_000;

  /** What a presence event takes in an outbox, apart from what clients have added to it. */
  private static final int PRESENCE_BYTES = 256;

  private static final Frame EMPTY_FRAME = Frame.text("");

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final ReentrantLock lock;
  private final Roster roster;

  /** Events that were queued with the lock held, and have something left to do without it. */
  private List<Fanout<Protocol>> pendingFanouts = List.of();

  /** The changes of presence that wait for the timer, in their order. */
  private final Deque<PresenceChange> waiting = new ArrayDeque<>(0);

  private long firstWaitsSince;

  /**
   * A change of presence.
   *
   * @param fanout without recipients
   * @param bytes what it takes in an outbox, about
   * @param recipients who receives it
   */
  private record PresenceChange(
      Fanout<Protocol> fanout, int bytes, Predicate<Subscription> recipients) {}

  RoomEventSender(RoomEnvironment environment, LiveRoom room, Roster roster) {
    this.environment = environment;
    this.room = room;
    this.lock = room.lock;
    this.roster = roster;
  }

  /**
   * Asks the application for a notice; called with no lock held. If that fails, the failure is
   * logged and counted, and the event takes place without a notice.
   */
  @Nullable Notice notice(String method, Function<RoomNotices, @Nullable Payload> creator) {
    return environment
        .calls()
        .orNull(
            method,
            room,
            () -> Notice.of(creator.apply(room.options().notices()), environment.payloadEncoder()));
  }

  /** Does memory work with the lock held, and then what its events have left to do without it. */
  <T extends @Nullable Object> T locked(Supplier<T> action) {
    List<Fanout<Protocol>> fanouts;
    T result;
    lock.lock();
    try {
      result = action.get();
    } finally {
      fanouts = pendingFanouts;
      pendingFanouts = List.of();
      lock.unlock();
    }
    if (!fanouts.isEmpty()) {
      environment.writeLoops().wakeFor(fanouts.stream().mapToInt(Fanout::recipients).sum());
      for (Fanout<Protocol> fanout : fanouts) {
        if (!fanout.isDone()) {
          // On another thread: a connection that is too slow leaves, which causes further notices,
          // for which other connections may be too slow.
          environment.callbacks().execute(fanout::finish);
        }
      }
    }
    return result;
  }

  /** Sends a notice to all members; called with the lock held, within {@link #locked}. */
  void sendNotice(@Nullable Notice notice) {
    if (notice != null && !roster.closed) {
      deliver(fanout(notice), all -> true);
    }
  }

  /** Sends the notice that a member has changed; called with the lock held. */
  void sendUpdate(@Nullable Notice notice) {
    if (notice != null) {
      sendPresence(fanout(notice), notice.frame().size(), Subscription::seesParticipants);
    }
  }

  /** Sends a read mark to the connections of its participant, or to all. */
  void sendReadMark(RoomEvent.ReadMarked mark, boolean toAll) {
    Notice notice = mark.notice();
    if (notice != null && !roster.closed) {
      deliver(
          fanout(
              notice.frame(),
              protocol ->
                  protocol.encodeReadMark(room, mark.id(), mark.position(), notice.payload())),
          subscription ->
              toAll
                  ? subscription.seesParticipants()
                  : subscription.member.state().id().equals(mark.id()));
    }
  }

  /**
   * Sends a notice about a join or a leave to plain text connections of others; protocols have
   * presence events for that. Called with the lock held.
   */
  void sendPlainNotice(@Nullable Notice notice, MemberState subject) {
    if (notice != null) {
      Member excluded = roster.member(subject.id());
      sendPresence(
          Fanout.of(environment.writeLoops(), notice.frame(), Overflow.DISCONNECT),
          notice.frame().size(),
          subscription ->
              subscription.protocol == null
                  && subscription.member != excluded
                  && subscription.seesParticipants());
    }
  }

  /** Sends the presence event that a connection joined; called with the lock held. */
  void sendJoin(MemberState member, ConnectionState subject) {
    sendPresence(member, subject, (protocol, presence) -> protocol.encodeJoin(room, presence));
  }

  /** Sends the presence event that a connection left; called with the lock held. */
  void sendLeave(MemberState member, ConnectionState subject) {
    sendPresence(member, subject, (protocol, presence) -> protocol.encodeLeave(room, presence));
  }

  private void sendPresence(
      MemberState member,
      ConnectionState subject,
      BiFunction<Protocol, PresenceEntry, Frame> encoder) {
    if (roster.hasPresenceReceivers() && subject.presenceOptions().announced()) {
      PresenceEntry presence = member.presenceEntry(subject);
      sendPresence(
          fanout(EMPTY_FRAME, protocol -> encoder.apply(protocol, presence)),
          PRESENCE_BYTES + presence.connectionInfo().map(Payload::size).orElse(0),
          subscription ->
              subscription.presenceOptions.presenceEvents() && subscription.seesParticipants());
    }
  }

  /**
   * Delivers a change of presence. In a large room it waits for the timer: a connection receives
   * all that waits in one write, where otherwise each join would cost a write for each connection.
   */
  private void sendPresence(
      Fanout<Protocol> fanout, int bytes, Predicate<Subscription> recipients) {
    if (roster.closed) {
      return;
    }
    if (waiting.isEmpty() && roster.connections() <= LARGE_ROOM) {
      deliver(fanout, recipients);
      return;
    }
    long number = roster.nextPresenceChange();
    if (waiting.isEmpty()) {
      firstWaitsSince = environment.scheduler().nanoTime();
    }
    waiting.add(
        new PresenceChange(
            fanout,
            bytes,
            // The snapshot of those who joined after the change contains it.
            subscription ->
                subscription.firstPresenceChange <= number && recipients.test(subscription)));
    if (waiting.size() > MAX_WAITING) {
      deliverSomeWaiting();
    }
    room.timer.require(firstWaitsSince, PRESENCE_INTERVAL);
  }

  /** Delivers changes of presence that wait for the timer. */
  void deliverWaiting(long now) {
    locked(
        () -> {
          if (waiting.isEmpty() || roster.closed) {
            return null;
          }
          if (now - firstWaitsSince >= PRESENCE_INTERVAL.toNanos()) {
            deliverSomeWaiting();
          }
          if (!waiting.isEmpty()) {
            room.timer.require(firstWaitsSince, PRESENCE_INTERVAL);
          }
          return null;
        });
  }

  /** Delivers the oldest changes that wait, as many as fit into half of an empty outbox. */
  private void deliverSomeWaiting() {
    List<PresenceChange> changes = new ArrayList<>();
    for (int free = environment.limits().outboxBytes() / 2; free > 0 && !waiting.isEmpty(); ) {
      PresenceChange change = waiting.remove();
      changes.add(change);
      free -= change.bytes + Outbox.FRAME_COST;
    }
    for (Subscription subscription : roster.subscriptions()) {
      for (PresenceChange change : changes) {
        add(change.fanout, subscription, change.recipients);
      }
    }
    changes.forEach(change -> deliver(change.fanout));
  }

  /**
   * Tells a connection with a protocol that it was removed. Called with the lock held: this is the
   * last that the connection receives of the room, and it receives it once.
   */
  void sendRemoval(Subscription subscription, CloseStatus status) {
    ProtocolHandler handler = subscription.session.protocolHandler();
    if (handler == null || subscription.leaveDelayed) {
      return;
    }
    subscription.session.removeSubscription(subscription);
    Fanout<Protocol> fanout = Fanout.of(environment.writeLoops(), EMPTY_FRAME, Overflow.DISCONNECT);
    Frame frame;
    try {
      frame = handler.encodeRemoval(room, status);
    } catch (Throwable failure) {
      // Not to the caller, which has other subscriptions to remove; and without a frame the fanout
      // closes the session once the lock is released.
      logRemovalFailure(subscription, failure);
      add(fanout, subscription);
      deliver(fanout);
      return;
    }
    if (frame != null) {
      fanout.setEncoder(protocol -> frame);
      add(fanout, subscription);
      deliver(fanout);
    }
  }

  private void logRemovalFailure(Subscription subscription, Throwable failure) {
    LogEvent.REMOVAL_NOT_ENCODABLE.logFailure(
        () -> "Protocol handler failed to encode a removal; closing the connection",
        failure,
        subscription.member.participant.id(),
        room.name());
  }

  private void deliver(Fanout<Protocol> fanout, Predicate<Subscription> recipients) {
    for (Subscription subscription : roster.subscriptions()) {
      add(fanout, subscription, recipients);
    }
    deliver(fanout);
  }

  private static void add(
      Fanout<Protocol> fanout, Subscription subscription, Predicate<Subscription> recipients) {
    if (recipients.test(subscription)) {
      add(fanout, subscription);
    }
  }

  private static void add(Fanout<Protocol> fanout, Subscription subscription) {
    fanout.add(subscription.outbox, subscription.protocol);
    fanout.countRecipients(1);
  }

  private Fanout<Protocol> fanout(Frame plain, EventEncoder<Protocol> encoder) {
    Fanout<Protocol> fanout = Fanout.of(environment.writeLoops(), plain, Overflow.DISCONNECT);
    fanout.setEncoder(encoder);
    return fanout;
  }

  private Fanout<Protocol> fanout(Notice notice) {
    return fanout(notice.frame(), protocol -> protocol.encodeNotice(room, notice.payload()));
  }

  private void deliver(Fanout<Protocol> fanout) {
    fanout.handOver();
    pendingFanouts = pendingFanouts.isEmpty() ? new ArrayList<>() : pendingFanouts;
    pendingFanouts.add(fanout);
  }
}
