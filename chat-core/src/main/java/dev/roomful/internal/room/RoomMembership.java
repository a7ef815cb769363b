package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RoomNotices;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.Notice;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The members of a room: how they change, and how they leave. */
public final class RoomMembership {
  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final Roster roster;
  private final LeaveDelays leaveDelays;

  RoomMembership(
      RoomEnvironment environment, LiveRoom room, Roster roster, LeaveDelays leaveDelays) {
    this.environment = environment;
    this.room = room;
    this.roster = roster;
    this.leaveDelays = leaveDelays;
  }

  /** Removes all participants and the room. */
  public void close(CloseStatus status) {
    room.log.append(new RoomEvent.Closed(status));
  }

  /**
   * Removes all participants of this node because the chat closes. The chat closes the sessions and
   * runs their callbacks; those of participants without a session are run here.
   */
  public void clearForShutdown() {
    room.log.shutDown().stream()
        .filter(subscription -> subscription.leaveDelayed)
        .forEach(this::runCallbacksElsewhere);
  }

  private void runCallbacksElsewhere(Subscription subscription) {
    environment.callbacks().execute(subscription.member.participant.callbacks::run);
  }

  /** Removes a member against its will; the notice to the others says so. */
  public Outcome removeMember(String id, CloseStatus status) {
    return remove(
        id,
        status,
        "RoomNotices.participantRemoved",
        (notices, participant) -> notices.participantRemoved(room, participant, status));
  }

  /** Removes a member that leaves. */
  public Outcome leave(String id, CloseStatus status) {
    return remove(
        id,
        status,
        "RoomNotices.participantLeft",
        (notices, participant) -> notices.participantLeft(room, participant));
  }

  private Outcome remove(
      String id,
      CloseStatus status,
      String method,
      BiFunction<RoomNotices, Participant, @Nullable Payload> creator) {
    MemberState member = member(id);
    if (member == null) {
      return Outcome.rejected(Rejections.notInRoom(id, room.name()));
    }
    Notice notice =
        room.events.notice(method, notices -> creator.apply(notices, member.participant()));
    return room.append(new RoomEvent.MemberRemoved(id, status, notice));
  }

  public @Nullable MemberState member(String id) {
    return room.locked(() -> room.state.member(id));
  }

  /** Gives a member another role. */
  public Outcome setRole(String id, Role role) {
    return member(id) == null
        ? Outcome.rejected(Rejections.notInRoom(id, room.name()))
        : setRole(
            id, role, room.options().roles().allows(role, Role.Action.SEE_PARTICIPANTS), false);
  }

  Outcome setRole(String id, Role role, boolean seesParticipants, boolean admitted) {
    MemberState member = member(id);
    if (member == null) {
      return Outcome.rejected(Rejections.notInRoom(id, room.name()));
    }
    Notice notice =
        room.events.notice(
            "RoomNotices.roleChanged",
            notices -> notices.roleChanged(room, member.participant(), role));
    return room.append(new RoomEvent.RoleChanged(id, role, seesParticipants, admitted, notice));
  }

  public List<PresenceEntry> presence() {
    return room.locked(room.state::presence);
  }

  public PresenceCount presenceCount() {
    return room.locked(room.state::presenceCount);
  }

  /** Notifies the room that a participant changed; called as a callback of the participant. */
  public void participantUpdated(LiveParticipant participant) {
    Notice notice =
        room.events.notice(
            "RoomNotices.participantUpdated",
            notices -> notices.participantUpdated(room, participant));
    Notice leaveNotice =
        room.events.notice(
            "RoomNotices.participantLeft", notices -> notices.participantLeft(room, participant));
    RoomEvent event =
        new RoomEvent.MemberUpdated(
            participant.id(), null, null, participant.attributes(), notice, leaveNotice);
    Rejection rejection = room.log.append(event).rejection();
    boolean unavailable = rejection != null && rejection.code().equals(Rejection.UNAVAILABLE);
    if (unavailable) {
      room.log.appendLater(event); // the participant is updated already, and nobody learns of this
    }
    if (rejection == null || unavailable) {
      environment
          .calls()
          .run("onUpdate", participant, room, null, handler -> handler.onUpdate(room, participant));
    }
  }

  /** Changes the name of a member on any node, in this room only. */
  Outcome rename(String id, String name) {
    MemberState member = member(id);
    String key = room.options().displayNames().key(name);
    return member == null
        ? Outcome.done()
        : room.append(new RoomEvent.MemberUpdated(id, name, key, null, null, member.leaveNotice()));
  }

  /** Has {@link #correct} called if there is something to correct; called with the lock held. */
  void correctLater(LiveParticipant participant, MemberState state) {
    if (isRenamed(participant, state) || isUpdated(participant, state)) {
      environment.callbacks().execute(() -> correct(participant));
    }
  }

  private static boolean isRenamed(LiveParticipant participant, MemberState state) {
    return !state.name().equals(participant.name());
  }

  private static boolean isUpdated(LiveParticipant participant, MemberState state) {
    return !state.attributes().equals(participant.attributes());
  }

  /** Appends, as a callback, the name and attributes that a participant of this node has by now. */
  void correct(LiveParticipant participant) {
    MemberState state = member(participant.id());
    if (state == null) {
      return;
    }
    boolean renamed = isRenamed(participant, state);
    if (renamed || isUpdated(participant, state)) {
      participant.callbacks.add(
          () -> {
            if (renamed) {
              rename(participant.id(), participant.name());
            }
            participantUpdated(participant);
          });
      environment.callbacks().execute(participant.callbacks::run);
    }
  }

  /** Changes an attribute of a member of another node, or removes it if the value is null. */
  public void updateRemote(String id, String key, @Nullable Object value) {
    MemberState member = member(id);
    if (member == null) {
      return;
    }
    Map<String, Object> attributes = new HashMap<>(member.attributes());
    if (value == null) {
      attributes.remove(key);
    } else {
      attributes.put(key, value);
    }
    Participant updated =
        new RemoteParticipant(environment, id, member.name(), Map.copyOf(attributes));
    Notice notice =
        room.events.notice(
            "RoomNotices.participantUpdated", notices -> notices.participantUpdated(room, updated));
    Notice leaveNotice =
        room.events.notice(
            "RoomNotices.participantLeft", notices -> notices.participantLeft(room, updated));
    room.append(new RoomEvent.MemberUpdated(id, null, null, attributes, notice, leaveNotice));
  }

  /** Whether no other participant has a name with this key. */
  public boolean isNameFree(@Nullable String nameKey, String id) {
    return room.locked(() -> !room.state.isNameTaken(nameKey, id));
  }

  /**
   * Ends one subscription; the participant's callbacks must be run afterwards. If it was the
   * member's last one and its connection closed, the member leaves after the leave delay.
   */
  public void removeSubscription(Subscription subscription, CloseStatus status) {
    boolean delayed =
        room.locked(
            () -> {
              boolean delay =
                  roster.contains(subscription)
                      && !roster.closed
                      && leaveDelays.appliesTo(subscription, status);
              if (delay) {
                delayLeave(subscription, status);
              }
              return delay;
            });
    if (delayed) {
      leaveDue(environment.scheduler().nanoTime());
    } else {
      leave(subscription, status);
    }
  }

  private void leave(Subscription subscription, CloseStatus status) {
    room.log.appendLater(
        new RoomEvent.ConnectionLeft(
            subscription.member.participant.id(), subscription.session.id(), status));
  }

  private void delayLeave(Subscription subscription, CloseStatus status) {
    roster.suspend(subscription);
    subscription.member.participant.leaveDelayBegan(room);
    leaveDelays.add(subscription, status, environment.scheduler().nanoTime());
  }

  /** Lets members leave whose leave delay is over, or who are too many to wait. */
  void leaveDue(long now) {
    for (Subscription subscription : room.locked(() -> leaveDelays.due(now))) {
      leave(subscription, room.locked(() -> leaveDelays.statusOf(subscription)));
      runCallbacksElsewhere(subscription);
    }
  }

  /** Keeps the subscription of a connection that was lost, for the resume window. */
  public void suspend(Subscription subscription) {
    room.runLocked(() -> roster.suspend(subscription));
  }
}
