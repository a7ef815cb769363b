package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.Applied.Departure;
import dev.roomful.internal.state.ConnectionState;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.RoomEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Connections of this node that are in the log, but have ended before they were in the room. */
  private final Set<String> ghosts = new HashSet<>(0);

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
   * @param here whether this node has appended it
   * @return what is to be passed to {@link #finish} when the lock is released
   */
  Removal show(RoomEvent event, Applied applied, boolean here) {
    if (event instanceof RoomEvent.Joined joined) {
      showJoin(joined, applied);
    } else if (event instanceof RoomEvent.ConnectionLeft left) {
      depart(applied);
      removeForgotten(left);
    } else if (event instanceof RoomEvent.NodeLost) {
      applied.departures().forEach(departure -> showLost(departure, here));
    } else if (event instanceof RoomEvent.MemberRemoved removed) {
      return remove(applied, removed.status());
    } else if (event instanceof RoomEvent.SanctionImposed imposed
        && !applied.departures().isEmpty()) {
      return remove(applied, CloseStatus.truncated(CloseStatus.BANNED.code(), imposed.reason()));
    } else if (event instanceof RoomEvent.Closed closing) {
      return close(applied, closing.status());
    } else if (event instanceof RoomEvent.MemberUpdated update) {
      events.sendUpdate(update.notice());
    } else if (event instanceof RoomEvent.RoleChanged change && applied.member() != null) {
      events.sendNotice(change.notice());
    } else if (event instanceof RoomEvent.ReadMarked mark && !applied.known()) {
      events.sendReadMark(mark, room.options().readReceipts());
    } else if (event instanceof RoomEvent.TopicChanged change) {
      events.sendNotice(change.notice());
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
        replaced.member.participant.leaveDelayCancelled(room);
        if (lastHere) { // it continues on another node
          replaced.member.participant.releaseRoom();
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

  private List<Subscription> depart(Applied applied) {
    List<Subscription> here = new ArrayList<>(1);
    for (Departure departure : applied.departures()) {
      depart(departure, here);
    }
    return here;
  }

  /**
   * Shows that connections of a lost node have left. Subscriptions of this node remain, even if it
   * is this one that counted as lost: they join again.
   */
  private void showLost(Departure departure, boolean here) {
    MemberState state = departure.member();
    for (ConnectionState connection : departure.connections()) {
      ghosts.remove(connection.id());
      events.sendLeave(state, connection);
    }
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

  /**
   * A connection has ended before its join was applied: its member has joined all the same, and
   * leaves when the log says so.
   */
  void joinedAsGhost(Participant participant, String connectionId, boolean memberJoined) {
    ghosts.add(connectionId);
    if (memberJoined) {
      execute(participant, () -> callOnJoin(participant, null));
    }
  }

  /** Notifies the application that a member has joined; called as a callback of the participant. */
  void callOnJoin(Participant participant, @Nullable RoomSession session) {
    environment
        .calls()
        .run("onJoin", participant, room, session, handler -> handler.onJoin(room, participant));
  }

  private void execute(Participant participant, Runnable call) {
    if (participant instanceof LiveParticipant live) {
      live.callbacks.add(call);
      environment.callbacks().execute(live.callbacks::run);
    } else {
      environment.callbacks().execute(call);
    }
  }

  private void depart(Departure departure, List<Subscription> here) {
    MemberState state = departure.member();
    Member member = null;
    boolean lastHere = false;
    boolean wasDelayed = false;
    boolean wasGhost = false;
    boolean lastConnectionHere = false;
    for (ConnectionState connection : departure.connections()) {
      Subscription subscription = roster.find(state.id(), connection.id());
      lastConnectionHere = subscription != null;
      if (subscription != null) {
        member = subscription.member;
        lastHere = roster.remove(subscription);
        wasDelayed |= leaveDelays.remove(subscription);
        here.add(subscription);
      }
      wasGhost = ghosts.remove(connection.id());
      events.sendLeave(state, connection);
    }
    if (wasGhost && departure.last()) {
      execute(state.participant(), () -> callOnLeave(state.participant(), departure.status()));
    }
    if (member != null && lastHere) {
      // Once per departure: on the node of the connection that was there last.
      queueLeave(member, departure, departure.last() && lastConnectionHere);
      if (!departure.last()) {
        state.setParticipant(new RemoteParticipant(environment, state));
      }
    }
    if (departure.last()) {
      events.sendPlainNotice(departure.notice(), state);
      Member forgotten = roster.member(state.id());
      if (forgotten != null) {
        forgotten.lost = true; // with a connection that others have not known any more
      }
    }
    if (lastHere) {
      lifetime.lastLeft();
    }
    if (member != null && wasDelayed) {
      member.participant.leaveDelayEnded(room);
    }
  }

  private void queueLeave(Member member, Departure departure, boolean calls) {
    LiveParticipant participant = member.participant;
    participant.releaseRoom();
    participant.callbacks.add(
        () -> {
          member.left = true;
          if (calls) {
            callOnLeave(participant, departure.status());
          }
        });
  }

  private Removal remove(Applied applied, CloseStatus status) {
    List<Subscription> removed = depart(applied);
    for (Departure departure : applied.departures()) {
      Member forgotten = roster.member(departure.member().id());
      if (forgotten != null) {
        removeForgotten(forgotten, removed);
      }
    }
    removed.forEach(subscription -> events.sendRemoval(subscription, status));
    return new Removal(removed, status);
  }

  /**
   * Removes a subscription that the state has not known any more, because this node was lost, or
   * because its removal failed here for want of memory.
   */
  private void removeForgotten(RoomEvent.ConnectionLeft left) {
    Subscription forgotten = roster.find(left.id(), left.connectionId());
    if (forgotten != null) {
      leave(forgotten, left.status());
    }
  }

  private void removeForgotten(Member forgotten, List<Subscription> removed) {
    for (Subscription subscription : forgotten.all()) {
      removeForgotten(subscription);
      removed.add(subscription);
    }
  }

  /**
   * Removes a subscription that has left the room without an event that this node has shown. The
   * application is notified, unless it was when this node counted as lost.
   */
  void leave(Subscription forgotten, CloseStatus status) {
    Member member = forgotten.member;
    boolean notified = member.lost || room.state.member(member.participant.id()) != null;
    removeForgotten(forgotten);
    if (!notified && member.all().isEmpty()) {
      execute(member.participant, () -> callOnLeave(member.participant, status));
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
    member.participant.releaseRoom();
    member.participant.callbacks.add(() -> member.left = true);
  }

  /** The chat closes: the members leave without a word to others. */
  List<Subscription> shutDown(Applied applied) {
    boolean first = !roster.closed;
    roster.closed = true; // first: nobody is notified of the others' leaving
    List<Subscription> removed = depart(applied);
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

  private Removal close(Applied applied, CloseStatus status) {
    List<Subscription> removed = shutDown(applied);
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
