package dev.roomful.jetty;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets everybody hear what is said, and writes down who left, why, and on which thread. */
class RecordingHandler implements RoomHandler {
  record Departure(String id, CloseStatus status, String thread) {}

  final List<Departure> departures = new CopyOnWriteArrayList<>();

  final List<String> messages = new CopyOnWriteArrayList<>();

  @Override
  public void onMessage(Room room, Message message) {
    if (message.isText()) {
      messages.add(message.text());
    }
    room.publish(message);
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    departures.add(new Departure(participant.id(), status, Thread.currentThread().getName()));
  }

  /** Waits until somebody has left, and tells why. */
  CloseStatus awaitLeave(String id) {
    Await.until(
        id + " has left", () -> departures.stream().anyMatch(departure -> departure.id.equals(id)));
    return departures.stream()
        .filter(departure -> departure.id.equals(id))
        .findFirst()
        .orElseThrow()
        .status;
  }
}
