package dev.roomful;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * The participants of a chat by id, each from its first connection until it was told to have left.
 */
final class Participants {
  /** Read by all, changed with this object's monitor held, which is held for memory work only. */
  private final ConcurrentMap<String, Participant> byId = new ConcurrentHashMap<>();

  /**
   * A new connection of a participant: of the one that is here; or, if it shows the secret of a
   * client that is away, of that one. One that has gone, but whose leaving has not been told yet,
   * is followed by another with the same turns: first the old one's "left", then the new one's
   * "joined". So is one that is away, and could not be taken for the same client.
   *
   * @param arrival makes the visit, which must be whole before others can find it at its
   *     participant
   */
  Visit attach(Rooms rooms, Entry entry, Function<Participant, Visit> arrival) {
    List<Visit> strangers = List.of();
    while (true) {
      for (Visit stranger : strangers) {
        // Not under this object's monitor: it leaves its rooms. Another thread may be at it
        // already.
        stranger.dismiss();
        Thread.onSpinWait();
      }
      synchronized (this) {
        Participant participant = byId.get(entry.id());
        List<Visit> before =
            participant == null ? List.of() : participant.visitsWith(entry.secret());
        strangers =
            participant == null || !before.isEmpty() || participant.connections() > 0
                ? List.of()
                : participant.away();
        if (strangers.isEmpty()) {
          if (participant == null) {
            participant = new Participant(rooms, entry, new Turns());
          } else if (!participant.isHere()) {
            participant = new Participant(rooms, entry, participant.turns);
          }
          Visit visit = arrival.apply(participant);
          visit.follow(before);
          participant.attach(visit);
          byId.put(entry.id(), participant);
          return visit;
        }
      }
    }
  }

  /** A visit could not take the place of those that it was to follow. */
  synchronized void withdraw(Visit visit) {
    visit.giveUp();
  }

  /**
   * Called when the visit has ended, and has left all rooms, unless it is away. The participant is
   * forgotten after its last callback.
   */
  void detach(Participant participant, Visit visit) {
    boolean last;
    synchronized (this) {
      participant.detach(visit);
      last = !participant.isHere();
    }
    // Not for each connection: the turn of an earlier one would come before the last one's "left",
    // and whoever reconnects in between would get turns of its own, beside those that are still
    // running.
    if (last) {
      participant.turns.add(() -> forget(participant));
    }
  }

  @SuppressWarnings("ReferenceEquality") // not its successor with the same id, which is equal to it
  private synchronized void forget(Participant participant) {
    if (byId.get(participant.id()) == participant) {
      byId.remove(participant.id());
    }
  }

  Optional<Participant> get(String id) {
    return Optional.ofNullable(byId.get(id)).filter(Participant::isHere);
  }

  int size() {
    return byId.size();
  }
}
