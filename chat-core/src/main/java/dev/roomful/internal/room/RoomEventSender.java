package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.RoomNotices;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.state.ConnectionState;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.Notice;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends notices and presence events to the members of a room. */
final class RoomEventSender {
  private static final Frame EMPTY_FRAME = Frame.text("");

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final ReentrantLock lock;
  private final Roster roster;

  /** Events that were queued with the lock held, and have something left to do without it. */
  private List<Fanout<Protocol>> pendingFanouts = List.of();

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
      environment.writeLoops().wake();
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

  /** Sends a notice; called with the lock held, within {@link #locked}. */
  void sendNotice(@Nullable Notice notice, Predicate<MemberState> recipients) {
    sendNotice(notice, recipients, (protocol, payload) -> protocol.encodeNotice(room, payload));
  }

  /** Sends a read mark to the connections of its participant, or to all. */
  void sendReadMark(RoomEvent.ReadMarked mark, boolean toAll) {
    sendNotice(
        mark.notice(),
        member -> toAll ? member.seesParticipants() : member.id().equals(mark.id()),
        (protocol, payload) -> protocol.encodeReadMark(room, mark.id(), mark.position(), payload));
  }

  private void sendNotice(
      @Nullable Notice notice,
      Predicate<MemberState> recipients,
      BiFunction<Protocol, Payload, @Nullable Frame> encoder) {
    if (notice == null || roster.closed) {
      return;
    }
    Fanout<Protocol> fanout =
        Fanout.of(environment.writeLoops(), notice.frame(), Overflow.DISCONNECT);
    fanout.setEncoder(protocol -> encoder.apply(protocol, notice.payload()));
    deliver(fanout, subscription -> recipients.test(subscription.member.state()));
  }

  /**
   * Sends a notice about a join or a leave to plain text connections of others; protocols have
   * presence events for that. Called with the lock held.
   */
  void sendPlainNotice(@Nullable Notice notice, MemberState subject) {
    if (notice != null && !roster.closed) {
      Member excluded = roster.member(subject.id());
      deliver(
          Fanout.of(environment.writeLoops(), notice.frame(), Overflow.DISCONNECT),
          subscription ->
              subscription.protocol == null
                  && subscription.member != excluded
                  && subscription.member.state().seesParticipants());
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
    if (!roster.closed && roster.hasPresenceReceivers() && subject.presenceOptions().announced()) {
      PresenceEntry presence = member.presenceEntry(subject);
      Fanout<Protocol> fanout =
          Fanout.of(environment.writeLoops(), EMPTY_FRAME, Overflow.DISCONNECT);
      fanout.setEncoder(protocol -> encoder.apply(protocol, presence));
      deliver(
          fanout,
          subscription ->
              subscription.presenceOptions.presenceEvents()
                  && subscription.member.state().seesParticipants());
    }
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
      fanout.add(subscription.session, subscription.outbox, subscription.protocol);
      deliver(fanout);
      return;
    }
    if (frame != null) {
      fanout.setEncoder(protocol -> frame);
      fanout.add(subscription.session, subscription.outbox, subscription.protocol);
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
      if (recipients.test(subscription)) {
        fanout.add(subscription.session, subscription.outbox, subscription.protocol);
      }
    }
    deliver(fanout);
  }

  private void deliver(Fanout<Protocol> fanout) {
    fanout.handOver();
    pendingFanouts = pendingFanouts.isEmpty() ? new ArrayList<>() : pendingFanouts;
    pendingFanouts.add(fanout);
  }
}
