package dev.roomful.examples;

import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.admission.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is in charge of which room. Who comes into an empty one owns it, and gets back what it was
 * when it comes again, until all have left.
 */
final class RoomRoles {
  /** Of a room's name; the maps inside are never changed. */
  private final Map<String, Map<String, Role>> rolesByRoom = new ConcurrentHashMap<>();

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

  /** Gives somebody another rank; false if it is not there. */
  boolean setRole(Room room, String id, Role role) {
    boolean updated = room.setRole(id, role).isDone();
    if (updated) {
      rolesByRoom.computeIfPresent(
          room.name(),
          (name, roles) -> {
            Map<String, Role> changed = new LinkedHashMap<>(roles);
            changed.put(id, role);
            return Map.copyOf(changed);
          });
    }
    return updated;
  }

  /** Those who are more than members, by id. */
  Map<String, Role> rolesIn(Room room) {
    return rolesByRoom.getOrDefault(room.name(), Map.of());
  }
}
