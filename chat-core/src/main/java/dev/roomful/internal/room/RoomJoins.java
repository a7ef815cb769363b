package dev.roomful.internal.room;

import dev.roomful.RoomOptions;
import dev.roomful.admission.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds connections to a room, if nothing is in the way. */
final class RoomJoins {
  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final RoomOptions options;
  private final Roster roster;
  private final RoomEventSender events;
  private final RoomLifetime lifetime;
  private final RoomMembership membership;

  RoomJoins(
      RoomEnvironment environment,
      LiveRoom room,
      Roster roster,
      RoomEventSender events,
      RoomLifetime lifetime,
      RoomMembership membership) {
    this.environment = environment;
    this.room = room;
    this.options = room.options();
    this.roster = roster;
    this.events = events;
    this.lifetime = lifetime;
    this.membership = membership;
  }

  /** How an attempt to join ended. */
  enum Result {
    JOINED,
    FULL,
    TOO_MANY_ROOMS,
    BANNED,
    NAME_TAKEN,
    NOT_A_MEMBER,
    SESSION_CLOSED,
    ROOM_CLOSED
  }

  /** Adds a connection; the participant's callbacks must be run afterwards. */
  Result join(JoinAttempt attempt) {
    applyRole(attempt);
    // The application is asked for what the connection and others receive without the lock. If
    // something has changed meanwhile, it is asked again.
    Result result = null;
    while (result == null) {
      attempt.prepare(environment, room);
      result = events.locked(() -> joinIfPrepared(attempt));
    }
    return result;
  }

  private @Nullable Result joinIfPrepared(JoinAttempt attempt) {
    List<MessageHistory.StoredMessage> missed = room.publisher.find(attempt.replay);
    if (!attempt.isPreparedFor(missed)) {
      return null;
    }
    Result result = join(attempt, missed);
    return result == Result.NAME_TAKEN && attempt.mayTryAnotherName(room) ? null : result;
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
        events.locked(
            () -> {
              Member member = roster.member(id);
              if (member == null || member.admittedRole == attempt.role) {
                return false;
              }
              member.admittedRole = attempt.role;
              return member.role != attempt.role;
            });
    if (changed) {
      Boolean seesParticipants =
          environment
              .calls()
              .orNull(
                  "Role.Rule",
                  room,
                  () -> options.roles().allows(attempt.role, Role.Action.SEE_PARTICIPANTS));
      membership.setRole(id, attempt.role, seesParticipants != null && seesParticipants);
    }
  }

  private Result join(JoinAttempt attempt, @Nullable List<MessageHistory.StoredMessage> missed) {
    RoomSession session = attempt.session;
    LiveParticipant participant = session.participant();
    if (roster.closed) {
      return Result.ROOM_CLOSED;
    }
    Member existing = roster.member(participant.id());
    if (existing != null
        && existing.subscriptions.stream()
            .anyMatch(subscription -> subscription.session == session)) {
      return Result.JOINED;
    }
    Result result = existing == null ? check(attempt) : Result.JOINED;
    if (result == Result.JOINED) {
      Member member = existing == null ? new Member(participant, attempt.role) : existing;
      Subscription subscription = new Subscription(room, member, session, attempt.presenceOptions);
      if (session.addSubscription(subscription)) {
        add(subscription, attempt, missed);
        return Result.JOINED;
      }
      if (existing == null) {
        participant.roomCount.decrementAndGet();
      }
      result = Result.SESSION_CLOSED;
    }
    lifetime.joinFailed();
    return result;
  }

  private Result check(JoinAttempt attempt) {
    LiveParticipant participant = attempt.session.participant();
    if (attempt.resuming) {
      return Result.NOT_A_MEMBER;
    }
    if (environment.bans().rejectionFor(room.name(), participant.id()).isPresent()) {
      return Result.BANNED;
    }
    if (roster.size() >= options.capacity()) {
      return Result.FULL;
    }
    if (roster.isNameTaken(attempt.nameKey, participant.id())) {
      return Result.NAME_TAKEN;
    }
    return participant.claimRoom(environment.limits().roomsPerParticipant())
        ? Result.JOINED
        : Result.TOO_MANY_ROOMS;
  }

  private void add(
      Subscription subscription,
      JoinAttempt attempt,
      @Nullable List<MessageHistory.StoredMessage> missed) {
    lifetime.joined();
    Member member = subscription.member;
    boolean isNewMember = roster.add(subscription);
    boolean isKnown = !isNewMember && membership.endLeaveDelay(subscription);
    if (isNewMember) {
      queueOnJoin(subscription);
      member.leaveNotice = attempt.leaveNotice;
      member.seesParticipants = attempt.seesParticipants;
      roster.setNameKey(member, attempt.nameKey);
      events.sendPlainNotice(attempt.joinNotice, member);
    }
    if (attempt.needsJoinInfo(room)) {
      attempt.joined(
          room,
          member.seesParticipants && attempt.needsParticipants(room)
              ? roster.participants()
              : List.of(),
          room.publisher.position(),
          missed,
          environment.limits().outboxBytes() / 2);
    }
    attempt.session.joined(); // after its reservation: what is sent to the client goes behind that
    if (!isKnown) {
      events.sendJoin(subscription); // after the reply to its own join
    }
  }

  private void queueOnJoin(Subscription subscription) {
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
