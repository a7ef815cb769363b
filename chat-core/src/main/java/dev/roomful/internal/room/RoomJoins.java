package dev.roomful.internal.room;

import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.MessageHistory;
import dev.roomful.internal.state.Rejections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds connections of this node to a room, if nothing is in the way. */
final class RoomJoins {
  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final Roster roster;
  private final LeaveDelays leaveDelays;

  RoomJoins(RoomEnvironment environment, LiveRoom room, Roster roster, LeaveDelays leaveDelays) {
    this.environment = environment;
    this.room = room;
    this.roster = roster;
    this.leaveDelays = leaveDelays;
  }

  /**
   * Adds a connection; the participant's callbacks must be run afterwards.
   *
   * @return why it was not added, or null
   */
  @Nullable Rejection join(JoinAttempt attempt) {
    applyRole(attempt);
    // The application is asked for what the connection and others receive without the lock. If
    // something has changed meanwhile, it is asked again.
    Applied applied = null;
    while (applied == null) {
      attempt.prepare(environment, room);
      applied = room.log.join(attempt);
      if (applied != null
          && applied.rejection() != null
          && applied.rejection().code().equals(Rejection.NAME_TAKEN)
          && attempt.mayTryAnotherName(room)) {
        applied = null;
      }
    }
    return applied.rejection();
  }

  /**
   * Takes the role of a later admission, if the application gives another one than before; a role
   * that was set otherwise meanwhile stays.
   */
  private void applyRole(JoinAttempt attempt) {
    String id = attempt.session.participant().id();
    MemberState member = attempt.roleIsAdmitted ? room.membership.member(id) : null;
    if (member == null || member.admittedRole() == attempt.role) {
      return;
    }
    Boolean seesParticipants =
        environment
            .calls()
            .orNull(
                "Role.Rule",
                room,
                () -> room.options().roles().allows(attempt.role, Role.Action.SEE_PARTICIPANTS));
    room.membership.setRole(id, attempt.role, seesParticipants != null && seesParticipants, true);
  }

  /** Whether the preparation of an attempt still applies; called with the lock held. */
  boolean isPrepared(JoinAttempt attempt) {
    return attempt.isPreparedFor(missed(attempt));
  }

  /** Whether rules have decided about all that the connection has missed; lock held. */
  boolean hasVerdicts(JoinAttempt attempt) {
    return attempt.hasVerdicts(missed(attempt));
  }

  private @Nullable List<MessageHistory.StoredMessage> missed(JoinAttempt attempt) {
    return room.state.history().select(attempt.replay);
  }

  /** Whether the connection is in the room already; called with the lock held. */
  boolean isSubscribed(JoinAttempt attempt) {
    Member member = roster.member(attempt.session.participant().id());
    if (member != null) {
      for (Subscription subscription : member.subscriptions) {
        if (subscription.session == attempt.session) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The connection whose place it takes without anybody's notice, or null: that of another node, or
   * the one with which its member waits to leave. Called with the lock held.
   */
  @Nullable String replacedConnectionId(JoinAttempt attempt) {
    List<String> replacedElsewhere = attempt.session.replacedConnectionIds();
    MemberState state =
        replacedElsewhere.isEmpty() ? null : room.state.member(attempt.session.participant().id());
    if (state != null) {
      for (String replaced : replacedElsewhere) {
        if (state.connections().stream().anyMatch(one -> one.id().equals(replaced))) {
          return replaced;
        }
      }
    }
    Member member = roster.member(attempt.session.participant().id());
    Subscription delayed = member == null ? null : leaveDelays.of(member);
    return delayed == null ? null : delayed.session.id();
  }

  /**
   * Reserves what the participant and its session have to contribute; called with the lock held.
   *
   * @return why that is not possible, or null
   */
  @Nullable Rejection attach(JoinAttempt attempt) {
    LiveParticipant participant = attempt.session.participant();
    Member existing = roster.member(participant.id());
    int limit = environment.limits().roomsPerParticipant();
    if (existing == null && !participant.claimRoom(limit)) {
      return Rejections.tooManyRoomsJoined(limit);
    }
    Member member = existing == null ? new Member(participant) : existing;
    Subscription subscription =
        new Subscription(room, member, attempt.session, attempt.presenceOptions);
    if (attempt.session.addSubscription(subscription)) {
      attempt.subscription = subscription;
      return null;
    }
    if (existing == null) {
      participant.releaseRoom();
    }
    return Rejections.connectionClosed();
  }

  /** Lets the connection take part, now that the log has accepted it; called with the lock held. */
  void joined(JoinAttempt attempt, Applied applied) {
    Subscription subscription = attempt.subscription;
    MemberState state = applied.member();
    if (subscription == null || state == null) {
      return;
    }
    room.lifetime.joined();
    Member member = subscription.member;
    if (member.subscriptions.isEmpty() && member.suspended.isEmpty()) {
      member.setState(state);
      state.setParticipant(member.participant);
      if (environment.isClustered()) {
        takeOrGiveName(member.participant, state, applied.memberJoined());
      }
    }
    roster.add(subscription);
    if (applied.memberJoined()) {
      queueOnJoin(subscription);
    }
    if (attempt.needsJoinInfo(room)) {
      attempt.joined(
          room,
          state.seesParticipants() && attempt.needsParticipants(room)
              ? room.state.participants()
              : List.of(),
          room.state.position(),
          missed(attempt),
          environment.limits().outboxBytes() / 2);
    }
    attempt.session.joined(); // after its reservation: what is sent to the client goes behind that
  }

  /**
   * A participant has one name and one set of attributes. It takes those that it has in the room
   * with a connection to another node, unless it is in other rooms here, or was changed after the
   * join was appended: then this room takes what it has here.
   */
  private void takeOrGiveName(LiveParticipant participant, MemberState state, boolean joined) {
    if (!joined && participant.roomCount() <= 1) {
      participant.replace(state.name(), state.attributes());
    } else {
      room.membership.correctLater(participant, state);
    }
  }

  void queueOnJoin(Subscription subscription) {
    LiveParticipant participant = subscription.member.participant;
    participant.callbacks.add(() -> room.effects.callOnJoin(participant, subscription.session));
  }
}
