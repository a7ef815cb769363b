package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Overflow;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Role;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.validation.LogText;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Frame;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who joins and leaves a room, and the notices about it. */
public final class Membership {
  private static final System.Logger LOG = System.getLogger("dev.roomful");
  private static final Frame EMPTY_FRAME = Frame.text("");

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final ReentrantLock lock;
  private final RoomOptions options;
  private final Roster roster;
  private final Publisher publisher;
  private final Consumer<LiveRoom> onRemoved;

  /** Notices that were given with the lock held, and have something left to do without it. */
  private List<Fanout<Protocol>> pendingFanouts = List.of();

  // With the lock held.
  private boolean everJoined;
  private long emptySince;

  public Membership(
      RoomEnvironment environment,
      LiveRoom room,
      Roster roster,
      Publisher publisher,
      Consumer<LiveRoom> onRemoved) {
    this.environment = environment;
    this.room = room;
    this.lock = room.lock;
    this.options = room.options();
    this.roster = roster;
    this.publisher = publisher;
    this.onRemoved = onRemoved;
  }

  /** Everybody out, and nobody in any more. */
  public void close(CloseStatus status) {
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
  public void clearForShutdown() {
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
    onRemoved.accept(room);
  }

  /** Throws somebody out, which the others are told as such. */
  public boolean removeMember(String id, CloseStatus status) {
    LiveParticipant participant = findParticipant(id);
    return participant != null
        && removeMember(
            id,
            status,
            Notice.of(
                options.notices().participantRemoved(room, participant, status),
                environment.frames()));
  }

  /** Takes a participant out that wants to go. */
  public boolean leave(String id) {
    LiveParticipant participant = findParticipant(id);
    return participant != null
        && removeMember(
            id,
            CloseStatus.NORMAL,
            Notice.of(options.notices().participantLeft(room, participant), environment.frames()));
  }

  private @Nullable LiveParticipant findParticipant(String id) {
    Member member = member(id);
    return member == null ? null : member.participant;
  }

  public @Nullable Member member(String id) {
    lock.lock();
    try {
      return roster.member(id);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a member another role; false if there is no such member. */
  public boolean setRole(String id, Role role) {
    LiveParticipant participant = findParticipant(id);
    if (participant == null) {
      return false;
    }
    boolean seesParticipants = options.roles().allows(role, Role.Action.SEE_PARTICIPANTS);
    Notice notice =
        Notice.of(options.notices().roleChanged(room, participant, role), environment.frames());
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

  private boolean removeMember(String id, CloseStatus status, @Nullable Notice notice) {
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
  public <T extends @Nullable Object> T locked(Supplier<T> action) {
    List<Fanout<Protocol>> notices;
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
      environment.writeLoops().wake();
      for (Fanout<Protocol> notice : notices) {
        if (!notice.isDone()) {
          // Elsewhere: who is too slow leaves, of which there is a notice, for which another one
          // may be too slow.
          environment.callbacks().execute(notice::finish);
        }
      }
    }
    return result;
  }

  /** Called with the lock held. */
  public void sendNotice(@Nullable Notice notice, Predicate<Member> recipients) {
    if (notice == null || roster.closed) {
      return;
    }
    Fanout<Protocol> fanout =
        Fanout.of(environment.writeLoops(), notice.frame(), Overflow.DISCONNECT);
    fanout.setEncoder(protocol -> protocol.encodeNotice(room, notice.payload()));
    deliver(fanout, subscription -> recipients.test(subscription.member));
  }

  /** Who comes and goes is told in the application's words to those who hear plain text. */
  private void sendPlainNotice(@Nullable Notice notice, Predicate<Member> recipients) {
    if (notice != null && !roster.closed) {
      deliver(
          Fanout.of(environment.writeLoops(), notice.frame(), Overflow.DISCONNECT),
          subscription -> subscription.protocol == null && recipients.test(subscription.member));
    }
  }

  /** Sends a presence event to connections with a protocol, each encoded by its protocol. */
  private void sendPresence(
      Subscription subject, BiFunction<Protocol, PresenceEntry, Frame> encoder) {
    if (!roster.closed && roster.hasPresenceReceivers() && subject.presenceOptions.announced()) {
      PresenceEntry presence = presenceEntry(subject);
      Fanout<Protocol> fanout =
          Fanout.of(environment.writeLoops(), EMPTY_FRAME, Overflow.DISCONNECT);
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
    ProtocolHandler handler = subscription.session.protocolHandler();
    if (handler == null) {
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
    LOG.log(
        Level.ERROR,
        () ->
            LogText.escape(
                "Protocol handler failed to encode the removal of participant "
                    + subscription.member.participant
                    + " from "
                    + room
                    + "; closing its connection"),
        LogText.escape(failure));
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

  private static PresenceEntry presenceEntry(Subscription subscription) {
    return new PresenceEntry(
        subscription.session.id(),
        subscription.member.participant,
        subscription.presenceOptions.connectionInfo());
  }

  public List<PresenceEntry> presence() {
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

  public PresenceCount presenceCount() {
    lock.lock();
    try {
      return roster.presenceCount();
    } finally {
      lock.unlock();
    }
  }

  /** Called in the participant's turn. */
  public void participantUpdated(LiveParticipant participant) {
    environment
        .calls()
        .run(
            "onUpdate",
            participant,
            room,
            null,
            handler -> {
              Notice notice =
                  Notice.of(
                      options.notices().participantUpdated(room, participant),
                      environment.frames());
              Notice leaveNotice =
                  Notice.of(
                      options.notices().participantLeft(room, participant), environment.frames());
              locked(() -> applyUpdate(participant, notice, leaveNotice));
              if (room.contains(participant)) {
                handler.onUpdate(room, participant);
              }
            });
  }

  private boolean applyUpdate(
      LiveParticipant participant, @Nullable Notice notice, @Nullable Notice leaveNotice) {
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
        subscription.session.close(status, CloseMode.AFTER_FLUSH);
        subscription.session.endSuspension(status);
      }
    }
    removed.forEach(subscription -> subscription.member.participant.callbacks.run());
  }

  /** How an attempt to come in went. */
  public enum JoinResult {
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
  public JoinResult join(JoinAttempt attempt) {
    applyRole(attempt);
    // What the application has to say to it is asked without the lock; what has changed meanwhile
    // is asked about too.
    JoinResult result = null;
    while (result == null) {
      attempt.prepare(environment, room);
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
    RoomSession session = attempt.session;
    LiveParticipant participant = session.participant();
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
              environment.limits().outboxBytes() / 2);
        }
        session.joined(); // after its reservation: what is sent to the client goes behind that
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
    LiveParticipant participant = attempt.session.participant();
    if (attempt.resuming) {
      return JoinResult.NOT_A_MEMBER;
    }
    if (environment.bans().rejectionFor(room.name(), participant.id()).isPresent()) {
      return JoinResult.BANNED;
    }
    if (roster.size() >= options.capacity()) {
      return JoinResult.FULL;
    }
    if (roster.isNameTaken(attempt.nameKey, participant.id())) {
      return JoinResult.NAME_TAKEN;
    }
    return participant.claimRoom(environment.limits().roomsPerParticipant())
        ? JoinResult.JOINED
        : JoinResult.TOO_MANY_ROOMS;
  }

  private void addSubscription(Subscription subscription) {
    everJoined = true;
    if (roster.add(subscription)) {
      LiveParticipant participant = subscription.member.participant;
      participant.callbacks.add(
          () ->
              environment
                  .calls()
                  .run(
                      "onJoin",
                      participant,
                      room,
                      subscription.session,
                      handler -> handler.onJoin(room, participant)));
    }
  }

  /** Whether nobody else has such a name. */
  public boolean isNameFree(@Nullable String nameKey, String id) {
    lock.lock();
    try {
      return !roster.isNameTaken(nameKey, id);
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  public void rename(String id, @Nullable String nameKey) {
    Member member = roster.member(id);
    if (member != null) {
      roster.setNameKey(member, nameKey);
    }
  }

  /** Takes one connection out; the participant's turns must be run afterwards. */
  public void removeSubscription(Subscription subscription, CloseStatus status) {
    locked(
        () -> {
          removeFromRoster(subscription, status);
          return subscription;
        });
  }

  /** Keeps the place of a connection that was lost. */
  public void suspend(Subscription subscription) {
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
      LiveParticipant participant = member.participant;
      participant.roomCount.decrementAndGet();
      participant.callbacks.add(
          () -> {
            member.left = true;
            environment
                .calls()
                .run(
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
      emptySince = environment.scheduler().nanoTime();
    }
  }

  private boolean isRemovable() {
    return roster.size() == 0 && !options.isPermanent() && !roster.closed;
  }

  /** Called a few times a second. */
  public void trim(long now) {
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
