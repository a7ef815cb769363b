package dev.roomful.examples;

import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The roles of participants in the rooms of {@link RoomsExample}. The first participant of an empty
 * room becomes its owner. A participant that returns gets its role back, until all participants
 * have left the room.
 *
 * <p>Thread-safe.
 */
final class RoomRoles {
  /** The maximum number of roles in a room. A participant that joins receives all of them. */
  static final int MAX_ROLES_PER_ROOM = 100;

  /** The roles other than {@link Role#MEMBER}, by room name; the inner maps are immutable. */
  private final ConcurrentMap<String, Map<String, Role>> rolesByRoom = new ConcurrentHashMap<>();

  void onJoin(Room room, Participant participant) {
    Map<String, Role> roles =
        rolesByRoom.computeIfAbsent(room.name(), name -> Map.of(participant.id(), Role.OWNER));
    Role role = roles.get(participant.id());
    if (role != null) {
      room.setRole(participant.id(), role);
    }
  }

  void onLeave(Room room) {
    rolesByRoom.computeIfPresent(
        room.name(), (name, roles) -> room.participants().isEmpty() ? null : roles);
  }

  /** Changes the role of a participant that is in the room. */
  Outcome setRole(Room room, String id, Role role) {
    Map<String, Role> before = rolesIn(room);
    if (role != Role.MEMBER && !before.containsKey(id) && before.size() >= MAX_ROLES_PER_ROOM) {
      return Outcome.rejected(
          Rejection.of(
              409,
              "the room has "
                  + MAX_ROLES_PER_ROOM
                  + " participants with a role, which is the limit"));
    }
    if (room.setRole(id, role).isRejected()) {
      return Outcome.rejected(Rejection.of(404, "this participant is not in the room"));
    }
    rolesByRoom.computeIfPresent(room.name(), (name, roles) -> with(roles, id, role));
    return Outcome.done();
  }

  private static Map<String, Role> with(Map<String, Role> roles, String id, Role role) {
    Map<String, Role> changed = new HashMap<>(roles);
    if (role == Role.MEMBER) {
      changed.remove(id);
    } else {
      changed.put(id, role);
    }
    return Map.copyOf(changed);
  }

  /** {@return the roles other than {@link Role#MEMBER}, by participant id} */
  Map<String, Role> rolesIn(Room room) {
    return rolesByRoom.getOrDefault(room.name(), Map.of());
  }
}
