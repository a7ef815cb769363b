package dev.roomful;

import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who comes into a room and goes, and how the others are told. */
final class Membership {
  private static final Frame EMPTY_FRAME = Frame.text("");

  private final ChatRuntime runtime;
  private final Room room;
  private final ReentrantLock lock;
  private final RoomOptions options;
  private final Roster roster;
  private final Publisher publisher;

  /** Notices that were given with the lock held, and have something left to do without it. */
  private List<Fanout> pendingFanouts = List.of();

  // With the lock held.
  private boolean everJoined;
  private long emptySince;

  Membership(ChatRuntime runtime, Room room, Roster roster, Publisher publisher) {
    this.runtime = runtime;
    this.room = room;
    this.lock = room.lock;
    this.options = room.options();
    this.roster = roster;
    this.publisher = publisher;
  }

  /** Everybody out, and nobody in any more. */
  void close(CloseStatus status) {
    List<Subscription> all =
        locked(
            () -> {
              List<Subscription> subscriptions = clear(status);
              subscriptions.forEach(subscription -> sendRemoval(subscription, status));
              return subscriptions;
            });
    closeSessions(all, status);
  }

  /** Everyone out because the chat closes; their connections and callbacks are its business. */
  void clearForShutdown() {
    lock.lock();
    try {
      clear(CloseStatus.RESTART);
    } finally {
      lock.unlock();
    }
  }

  private List<Subscription> clear(CloseStatus status) {
    List<Subscription> all = roster.all();
    boolean first = !roster.closed;
    roster.closed = true; // first, and nobody is told of the others' leaving
    all.forEach(subscription -> removeFromRoster(subscription, status));
    if (first) {
      // Last, or somebody could join a new room of this name before having left this one.
      closeRoom();
    }
    return all;
  }

  private void closeRoom() {
    roster.closed = true;
    publisher.close();
    runtime.rooms.remove(room);
  }

  /** Throws somebody out, which the others are told as such. */
  boolean removeMember(String id, CloseStatus status) {
    Participant participant = findParticipant(id);
    return participant != null
        && removeMember(
            id,
            status,
            runtime.noticeFrame(options.notices().participantRemoved(room, participant, status)));
  }

  /** Takes a participant out that wants to go. */
  boolean leave(String id) {
    Participant participant = findParticipant(id);
    return participant != null
        && removeMember(
            id,
            CloseStatus.NORMAL,
            runtime.noticeFrame(options.notices().participantLeft(room, participant)));
  }

  private @Nullable Participant findParticipant(String id) {
    Member member = member(id);
    return member == null ? null : member.participant;
  }

  @Nullable Member member(String id) {
    lock.lock();
    try {
      return roster.member(id);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a member another role; false if there is no such member. */
  boolean setRole(String id, Role role) {
    Participant participant = findParticipant(id);
    if (participant == null) {
      return false;
    }
    boolean seesParticipants = options.roles().allows(role, Role.Action.SEE_PARTICIPANTS);
    Frame notice = runtime.noticeFrame(options.notices().roleChanged(room, participant, role));
    return locked(
        () -> {
          Member member = roster.member(id);
          if (member != null) {
            member.role = role;
            member.seesParticipants = seesParticipants;
            sendNotice(notice, all -> true);
          }
          return member != null;
        });
  }

  private boolean removeMember(String id, CloseStatus status, @Nullable Frame notice) {
    List<Subscription> removed =
        locked(
            () -> {
              Member member = roster.member(id);
              if (member == null) {
                return List.<Subscription>of();
              }
              member.leaveNotice = notice;
              List<Subscription> subscriptions = new ArrayList<>(member.suspended);
              subscriptions.addAll(member.subscriptions);
              subscriptions.forEach(subscription -> removeFromRoster(subscription, status));
              subscriptions.forEach(subscription -> sendRemoval(subscription, status));
              return subscriptions;
            });
    closeSessions(removed, status);
    return !removed.isEmpty();
  }

  /** Does memory work with the lock, and then without it what its notices have left to do. */
  <T extends @Nullable Object> T locked(Supplier<T> action) {
    List<Fanout> notices;
    T result;
    lock.lock();
    try {
      result = action.get();
      notices = pendingFanouts;
      pendingFanouts = List.of();
    } finally {
      lock.unlock();
    }
    if (!notices.isEmpty()) {
      runtime.writeLoops.wake();
      for (Fanout notice : notices) {
        if (!notice.isDone()) {
          // Elsewhere: who is too slow leaves, of which there is a notice, for which another one
          // may be too slow.
          runtime.scheduler.callbackExecutor().execute(notice::finish);
        }
      }
    }
    return result;
  }

  /** Called with the lock held. */
  void sendNotice(@Nullable Frame notice, Predicate<Member> recipients) {
    if (notice == null || roster.closed) {
      return;
    }
    Fanout fanout = Fanout.of(runtime.writeLoops, notice, Overflow.DISCONNECT);
    fanout.setEncoder(protocol -> protocol.encodeNotice(room, Payload.of(notice)));
    deliver(fanout, subscription -> recipients.test(subscription.member));
  }

  /** Who comes and goes is told in the application's words to those who hear plain text. */
  private void sendPlainNotice(@Nullable Frame notice, Predicate<Member> recipients) {
    if (notice != null && !roster.closed) {
      deliver(
          Fanout.of(runtime.writeLoops, notice, Overflow.DISCONNECT),
          subscription -> subscription.protocol == null && recipients.test(subscription.member));
    }
  }

  /** And in its own words to each dialect. */
  private void sendPresence(
      Subscription subject, BiFunction<Protocol, PresenceEntry, Frame> encoder) {
    if (!roster.closed && roster.hasPresenceReceivers() && subject.presenceOptions.announced()) {
      PresenceEntry presence = presenceEntry(subject);
      Fanout fanout = Fanout.of(runtime.writeLoops, EMPTY_FRAME, Overflow.DISCONNECT);
      fanout.setEncoder(protocol -> encoder.apply(protocol, presence));
      deliver(
          fanout,
          subscription ->
              subscription.presenceOptions.presenceEvents()
                  && subscription.member.seesParticipants);
    }
  }

  /** Under the lock, or it would not be the last that is heard of this room, and only this once. */
  private void sendRemoval(Subscription subscription, CloseStatus status) {
    ProtocolEndpoint endpoint = subscription.session.endpoint();
    if (endpoint == null) {
      return;
    }
    subscription.session.removeSubscription(subscription);
    ProtocolHandler handler = endpoint.protocolHandler;
    Frame frame = handler.encodeRemoval(room, status);
    if (frame != null) {
      Fanout fanout = Fanout.of(runtime.writeLoops, EMPTY_FRAME, Overflow.DISCONNECT);
      fanout.setEncoder(protocol -> frame);
      fanout.add(subscription);
      deliver(fanout);
    }
  }

  private void deliver(Fanout fanout, Predicate<Subscription> recipients) {
    for (Subscription subscription : roster.subscriptions()) {
      if (recipients.test(subscription)) {
        fanout.add(subscription);
      }
    }
    deliver(fanout);
  }

  private void deliver(Fanout fanout) {
    fanout.handOver();
    pendingFanouts = pendingFanouts.isEmpty() ? new ArrayList<>() : pendingFanouts;
    pendingFanouts.add(fanout);
  }

  private static PresenceEntry presenceEntry(Subscription subscription) {
    return new PresenceEntry(
        subscription.session.id(),
        subscription.member.participant,
        subscription.presenceOptions.connectionInfo());
  }

  List<PresenceEntry> presence() {
    lock.lock();
    try {
      return roster.all().stream()
          .filter(subscription -> subscription.presenceOptions.listed())
          .map(Membership::presenceEntry)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Called in the participant's turn. */
  void participantUpdated(Participant participant) {
    runtime.call(
        "onUpdate",
        participant,
        room,
        null,
        handler -> {
          Frame notice =
              runtime.noticeFrame(options.notices().participantUpdated(room, participant));
          Frame leaveNotice =
              runtime.noticeFrame(options.notices().participantLeft(room, participant));
          locked(() -> applyUpdate(participant, notice, leaveNotice));
          if (room.contains(participant)) {
            handler.onUpdate(room, participant);
          }
        });
  }

  private boolean applyUpdate(
      Participant participant, @Nullable Frame notice, @Nullable Frame leaveNotice) {
    Member member = roster.member(participant.id());
    if (member != null) {
      member.leaveNotice = leaveNotice;
      sendNotice(notice, recipient -> recipient.seesParticipants);
    }
    return member != null;
  }

  /** For seats that are vacant already. */
  private void closeSessions(List<Subscription> removed, CloseStatus status) {
    for (Subscription subscription : removed) {
      subscription.session.removeSubscription(subscription);
      if (subscription.session.isPrimaryRoom(room)) {
        subscription.session.close(status, Session.CloseMode.AFTER_FLUSH);
        subscription.session.endSuspension(status);
      }
    }
    removed.forEach(subscription -> subscription.member.participant.callbacks.run());
  }

  /** How an attempt to come in went. */
  enum JoinResult {
    JOINED,
    FULL,
    TOO_MANY_ROOMS,
    BANNED,
    NAME_TAKEN,
    NOT_A_MEMBER,
    SESSION_CLOSED,
    ROOM_CLOSED
  }

  /** Lets a connection in; the participant's turns must be run afterwards. */
  JoinResult join(JoinAttempt attempt) {
    applyRole(attempt);
    // What the application has to say to it is asked without the lock; what has changed meanwhile
    // is asked about too.
    JoinResult result = null;
    while (result == null) {
      attempt.prepare(runtime, room);
      result =
          locked(
              () -> {
                List<MessageHistory.StoredMessage> missed = publisher.find(attempt.replay);
                if (!attempt.isPreparedFor(missed)) {
                  return null;
                }
                JoinResult added = join(attempt, missed);
                return added == JoinResult.NAME_TAKEN && attempt.mayTryAnotherName(room)
                    ? null
                    : added;
              });
    }
    return result;
  }

  /**
   * Takes the role of a later admission, if the application gives another one than before; a role
   * that was set otherwise meanwhile stays.
   */
  private void applyRole(JoinAttempt attempt) {
    if (!attempt.roleIsAdmitted) {
      return;
    }
    String id = attempt.session.participant().id();
    boolean changed =
        locked(
            () -> {
              Member member = roster.member(id);
              if (member == null || member.admittedRole == attempt.role) {
                return false;
              }
              member.admittedRole = attempt.role;
              return member.role != attempt.role;
            });
    if (changed) {
      setRole(id, attempt.role);
    }
  }

  private JoinResult join(
      JoinAttempt attempt, @Nullable List<MessageHistory.StoredMessage> missed) {
    Session session = attempt.session;
    Participant participant = session.participant();
    if (roster.closed) {
      return JoinResult.ROOM_CLOSED;
    }
    Member existing = roster.member(participant.id());
    if (existing != null
        && existing.subscriptions.stream()
            .anyMatch(subscription -> subscription.session == session)) {
      return JoinResult.JOINED;
    }
    JoinResult result = existing == null ? checkJoin(attempt) : JoinResult.JOINED;
    if (result == JoinResult.JOINED) {
      Member member = existing == null ? new Member(participant, attempt.role) : existing;
      Subscription subscription = new Subscription(room, member, session, attempt.presenceOptions);
      if (session.addSubscription(subscription)) {
        addSubscription(subscription);
        if (existing == null) {
          member.leaveNotice = attempt.leaveNotice;
          member.seesParticipants = attempt.seesParticipants;
          roster.setNameKey(member, attempt.nameKey);
          sendPlainNotice(
              attempt.joinNotice, recipient -> recipient != member && recipient.seesParticipants);
        }
        if (attempt.needsJoinInfo(room)) {
          attempt.joined(
              room,
              member.seesParticipants && attempt.needsParticipants(room)
                  ? roster.participants()
                  : List.of(),
              publisher.position(),
              missed,
              runtime.limits.outboxBytes() / 2);
        }
        sendPresence(
            subscription,
            (protocol, presence) -> protocol.encodeJoin(room, presence)); // behind its own arrival
        return JoinResult.JOINED;
      }
      if (existing == null) {
        participant.roomCount.decrementAndGet();
      }
      result = JoinResult.SESSION_CLOSED;
    }
    if (isRemovable() && !everJoined) {
      closeRoom(); // made for somebody who did not come in
    }
    return result;
  }

  private JoinResult checkJoin(JoinAttempt attempt) {
    Participant participant = attempt.session.participant();
    if (attempt.resuming) {
      return JoinResult.NOT_A_MEMBER;
    }
    if (runtime.bans.rejectionFor(room.name(), participant.id()).isPresent()) {
      return JoinResult.BANNED;
    }
    if (roster.size() >= options.capacity()) {
      return JoinResult.FULL;
    }
    if (roster.isNameTaken(attempt.nameKey, participant.id())) {
      return JoinResult.NAME_TAKEN;
    }
    return participant.claimRoom(runtime.limits.roomsPerParticipant())
        ? JoinResult.JOINED
        : JoinResult.TOO_MANY_ROOMS;
  }

  private void addSubscription(Subscription subscription) {
    everJoined = true;
    if (roster.add(subscription)) {
      Participant participant = subscription.member.participant;
      participant.callbacks.add(
          () ->
              runtime.call(
                  "onJoin",
                  participant,
                  room,
                  subscription.session,
                  handler -> handler.onJoin(room, participant)));
    }
  }

  /** Whether nobody else has such a name. */
  boolean isNameFree(@Nullable String nameKey, String id) {
    lock.lock();
    try {
      return !roster.isNameTaken(nameKey, id);
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  void rename(String id, @Nullable String nameKey) {
    Member member = roster.member(id);
    if (member != null) {
      roster.setNameKey(member, nameKey);
    }
  }

  /** Takes one connection out; the participant's turns must be run afterwards. */
  void removeSubscription(Subscription subscription, CloseStatus status) {
    locked(
        () -> {
          removeFromRoster(subscription, status);
          return subscription;
        });
  }

  /** Keeps the place of a connection that was lost. */
  void suspend(Subscription subscription) {
    lock.lock();
    try {
      roster.suspend(subscription);
    } finally {
      lock.unlock();
    }
  }

  private void removeFromRoster(Subscription subscription, CloseStatus status) {
    if (!roster.contains(subscription)) {
      return;
    }
    boolean last = roster.remove(subscription);
    sendPresence(subscription, (protocol, presence) -> protocol.encodeLeave(room, presence));
    if (last) {
      Member member = subscription.member;
      Participant participant = member.participant;
      participant.roomCount.decrementAndGet();
      participant.callbacks.add(
          () -> {
            member.left = true;
            runtime.call(
                "onLeave",
                participant,
                room,
                null,
                handler -> handler.onLeave(room, participant, status));
          });
      sendPlainNotice(
          member.leaveNotice, recipient -> recipient != member && recipient.seesParticipants);
      if (isRemovable() && options.keepEmptyFor().isZero()) {
        closeRoom();
      }
      emptySince = runtime.scheduler.nanoTime();
    }
  }

  private boolean isRemovable() {
    return roster.size() == 0 && !options.isPermanent() && !roster.closed;
  }

  /** Called a few times a second. */
  void trim(long now) {
    if (options.keepEmptyFor().isZero()) {
      return;
    }
    lock.lock();
    try {
      Duration empty = Duration.ofNanos(now - emptySince);
      if (isRemovable() && everJoined && empty.compareTo(options.keepEmptyFor()) >= 0) {
        closeRoom();
      }
    } finally {
      lock.unlock();
    }
  }
}
