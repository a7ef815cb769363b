package dev.roomful.examples;

import dev.roomful.Participant;
import dev.roomful.Role;
import dev.roomful.Room;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is in charge of which room. Who comes into an empty one owns it, and gets back what it was
 * when it comes again, until all have left.
 */
final class Ranks {
  /** Of a room's name; the maps inside are never changed. */
  private final Map<String, Map<String, Role>> ranks = new ConcurrentHashMap<>();

  void onJoin(Room room, Participant who) {
    Map<String, Role> here =
        ranks.computeIfAbsent(room.name(), first -> Map.of(who.id(), Role.OWNER));
    Role role = here.get(who.id());
    if (role != null) {
      room.appoint(who.id(), role);
    }
  }

  void onLeave(Room room) {
    ranks.computeIfPresent(
        room.name(), (name, here) -> room.participants().isEmpty() ? null : here);
  }

  /** Gives somebody another rank; false if it is not there. */
  boolean appoint(Room room, String id, Role role) {
    boolean done = room.appoint(id, role);
    if (done) {
      ranks.computeIfPresent(
          room.name(),
          (name, here) -> {
            Map<String, Role> changed = new LinkedHashMap<>(here);
            changed.put(id, role);
            return Map.copyOf(changed);
          });
    }
    return done;
  }

  /** Those who are more than members, by id. */
  Map<String, Role> in(Room room) {
    return ranks.getOrDefault(room.name(), Map.of());
  }
}
