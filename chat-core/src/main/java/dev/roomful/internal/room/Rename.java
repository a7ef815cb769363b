package dev.roomful.internal.room;

import dev.roomful.Outcome;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes the display name of a participant in all of its rooms, or in none. */
public final class Rename {
  private final LiveParticipant participant;
  private final String name;

  public Rename(LiveParticipant participant, String name) {
    this.participant = participant;
    this.name = name;
  }

  /** The key of the new name in one room. */
  private record Claim(LiveRoom room, @Nullable String key) {}

  public Outcome run() {
    Optional<Rejection> rejection = Rejections.invalidDisplayName(name);
    boolean done = false;
    while (rejection.isEmpty() && !done) {
      // The comparison of names is application code: it is called with no lock held.
      List<Claim> claims =
          Announcement.inOrder(participant.liveRooms()).stream()
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
          claims.forEach(this::apply);
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

  private void apply(Claim claim) {
    MemberState member = claim.room().state.member(participant.id());
    if (member != null) {
      claim
          .room()
          .applyRename(
              new RoomEvent.MemberUpdated(
                  member.id(), name, claim.key(), null, null, member.leaveNotice()));
    }
  }

  private Optional<Rejection> nameConflict(List<Claim> claims) {
    return claims.stream()
        .filter(claim -> !claim.room().membership.isNameFree(claim.key(), participant.id()))
        .findFirst()
        .map(claim -> Rejections.nameTaken(claim.room().name(), name));
  }

  /** Whether it has not joined or left a room before the rooms were locked. */
  private boolean coversAllRooms(List<Claim> claims) {
    Set<LiveRoom> locked = new HashSet<>();
    claims.forEach(claim -> locked.add(claim.room()));
    return participant.liveRooms().equals(locked);
  }
}
