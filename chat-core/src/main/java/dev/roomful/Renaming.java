package dev.roomful;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives a participant another name in all of its rooms, or in none. */
final class Renaming {
  private final Participant who;
  private final String name;

  Renaming(Participant who, String name) {
    this.who = who;
    this.name = name;
  }

  /** What nobody else in a room may have then. */
  private record Claim(Room room, @Nullable String key) {}

  Optional<Refusal> run() {
    Optional<Refusal> refusal = Rooms.malformed(name);
    boolean done = false;
    while (refusal.isEmpty() && !done) {
      // When names are alike is the application's business: it is asked without a lock.
      List<Claim> claims =
          Rooms.inOrder(who.rooms()).stream()
              .map(room -> new Claim(room, room.options().names().key(name)))
              .toList();
      int locked = 0;
      try {
        for (Claim claim : claims) {
          claim.room().lock.lock();
          locked++;
        }
        refusal = objection(claims);
        done = refusal.isEmpty() && areAll(claims);
        if (done) {
          claims.forEach(claim -> claim.room().members.rename(who.id(), claim.key()));
          who.called(name);
        }
      } finally {
        while (locked > 0) {
          claims.get(--locked).room().lock.unlock();
        }
      }
    }
    return refusal;
  }

  private Optional<Refusal> objection(List<Claim> claims) {
    return claims.stream()
        .filter(claim -> !claim.room().members.isFree(claim.key(), who.id()))
        .findFirst()
        .map(claim -> Rooms.nameTaken(claim.room().name(), name));
  }

  /** Or it has come into another room, or left one, before they were locked. */
  private boolean areAll(List<Claim> claims) {
    Set<Room> locked = new HashSet<>();
    claims.forEach(claim -> locked.add(claim.room()));
    return who.rooms().equals(locked);
  }
}
