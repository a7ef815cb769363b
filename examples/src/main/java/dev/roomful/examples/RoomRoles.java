package dev.roomful.examples;

import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The roles of participants in the rooms of {@link RoomsExample}. A room without an owner makes the
 * participant its owner that has been there for the longest time. A participant that leaves loses
 * its role.
 *
 * <p>Roles are those of the room, which all nodes share: nothing is kept here. On one node they end
 * with the program, and {@link RoomOwners} keeps the owners.
 */
final class RoomRoles {
  /** The maximum number of roles in a room. A participant that joins receives all of them. */
  static final int MAX_ROLES_PER_ROOM = 100;

  private RoomRoles() {}

  /** Gives a room an owner if it has none; called after each join and each leave. */
  static void ensureOwner(Room room, RoomOwners owners) {
    List<Participant> participants = room.participants(); // in the order in which they joined
    Optional<Participant> present =
        participants.stream().filter(one -> hasRole(room, one, Role.OWNER)).findFirst();
    Optional<String> awaited = owners.awaitedIn(room.name());
    Optional<Participant> owner =
        present.or(
            () ->
                participants.stream()
                    .filter(one -> awaited.isEmpty() || awaited.get().equals(one.id()))
                    .findFirst());
    if (owner.isPresent()) {
      String id = owner.get().id();
      if (present.isEmpty()) {
        room.setRole(id, Role.OWNER);
      }
      owners.record(room.name(), id);
    }
  }

  private static boolean hasRole(Room room, Participant participant, Role role) {
    return room.role(participant.id()).equals(Optional.of(role));
  }

  /** Changes the role of a participant that is in the room. */
  static Outcome setRole(Room room, String id, Role role) {
    Map<String, Role> before = rolesIn(room);
    if (role != Role.MEMBER && !before.containsKey(id) && before.size() >= MAX_ROLES_PER_ROOM) {
      return Outcome.rejected(
          Rejection.of(
              409,
              "the room has "
                  + MAX_ROLES_PER_ROOM
                  + " participants with a role, which is the limit"));
    }
    return room.role(id).isEmpty()
        ? Outcome.rejected(Rejection.of(404, "this participant is not in the room"))
        : room.setRole(id, role);
  }

  /** {@return the roles other than {@link Role#MEMBER}, by participant id} */
  static Map<String, Role> rolesIn(Room room) {
    Map<String, Role> roles = new HashMap<>();
    for (Participant participant : room.participants()) {
      room.role(participant.id())
          .filter(role -> role != Role.MEMBER)
          .ifPresent(role -> roles.put(participant.id(), role));
    }
    return roles;
  }
}
