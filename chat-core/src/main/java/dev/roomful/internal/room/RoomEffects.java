package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.Applied.Departure;
import dev.roomful.internal.state.ConnectionState;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.RoomEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Translates what an event changed in the state of the room into what the connections and
 * participants of this node see. Guarded by the room, where nothing else is said.
 */
final class RoomEffects {
  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final Roster roster;
  private final RoomEventSender events;
  private final RoomLifetime lifetime;
  private final LeaveDelays leaveDelays;

  RoomEffects(
      RoomEnvironment environment,
      LiveRoom room,
      Roster roster,
      RoomEventSender events,
      RoomLifetime lifetime,
      LeaveDelays leaveDelays) {
    this.environment = environment;
    this.room = room;
    this.roster = roster;
    this.events = events;
    this.lifetime = lifetime;
    this.leaveDelays = leaveDelays;
  }

  /**
   * The subscriptions that an event has ended against the will of their connections.
   *
   * @param subscriptions the subscriptions
   * @param status why
   */
  record Removal(List<Subscription> subscriptions, CloseStatus status) {
    static final Removal NONE = new Removal(List.of(), CloseStatus.NORMAL);
  }

  /**
   * Shows an event that was not rejected to this node's connections and participants.
   *
   * @param node the incarnation of this node, empty without a cluster
   * @param here whether this node has appended it
   * @return what is to be passed to {@link #finish} when the lock is released
   */
  Removal show(RoomEvent event, Applied applied, String node, boolean here) {
    if (event instanceof RoomEvent.Joined joined) {
      showJoin(joined, applied);
    } else if (event instanceof RoomEvent.ConnectionLeft left) {
      depart(applied, node);
      removeForgotten(left);
    } else if (event instanceof RoomEvent.NodeLost) {
      applied.departures().forEach(departure -> showLost(departure, here));
    } else if (event instanceof RoomEvent.MemberRemoved removed) {
      return remove(applied, removed.status(), node);
    } else if (event instanceof RoomEvent.SanctionImposed imposed
        && !applied.departures().isEmpty()) {
      return remove(
          applied, CloseStatus.truncated(CloseStatus.BANNED.code(), imposed.reason()), node);
    } else if (event instanceof RoomEvent.Closed closing) {
      return close(applied, closing.status(), node);
    } else if (event instanceof RoomEvent.MemberUpdated update) {
      events.sendNotice(update.notice(), MemberState::seesParticipants);
    } else if (event instanceof RoomEvent.RoleChanged change && applied.member() != null) {
      events.sendNotice(change.notice(), all -> true);
    } else if (event instanceof RoomEvent.TopicChanged change) {
      events.sendNotice(change.notice(), all -> true);
    } else if (event instanceof RoomEvent.MessageDeleted deleted) {
      events.sendNotice(deleted.notice(), all -> true);
    }
    return Removal.NONE;
  }

  private void showJoin(RoomEvent.Joined joined, Applied applied) {
    MemberState member = applied.member();
    ConnectionState connection = applied.connection();
    if (member == null || connection == null) {
      return; // it was there already
    }
    if (applied.memberJoined()) {
      events.sendPlainNotice(joined.joinNotice(), member);
    }
    if (joined.replacedConnectionId() != null
        && !joined.replacedConnectionId().equals(joined.connectionId())) {
      Subscription replaced = roster.find(joined.id(), joined.replacedConnectionId());
      if (replaced != null) {
        boolean lastHere = roster.remove(replaced);
        leaveDelays.remove(replaced);
        replaced.member.participant.delayedRooms.remove(room);
        if (lastHere) { // it continues on another node
          replaced.member.participant.roomCount.decrementAndGet();
          member.setParticipant(new RemoteParticipant(environment, member));
          lifetime.lastLeft();
        }
      }
      for (Departure departure : applied.departures()) {
        departure.connections().forEach(left -> events.sendLeave(member, left));
      }
    }
    if (!applied.known()) {
      events.sendJoin(member, connection); // after the reply to its own join
    }
  }

  private List<Subscription> depart(Applied applied, String node) {
    List<Subscription> here = new ArrayList<>(1);
    for (Departure departure : applied.departures()) {
      depart(departure, here, node);
    }
    return here;
  }

  /**
   * Shows that connections of a lost node have left. Subscriptions of this node remain, even if it
   * is this one that counted as lost: they join again.
   */
  private void showLost(Departure departure, boolean here) {
    MemberState state = departure.member();
    departure.connections().forEach(connection -> events.sendLeave(state, connection));
    Member member = roster.member(state.id());
    if (departure.last() && member != null) {
      member.lost = true;
    }
    if (departure.last()) {
      events.sendPlainNotice(departure.notice(), state);
      if (here) {
        environment.callbacks().execute(() -> callOnLeave(state.participant(), departure.status()));
      }
    }
  }

  private void callOnLeave(Participant participant, CloseStatus status) {
    environment
        .calls()
        .run(
            "onLeave",
            participant,
            room,
            null,
            handler -> handler.onLeave(room, participant, status));
  }

  private void depart(Departure departure, List<Subscription> here, String node) {
    MemberState state = departure.member();
    Member member = null;
    boolean lastHere = false;
    boolean wasDelayed = false;
    for (ConnectionState connection : departure.connections()) {
      Subscription subscription = roster.find(state.id(), connection.id());
      if (subscription != null) {
        member = subscription.member;
        lastHere = roster.remove(subscription);
        wasDelayed |= leaveDelays.remove(subscription);
        here.add(subscription);
      }
      events.sendLeave(state, connection);
    }
    if (member != null && lastHere) {
      queueLeave(member, departure, node);
      if (!departure.last()) {
        state.setParticipant(new RemoteParticipant(environment, state));
      }
    }
    if (departure.last()) {
      events.sendPlainNotice(departure.notice(), state);
    }
    if (lastHere) {
      lifetime.lastLeft();
    }
    if (member != null && wasDelayed) {
      member.participant.leaveDelayEnded(room);
    }
  }

  private void queueLeave(Member member, Departure departure, String node) {
    LiveParticipant participant = member.participant;
    // Once per departure: on the node of the connection that was there last.
    List<ConnectionState> connections = departure.connections();
    boolean calls = departure.last() && connections.get(connections.size() - 1).node().equals(node);
    participant.roomCount.decrementAndGet();
    participant.callbacks.add(
        () -> {
          member.left = true;
          if (calls) {
            callOnLeave(participant, departure.status());
          }
        });
  }

  private Removal remove(Applied applied, CloseStatus status, String node) {
    List<Subscription> removed = depart(applied, node);
    for (Departure departure : applied.departures()) {
      Member forgotten = roster.member(departure.member().id());
      if (forgotten != null) {
        removeForgotten(forgotten, removed);
      }
    }
    removed.forEach(subscription -> events.sendRemoval(subscription, status));
    return new Removal(removed, status);
  }

  /** Removes a subscription that the state has not known any more, because this node was lost. */
  private void removeForgotten(RoomEvent.ConnectionLeft left) {
    Subscription forgotten = roster.find(left.id(), left.connectionId());
    if (forgotten != null) {
      removeForgotten(forgotten);
    }
  }

  private void removeForgotten(Member forgotten, List<Subscription> removed) {
    for (Subscription subscription : forgotten.all()) {
      removeForgotten(subscription);
      removed.add(subscription);
    }
  }

  private void removeForgotten(Subscription forgotten) {
    LiveParticipant participant = forgotten.member.participant;
    if (roster.remove(forgotten)) {
      leaveWithoutCall(forgotten.member);
      lifetime.lastLeft();
    }
    if (leaveDelays.remove(forgotten)) {
      participant.leaveDelayEnded(room);
    }
  }

  /** A member has no connection here any more, and the application is not notified of that. */
  private static void leaveWithoutCall(Member member) {
    member.participant.roomCount.decrementAndGet();
    member.participant.callbacks.add(() -> member.left = true);
  }

  /** The chat closes: the members leave without a word to others. */
  List<Subscription> shutDown(Applied applied, String node) {
    boolean first = !roster.closed;
    roster.closed = true; // first: nobody is notified of the others' leaving
    List<Subscription> removed = depart(applied, node);
    List.copyOf(roster.members()).forEach(forgotten -> removeForgotten(forgotten, removed));
    if (first) {
      lifetime.remove();
    }
    return removed;
  }

  /**
   * This node leaves the cluster: its members keep their places, for they may come back elsewhere.
   */
  List<Subscription> leaveCluster() {
    List<Subscription> all = roster.all();
    boolean first = !roster.closed;
    roster.closed = true;
    for (Subscription subscription : all) {
      leaveDelays.remove(subscription);
      if (roster.remove(subscription)) {
        leaveWithoutCall(subscription.member);
      }
    }
    if (first) {
      lifetime.remove();
    }
    return all;
  }

  private Removal close(Applied applied, CloseStatus status, String node) {
    List<Subscription> removed = shutDown(applied, node);
    removed.forEach(subscription -> events.sendRemoval(subscription, status));
    return new Removal(removed, status);
  }

  /**
   * Closes sessions of plain text whose primary room they were removed from; called with no lock
   * held.
   */
  void finish(Removal removal) {
    for (Subscription subscription : removal.subscriptions()) {
      subscription.session.removeSubscription(subscription);
      if (subscription.session.isPrimaryRoom(room)) {
        subscription.session.close(removal.status(), SessionCloseMode.AFTER_FLUSH);
        subscription.session.endSuspension(removal.status());
      }
    }
    removal.subscriptions().forEach(one -> one.member.participant.callbacks.run());
  }
}
