package dev.roomful.testkit;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Broadcasts every message, and records text messages, and who left, why and on which thread. Safe
 * for use by many threads.
 */
public class RecordingHandler implements RoomHandler {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<Departure> departures = new CopyOnWriteArrayList<>();

  /** Creates a handler that has recorded nothing. */
  public RecordingHandler() {}

  /**
   * How a participant left.
   *
   * @param id the participant's id
   * @param status why it left
   * @param thread the name of the thread that ran the callback
   */
  public record Departure(String id, CloseStatus status, String thread) {}

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

  /** {@return a snapshot of the text messages so far, in order} */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  /** {@return a snapshot of the departures so far, in order} */
  public List<Departure> departures() {
    return List.copyOf(departures);
  }

  /**
   * Waits until a participant has left.
   *
   * @param id the participant's id
   * @return why it left first
   * @throws AssertionError if it does not leave within 5 seconds
   */
  public CloseStatus awaitLeave(String id) {
    Await.until(
        id + " has left",
        TIMEOUT,
        () -> departures.stream().anyMatch(departure -> departure.id.equals(id)));
    return departures.stream()
        .filter(departure -> departure.id.equals(id))
        .findFirst()
        .orElseThrow()
        .status;
  }
}
