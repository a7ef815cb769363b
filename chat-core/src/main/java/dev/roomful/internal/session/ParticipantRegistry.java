package dev.roomful.internal.session;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.internal.delivery.SerialQueue;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.room.RoomSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * The participants of a chat by id, each from its first connection until its last callback
 * returned.
 */
public final class ParticipantRegistry {
  /** Read by all, changed with this object's monitor held, which is held for memory work only. */
  private final ConcurrentMap<String, LiveParticipant> byId = new ConcurrentHashMap<>();

  /**
   * A new connection of a participant: of the one that is here; or, if it shows the secret of a
   * client that is away, of that one. One that has gone, but whose leaving has not been told yet,
   * is followed by another with the same turns: first the old one's "left", then the new one's
   * "joined". So is one that is away, and could not be taken for the same client.
   *
   * @param sessionFactory makes the visit, which must be whole before others can find it at its
   *     participant
   */
  public Session attach(
      RoomRegistry rooms,
      AcceptedAdmission admission,
      Function<LiveParticipant, Session> sessionFactory) {
    List<RoomSession> superseded = List.of();
    while (true) {
      for (RoomSession old : superseded) {
        // Not under this object's monitor: it leaves its rooms. Another thread may be at it
        // already.
        ((Session) old).endSuspension();
        Thread.onSpinWait();
      }
      synchronized (this) {
        LiveParticipant participant = byId.get(admission.id());
        List<RoomSession> predecessors =
            participant == null
                ? List.of()
                : participant.sessionsWithSecret(admission.resumeSecret());
        superseded =
            participant == null || !predecessors.isEmpty() || participant.connections() > 0
                ? List.of()
                : participant.suspendedSessions();
        if (superseded.isEmpty()) {
          if (participant == null) {
            participant = new LiveParticipant(rooms, admission, new SerialQueue());
          } else if (!participant.isPresent()) {
            participant = new LiveParticipant(rooms, admission, participant.callbacks);
          }
          Session session = sessionFactory.apply(participant);
          session.setPredecessors(predecessors.stream().map(Session.class::cast).toList());
          participant.attach(session);
          byId.put(admission.id(), participant);
          return session;
        }
      }
    }
  }

  /** Cancels the resumption of other sessions by this one. */
  public synchronized void cancelResume(Session session) {
    session.cancelResume();
  }

  /**
   * Called when the visit has ended, and has left all rooms, unless it is away. The participant is
   * forgotten after its last callback.
   */
  public void detach(LiveParticipant participant, Session session) {
    boolean last;
    synchronized (this) {
      participant.detach(session);
      last = !participant.isPresent();
    }
    // Not for each connection: the turn of an earlier one would come before the last one's "left",
    // and whoever reconnects in between would get turns of its own, beside those that are still
    // running.
    if (last) {
      removeLater(participant);
    }
  }

  /** Removes a participant after its last callback, unless it has connected again. */
  public void removeLater(LiveParticipant participant) {
    participant.callbacks.add(() -> remove(participant));
  }

  @SuppressWarnings("ReferenceEquality") // not its successor with the same id, which is equal to it
  private synchronized void remove(LiveParticipant participant) {
    if (byId.get(participant.id()) == participant && !participant.isPresent()) {
      byId.remove(participant.id());
    }
  }

  public Optional<LiveParticipant> get(String id) {
    return Optional.ofNullable(byId.get(id)).filter(LiveParticipant::isPresent);
  }

  public int size() {
    return byId.size();
  }
}
