package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.internal.delivery.MessageRates;
import dev.roomful.internal.delivery.SerialQueue;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.room.RoomSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The participants of a chat by id, each from its first connection until its last callback
 * returned.
 */
public final class ParticipantRegistry {
  /** Why a connection is closed whose participant's earlier connection has not left its rooms. */
  public static final CloseStatus STILL_LEAVING =
      CloseStatus.FULL.withReason("the participant is still leaving; try again");

  /** The rates of this many participants that have left are remembered, the latest ones. */
  private static final int MAX_RATES = 10_000;

  /** Read by all, changed with this object's monitor held, which is held for memory work only. */
  private final ConcurrentMap<String, LiveParticipant> byId = new ConcurrentHashMap<>();

  /** Of participants that have left, until their rates are full again; guarded by this. */
  private final Map<String, MessageRates> rates = new LinkedHashMap<>();

  /** Whether suspended sessions remain although their participant comes back without a secret. */
  private volatile boolean suspensionsKept;

  /** From now on, a connection that comes too late for this node ends no suspension. */
  void keepSuspended() {
    suspensionsKept = true;
  }

  /**
   * Attaches a new session to its participant: to the present one, or to a suspended one if the
   * client shows the secret of a suspended session. A participant that has left, but whose {@code
   * onLeave} has not returned yet, is followed by a new one with the same callback queue, so that
   * {@code onLeave} comes before {@code onJoin}. So is a suspended one that is not resumed.
   *
   * @param sessionFactory makes the session, which must be complete before other threads can find
   *     it at its participant
   * @return the session; null if an earlier session of the participant is still leaving its rooms,
   *     and the calling thread is the one that it is leaving on, or has waited for too long
   */
  public @Nullable Session attach(
      RoomRegistry rooms,
      AcceptedAdmission admission,
      Function<LiveParticipant, Session> sessionFactory) {
    List<RoomSession> superseded = List.of();
    while (true) {
      for (RoomSession old : superseded) {
        // Not with this object's monitor held: the session leaves its rooms.
        ((Session) old).endSuspension();
        if (!((Session) old).suspension.awaitSettled()) {
          return null;
        }
      }
      synchronized (this) {
        LiveParticipant participant = byId.get(admission.id());
        List<RoomSession> predecessors =
            participant == null
                ? List.of()
                : participant.sessionsWithSecret(admission.resumeSecret());
        superseded =
            participant == null
                    || suspensionsKept
                    || !predecessors.isEmpty()
                    || participant.connections() > 0
                ? List.of()
                : participant.suspendedSessions();
        if (superseded.isEmpty()) {
          if (participant == null || !participant.isPresent()) {
            participant = follow(participant, rooms, admission);
          }
          Session session = sessionFactory.apply(participant);
          session.resumption.begin(
              session,
              predecessors.isEmpty()
                  ? List.of()
                  : predecessors.stream().map(Session.class::cast).toList());
          participant.attach(session);
          byId.put(admission.id(), participant);
          return session;
        }
      }
    }
  }

  private LiveParticipant follow(
      @Nullable LiveParticipant leaving, RoomRegistry rooms, AcceptedAdmission admission) {
    if (leaving != null) {
      return new LiveParticipant(rooms, admission, leaving.callbacks, leaving.messageRates);
    }
    MessageRates remembered = rates.remove(admission.id());
    return new LiveParticipant(
        rooms,
        admission,
        new SerialQueue(),
        remembered == null ? rooms.newMessageRates() : remembered);
  }

  /**
   * Cancels the resumption of other sessions by this one.
   *
   * @return the newest of the others, or null if there is none
   */
  synchronized @Nullable Session cancelResume(Session session) {
    session.resumption.cancel(session);
    return session.resumption.redirect();
  }

  /**
   * Detaches a session that has closed and left all rooms, or is suspended. The participant is
   * removed after its last callback.
   */
  void detach(LiveParticipant participant, Session session) {
    boolean last;
    synchronized (this) {
      participant.detach(session);
      last = !participant.isPresent();
    }
    // Only after the last session: the removal would otherwise run before the last "onLeave", and a
    // participant that comes back in between would get a second callback queue.
    if (last) {
      removeLater(participant);
    }
  }

  /** Removes a participant after its last callback, unless it has connected again. */
  public void removeLater(LiveParticipant participant) {
    participant.callbacks.add(() -> remove(participant));
  }

  @SuppressWarnings("ReferenceEquality") // its successor with the same id is equal to it
  private synchronized void remove(LiveParticipant participant) {
    if (byId.get(participant.id()) == participant && !participant.isPresent()) {
      byId.remove(participant.id());
      rates.put(participant.id(), participant.messageRates);
      if (rates.size() > MAX_RATES) {
        rates.remove(rates.keySet().iterator().next());
      }
    }
  }

  /** Forgets the rates that are full again: new ones would allow the same. */
  synchronized void trim(long now) {
    rates.values().removeIf(rate -> rate.isFull(now));
  }

  /** {@return how many participants that have left have rates that are not full again} */
  synchronized int rememberedRates() {
    return rates.size();
  }

  public Optional<LiveParticipant> get(String id) {
    return Optional.ofNullable(byId.get(id)).filter(LiveParticipant::isPresent);
  }

  /** {@return whether the caller is inside a callback about a participant} */
  public boolean isInCallback() {
    return byId.values().stream()
        .anyMatch(participant -> participant.callbacks.isRunningOnCurrentThread());
  }

  public int size() {
    return byId.size();
  }
}
