package dev.roomful.internal.room;

import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.observation.FlightRecording;
import dev.roomful.protocol.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A payload that is published to several rooms at once: they are locked together, so that it has
 * one place in their common order, and each plain text connection receives it once.
 */
final class Announcement {
  private final RoomEnvironment environment;
  private final Payload payload;
  private final Map<Overflow, Fanout<Protocol>> fanouts = new HashMap<>();
  private final Set<RoomSession> reached = new HashSet<>();

  Announcement(RoomEnvironment environment, Payload payload) {
    this.environment = environment;
    this.payload = payload;
  }

  /** Publishes to the rooms that are not closed. */
  void publish(Collection<Room> targets) {
    Object recorded = FlightRecording.beginFanOut();
    long start = environment.events().start();
    List<LiveRoom> rooms = inOrder(targets.stream().map(Announcement::requireLive).toList());
    int locked = 0;
    try {
      for (LiveRoom room : rooms) {
        room.lock.lock();
        locked++;
      }
      rooms.forEach(room -> room.publisher.announce(payload, fanout(room), reached));
    } finally {
      fanouts.values().forEach(Fanout::handOver);
      while (locked > 0) {
        rooms.get(--locked).lock.unlock();
      }
    }
    long nanos = environment.events().since(start);
    int recipients = fanouts.values().stream().mapToInt(Fanout::recipients).sum();
    if (recorded != null) {
      FlightRecording.endFanOut(recorded, "", recipients);
    }
    fanouts.values().forEach(Fanout::finish);
    environment.writeLoops().wakeFor(recipients);
    environment.events().fannedOut(recipients, nanos);
    fanouts.values().forEach(fanout -> fanout.reportDrops(environment.events()));
  }

  private Fanout<Protocol> fanout(LiveRoom room) {
    return fanouts.computeIfAbsent(
        room.options().overflow(),
        overflow ->
            Fanout.of(
                environment.writeLoops(), environment.payloadEncoder().of(payload), overflow));
  }

  /** Rooms that are locked together are locked in this order. */
  static List<LiveRoom> inOrder(Collection<LiveRoom> rooms) {
    List<LiveRoom> inOrder = new ArrayList<>(new HashSet<>(rooms));
    inOrder.sort(Comparator.comparingLong(room -> room.number));
    return inOrder;
  }

  private static LiveRoom requireLive(Room room) {
    if (room instanceof LiveRoom live) {
      return live;
    }
    throw new IllegalArgumentException(room + " was not created by this library");
  }
}
