package dev.roomful.internal.room;

import dev.roomful.Outcome;
import dev.roomful.admission.Rejection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives a participant another name in all of its rooms, or in none. */
public final class Rename {
  private final LiveParticipant participant;
  private final String name;

  public Rename(LiveParticipant participant, String name) {
    this.participant = participant;
    this.name = name;
  }

  /** What nobody else in a room may have then. */
  private record Claim(LiveRoom room, @Nullable String key) {}

  public Outcome run() {
    Optional<Rejection> rejection = Rejections.invalidDisplayName(name);
    boolean done = false;
    while (rejection.isEmpty() && !done) {
      // When names are alike is the application's business: it is asked without a lock.
      List<Claim> claims =
          RoomRegistry.inOrder(participant.liveRooms()).stream()
              .map(room -> new Claim(room, room.options().displayNames().key(name)))
              .toList();
      int locked = 0;
      try {
        for (Claim claim : claims) {
          claim.room().lock.lock();
          locked++;
        }
        rejection = nameConflict(claims);
        done = rejection.isEmpty() && coversAllRooms(claims);
        if (done) {
          claims.forEach(claim -> claim.room().membership.rename(participant.id(), claim.key()));
          participant.setName(name);
        }
      } finally {
        while (locked > 0) {
          claims.get(--locked).room().lock.unlock();
        }
      }
    }
    return rejection.map(Outcome::rejected).orElse(Outcome.done());
  }

  private Optional<Rejection> nameConflict(List<Claim> claims) {
    return claims.stream()
        .filter(claim -> !claim.room().membership.isNameFree(claim.key(), participant.id()))
        .findFirst()
        .map(claim -> Rejections.nameTaken(claim.room().name(), name));
  }

  /** Or it has come into another room, or left one, before they were locked. */
  private boolean coversAllRooms(List<Claim> claims) {
    Set<LiveRoom> locked = new HashSet<>();
    claims.forEach(claim -> locked.add(claim.room()));
    return participant.liveRooms().equals(locked);
  }
}
