package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The members of a room: how they change, and how they leave. */
public final class RoomMembership {
  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final ReentrantLock lock;
  private final RoomOptions options;
  private final Roster roster;
  private final RoomEventSender events;
  private final RoomLifetime lifetime;
  private final LeaveDelays leaveDelays;

  RoomMembership(
      RoomEnvironment environment,
      LiveRoom room,
      Roster roster,
      RoomEventSender events,
      RoomLifetime lifetime) {
    this.environment = environment;
    this.room = room;
    this.lock = room.lock;
    this.options = room.options();
    this.roster = roster;
    this.events = events;
    this.lifetime = lifetime;
    this.leaveDelays = new LeaveDelays(options.leaveDelay(), room.timer);
  }

  /** Removes all participants and the room. */
  public void close(CloseStatus status) {
    List<Subscription> all =
        events.locked(
            () -> {
              List<Subscription> subscriptions = clear(status);
              subscriptions.forEach(subscription -> events.sendRemoval(subscription, status));
              return subscriptions;
            });
    closeSessions(all, status);
  }

  /**
   * Removes all participants because the chat closes. The chat closes the sessions and runs their
   * callbacks; those of participants without a session are run here.
   */
  public void clearForShutdown() {
    List<Subscription> all = events.locked(() -> clear(CloseStatus.RESTART));
    all.stream()
        .filter(subscription -> subscription.leaveDelayed)
        .forEach(this::runCallbacksElsewhere);
  }

  private void runCallbacksElsewhere(Subscription subscription) {
    environment.callbacks().execute(subscription.member.participant.callbacks::run);
  }

  private List<Subscription> clear(CloseStatus status) {
    List<Subscription> all = roster.all();
    boolean first = !roster.closed;
    roster.closed = true; // first: nobody is notified of the others' leaving
    all.forEach(subscription -> removeFromRoster(subscription, status));
    if (first) {
      lifetime.remove();
    }
    return all;
  }

  /** Removes a member against its will; the notice to the others says so. */
  public boolean removeMember(String id, CloseStatus status) {
    LiveParticipant participant = findParticipant(id);
    return participant != null
        && removeMember(
            id,
            status,
            events.notice(
                "participantRemoved",
                notices -> notices.participantRemoved(room, participant, status)));
  }

  /** Removes a member that leaves. */
  public boolean leave(String id, CloseStatus status) {
    LiveParticipant participant = findParticipant(id);
    return participant != null
        && removeMember(
            id,
            status,
            events.notice(
                "participantLeft", notices -> notices.participantLeft(room, participant)));
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
    return findParticipant(id) != null
        && setRole(id, role, options.roles().allows(role, Role.Action.SEE_PARTICIPANTS));
  }

  boolean setRole(String id, Role role, boolean seesParticipants) {
    LiveParticipant participant = findParticipant(id);
    if (participant == null) {
      return false;
    }
    Notice notice =
        events.notice("roleChanged", notices -> notices.roleChanged(room, participant, role));
    return events.locked(
        () -> {
          Member member = roster.member(id);
          if (member != null) {
            member.role = role;
            member.seesParticipants = seesParticipants;
            events.sendNotice(notice, all -> true);
          }
          return member != null;
        });
  }

  private boolean removeMember(String id, CloseStatus status, @Nullable Notice notice) {
    List<Subscription> removed =
        events.locked(
            () -> {
              Member member = roster.member(id);
              if (member == null) {
                return List.<Subscription>of();
              }
              member.leaveNotice = notice;
              List<Subscription> subscriptions = new ArrayList<>(member.suspended);
              subscriptions.addAll(member.subscriptions);
              subscriptions.forEach(subscription -> removeFromRoster(subscription, status));
              subscriptions.forEach(subscription -> events.sendRemoval(subscription, status));
              return subscriptions;
            });
    closeSessions(removed, status);
    return !removed.isEmpty();
  }

  /** Closes sessions of plain text whose primary room they were removed from. */
  private void closeSessions(List<Subscription> removed, CloseStatus status) {
    for (Subscription subscription : removed) {
      subscription.session.removeSubscription(subscription);
      if (subscription.session.isPrimaryRoom(room)) {
        subscription.session.close(status, SessionCloseMode.AFTER_FLUSH);
        subscription.session.endSuspension(status);
      }
    }
    removed.forEach(subscription -> subscription.member.participant.callbacks.run());
  }

  public List<PresenceEntry> presence() {
    lock.lock();
    try {
      return roster.all().stream()
          .filter(subscription -> subscription.presenceOptions.listed())
          .map(Subscription::presenceEntry)
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

  /** Notifies the room that a participant changed; called as a callback of the participant. */
  public void participantUpdated(LiveParticipant participant) {
    Notice notice =
        events.notice(
            "participantUpdated", notices -> notices.participantUpdated(room, participant));
    Notice leaveNotice =
        events.notice("participantLeft", notices -> notices.participantLeft(room, participant));
    boolean isMember = events.locked(() -> applyUpdate(participant, notice, leaveNotice));
    if (isMember) {
      environment
          .calls()
          .run("onUpdate", participant, room, null, handler -> handler.onUpdate(room, participant));
    }
  }

  private boolean applyUpdate(
      LiveParticipant participant, @Nullable Notice notice, @Nullable Notice leaveNotice) {
    Member member = roster.member(participant.id());
    if (member != null) {
      member.leaveNotice = leaveNotice;
      events.sendNotice(notice, recipient -> recipient.seesParticipants);
    }
    return member != null;
  }

  /** Whether no other participant has a name with this key. */
  public boolean isNameFree(@Nullable String nameKey, String id) {
    lock.lock();
    try {
      return !roster.isNameTaken(nameKey, id);
    } finally {
      lock.unlock();
    }
  }

  /** Changes the key of a member's name; called with the lock held. */
  public void rename(String id, @Nullable String nameKey) {
    Member member = roster.member(id);
    if (member != null) {
      roster.setNameKey(member, nameKey);
    }
  }

  /**
   * Ends one subscription; the participant's callbacks must be run afterwards. If it was the
   * member's last one and its connection closed, the member leaves after the leave delay.
   */
  public void removeSubscription(Subscription subscription, CloseStatus status) {
    List<Subscription> left =
        events.locked(
            () -> {
              if (roster.contains(subscription)
                  && !roster.closed
                  && leaveDelays.appliesTo(subscription, status)) {
                return delayLeave(subscription, status);
              }
              removeFromRoster(subscription, status);
              return List.<Subscription>of();
            });
    left.forEach(this::runCallbacksElsewhere);
  }

  /** Returns those that have to leave at once, because too many wait. */
  private List<Subscription> delayLeave(Subscription subscription, CloseStatus status) {
    long now = environment.scheduler().nanoTime();
    roster.suspend(subscription);
    subscription.member.participant.delayedRooms.add(room);
    leaveDelays.add(subscription, status, now);
    return leaveDue(now);
  }

  private List<Subscription> leaveDue(long now) {
    List<Subscription> due = leaveDelays.due(now);
    due.forEach(subscription -> removeFromRoster(subscription, leaveDelays.statusOf(subscription)));
    return due;
  }

  /**
   * Lets a subscription take the place of one with which its member waited to leave, if there is
   * one.
   *
   * @return whether others have been notified of it, as the connection that it replaces
   */
  boolean endLeaveDelay(Subscription added) {
    Subscription delayed = leaveDelays.of(added.member);
    if (delayed == null) {
      return false;
    }
    boolean isKnown = delayed.presenceOptions.announced() && added.presenceOptions.announced();
    if (isKnown) {
      added.replace(delayed);
    } else {
      events.sendLeave(delayed);
    }
    leaveDelays.remove(delayed);
    roster.remove(delayed);
    added.member.participant.delayedRooms.remove(room);
    return isKnown;
  }

  /** Keeps the subscription of a connection that was lost, for the resume window. */
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
    events.sendLeave(subscription);
    if (last) {
      Member member = subscription.member;
      LiveParticipant participant = member.participant;
      participant.roomCount.decrementAndGet();
      participant.callbacks.add(() -> runOnLeave(member, status));
      events.sendPlainNotice(member.leaveNotice, member);
      lifetime.lastLeft();
    }
    if (leaveDelays.remove(subscription)) {
      subscription.member.participant.leaveDelayEnded(room);
    }
  }

  private void runOnLeave(Member member, CloseStatus status) {
    member.left = true;
    environment
        .calls()
        .run(
            "onLeave",
            member.participant,
            room,
            null,
            handler -> handler.onLeave(room, member.participant, status));
  }

  /** Does what is due: members leave whose leave delay is over. */
  void runDue(long now) {
    events.locked(() -> leaveDue(now)).forEach(this::runCallbacksElsewhere);
  }
}
