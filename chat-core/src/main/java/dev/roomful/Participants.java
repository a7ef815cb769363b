package dev.roomful;

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
   * A new connection of a participant. One whose connections have ended but whose leaving has not
   * been told yet is followed by another with the same turns: first the old one's "left", then the
   * new one's "joined".
   *
   * @param arrival makes the visit, which must be whole before others can find it at its
   *     participant
   */
  synchronized Visit attach(Rooms rooms, Entry entry, Function<Participant, Visit> arrival) {
    Participant participant = byId.get(entry.id());
    if (participant == null) {
      participant = new Participant(rooms, entry, new Turns());
    } else if (participant.connections() == 0) {
      participant = new Participant(rooms, entry, participant.turns);
    }
    Visit visit = arrival.apply(participant);
    participant.attach(visit);
    byId.put(entry.id(), participant);
    return visit;
  }

  /**
   * Called when the visit has left all rooms. The participant is forgotten after its last callback.
   */
  void detach(Participant participant, Visit visit) {
    boolean last;
    synchronized (this) {
      participant.detach(visit);
      last = participant.connections() == 0;
    }
    // Not for each connection: the turn of an earlier one would come before the last one's "left",
    // and
    // whoever reconnects in between would get turns of its own, beside those that are still
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
    return Optional.ofNullable(byId.get(id)).filter(found -> found.connections() > 0);
  }

  int size() {
    return byId.size();
  }
}
