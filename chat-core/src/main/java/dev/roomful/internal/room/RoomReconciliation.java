package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.room.RoomEffects.Removal;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.ConnectionState;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.MessageHistory;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.state.RoomState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the subscriptions of this node and the state of the room together again, after the state
 * was replaced: clients receive what they have missed, or are told to reload; members that the
 * state does not know join again; connections that this node does not have leave.
 */
final class RoomReconciliation {
  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final Roster roster;
  private final ClusterLog log;
  private final ClusterNode node;

  // Used by the replica only.
  private Position delivered;
  private Map<String, Known> before = Map.of();

  /** A member as clients know it, from before the state was replaced. */
  private record Known(MemberState member, List<ConnectionState> connections) {}

  RoomReconciliation(
      RoomEnvironment environment, LiveRoom room, Roster roster, ClusterLog log, ClusterNode node) {
    this.environment = environment;
    this.room = room;
    this.roster = roster;
    this.log = log;
    this.node = node;
    this.delivered = room.state.position();
  }

  /** The state is about to be replaced; called with the lock held. */
  void begin() {
    delivered = room.state.position();
    before = new HashMap<>();
    room.state
        .members()
        .forEach(
            member ->
                before.put(member.id(), new Known(member, List.copyOf(member.connections()))));
  }

  /**
   * The state was replaced and is up to date: clients receive what they have missed; called with no
   * lock held.
   */
  void showMissed() {
    room.runLocked(
        () -> {
          for (Member member : roster.members()) {
            MemberState state = room.state.member(member.participant.id());
            if (state != null) {
              member.setState(state);
              state.setParticipant(member.participant);
            }
          }
        });
    room.events.locked(
        () -> {
          showDifferences();
          return roster;
        });
    before = Map.of();
    deliverMissed();
  }

  /** Appends what the state has to take over from this node; called with no lock held. */
  void correctMembers() {
    leaveGhosts();
    removeLeft();
    rejoinForgotten();
    correctParticipants();
  }

  /**
   * Appends names and attributes of participants of this node that the log has lost, or in place of
   * which it has those of a change that was given up.
   */
  private void correctParticipants() {
    room.locked(() -> roster.members().stream().map(member -> member.participant).toList())
        .forEach(room.membership::correct);
  }

  /**
   * Changes a participant of this node, which another node has changed in this room, in the rooms
   * that the other node may not have open: those in which it has connections to this node only.
   */
  void spread(LiveParticipant participant) {
    for (LiveRoom other : participant.liveRooms()) {
      MemberState state = other == room ? null : other.membership.member(participant.id());
      if (state != null
          && other.locked(
              () ->
                  state.connections().stream()
                      .allMatch(one -> one.node().equals(node.incarnation())))) {
        other.membership.correct(participant);
      }
    }
  }

  /** Sends presence events for what has changed without an event; called with the lock held. */
  private void showDifferences() {
    for (Known known : before.values()) {
      MemberState now = room.state.member(known.member().id());
      Set<String> left = ids(known.connections());
      if (now != null) {
        left.removeAll(ids(now.connections()));
      }
      for (ConnectionState connection : known.connections()) {
        if (left.contains(connection.id())) {
          room.events.sendLeave(known.member(), connection);
        }
      }
      if (now == null) {
        room.events.sendPlainNotice(known.member().leaveNotice(), known.member());
      }
    }
    for (MemberState member : room.state.members()) {
      Known known = before.get(member.id());
      Set<String> old = known == null ? Set.of() : ids(known.connections());
      if (known == null) {
        room.events.sendPlainNotice(member.joinNotice(), member);
      }
      for (ConnectionState connection : member.connections()) {
        if (!old.contains(connection.id())) {
          room.events.sendJoin(member, connection);
        }
      }
    }
  }

  private static Set<String> ids(List<ConnectionState> connections) {
    Set<String> ids = new HashSet<>();
    connections.forEach(connection -> ids.add(connection.id()));
    return ids;
  }

  private void deliverMissed() {
    if (roster.isEmpty() || delivered.epoch().equals(RoomState.NO_EPOCH)) {
      return;
    }
    List<MessageHistory.StoredMessage> missed =
        room.locked(() -> room.state.history().select(HistoryRange.since(delivered)));
    if (missed == null) {
      reloadClients();
      return;
    }
    for (MessageHistory.StoredMessage stored : missed) {
      RoomMessage message = stored.message();
      MessageDelivery delivery =
          MessageDelivery.of(environment, message, room.options().overflow());
      room.publisher.deliver(
          delivery,
          () -> {
            delivery.addRecipients(roster, message);
            return message;
          });
    }
  }

  /** The clients of this node have received messages that are lost, or have missed some. */
  private void reloadClients() {
    reload(room.locked(roster::subscriptions));
  }

  private void reload(List<Subscription> subscriptions) {
    environment
        .callbacks()
        .execute(
            () -> {
              for (Subscription subscription : subscriptions) {
                subscription.session.close(CloseStatus.RELOAD, SessionCloseMode.AFTER_FLUSH);
                subscription.member.participant.callbacks.run();
              }
            });
  }

  /** Lets connections leave that the state has and this node does not. */
  private void leaveGhosts() {
    List<RoomEvent> ghosts =
        room.locked(
            () -> {
              List<RoomEvent> found = new ArrayList<>();
              for (MemberState member : room.state.members()) {
                for (ConnectionState connection : member.connections()) {
                  if (connection.node().equals(node.incarnation())
                      && roster.find(member.id(), connection.id()) == null) {
                    found.add(
                        new RoomEvent.ConnectionLeft(
                            member.id(), connection.id(), CloseStatus.LOST));
                  }
                }
              }
              return found;
            });
    ghosts.forEach(log::appendLater);
  }

  /** Removes subscriptions whose leave is part of the state. */
  private void removeLeft() {
    room.runLocked(
        () -> {
          for (Subscription subscription : roster.all()) {
            if (subscription.leaving && !isKnown(subscription.member, subscription)) {
              room.effects.leave(subscription, CloseStatus.LOST);
            }
          }
        });
  }

  /** This node has counted as lost: what others have removed joins again. */
  void rejoinAll() {
    rejoin(true);
  }

  /** Members of this node that the state does not know join again. */
  void rejoinForgotten() {
    rejoin(false);
  }

  private void rejoin(boolean all) {
    List<RoomEvent.Joined> events =
        room.locked(
            () -> {
              List<RoomEvent.Joined> found = new ArrayList<>();
              for (Member member : roster.members()) {
                for (Subscription subscription : member.all()) {
                  if (!subscription.leaving && (all || !isKnown(member, subscription))) {
                    found.add(joinOf(member, subscription));
                  }
                }
              }
              return found;
            });
    events.forEach(log::rejoin);
  }

  private boolean isKnown(Member member, Subscription subscription) {
    MemberState state = room.state.member(member.participant.id());
    return state != null
        && state.connections().stream()
            .anyMatch(
                connection ->
                    connection.id().equals(subscription.session.id())
                        && connection.node().equals(node.incarnation()));
  }

  private static RoomEvent.Joined joinOf(Member member, Subscription subscription) {
    MemberState state = member.state();
    return new RoomEvent.Joined(
        member.participant,
        member.participant.id(),
        state.name(),
        state.nameKey(),
        member.participant.attributes(),
        state.role(),
        state.seesParticipants(),
        false,
        subscription.session.id(),
        subscription.session.id(),
        subscription.presenceOptions,
        state.joinNotice(),
        state.leaveNotice());
  }

  /**
   * A member of this node is known again; called with the lock held.
   *
   * @return its subscription if the application was notified that it has left, otherwise null
   */
  @Nullable Subscription rejoined(RoomEvent.Joined joined, Applied applied) {
    Subscription subscription = roster.find(joined.id(), joined.connectionId());
    MemberState state = applied.member();
    if (subscription == null) {
      log.removeGhost(joined, applied);
      return null;
    }
    Member member = subscription.member;
    if (state != null) {
      member.setState(state);
      state.setParticipant(member.participant);
      // It may have been changed after the join was appended.
      room.membership.correctLater(member.participant, state);
    }
    boolean notified = member.lost && applied.memberJoined();
    member.lost = false;
    return notified ? subscription : null;
  }

  /** A member of this node may not come back; called with the lock held. */
  void rejoinRejected(RoomEvent.Joined joined, Applied applied) {
    Rejection rejection = applied.rejection();
    Subscription subscription = roster.find(joined.id(), joined.connectionId());
    if (subscription == null || rejection == null) {
      return;
    }
    if (rejection.code().equals(Rejection.ROOM_CLOSED)) {
      reload(List.of(subscription)); // the room has begun anew meanwhile
      return;
    }
    CloseStatus status =
        rejection.code().equals(Rejection.BANNED)
            ? CloseStatus.BANNED.withReason(rejection.reason())
            : CloseStatus.KICKED.withReason(rejection.code());
    room.effects.leave(subscription, status);
    room.events.sendRemoval(subscription, status);
    Removal removal = new Removal(List.of(subscription), status);
    environment.callbacks().execute(() -> room.effects.finish(removal));
  }
}
