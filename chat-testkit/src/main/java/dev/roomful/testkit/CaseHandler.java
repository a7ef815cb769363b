package dev.roomful.testkit;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The chat's handler in the cases: records joins and leaves, and answers {@link #PROBE}. */
final class CaseHandler implements RoomHandler {
  /** A message by which a client finds out that it is in the room; it is not broadcast. */
  static final String PROBE = "am I in?";

  /** The reply to a probe. */
  static final String PROBE_ANSWER = "you are in";

  private record Transition(String room, String id, boolean joined, CloseStatus status) {}

  private final BiConsumer<Room, Message> onMessage;
  private final List<Transition> transitions = new ArrayList<>(); // guarded by this

  /** Broadcasts messages. */
  CaseHandler() {
    this(Room::publish);
  }

  CaseHandler(BiConsumer<Room, Message> onMessage) {
    this.onMessage = onMessage;
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    add(new Transition(room.name(), participant.id(), true, CloseStatus.NORMAL));
  }

  @Override
  public void onMessage(Room room, Message message) {
    if (message.isText() && message.text().equals(PROBE)) {
      message.reply(PROBE_ANSWER);
    } else {
      onMessage.accept(room, message);
    }
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    add(new Transition(room.name(), participant.id(), false, status));
  }

  private synchronized void add(Transition transition) {
    transitions.add(transition);
  }

  /** {@return {@code joined} and {@code left} for a participant, in the order of the callbacks} */
  List<String> transitions(String id) {
    return transitions(id, room -> true);
  }

  /** {@return the same for some rooms} */
  synchronized List<String> transitions(String id, Predicate<String> rooms) {
    return transitions.stream()
        .filter(transition -> transition.id.equals(id) && rooms.test(transition.room))
        .map(transition -> transition.joined ? "joined" : "left")
        .toList();
  }

  /** {@return the close status of each leave of a participant} */
  synchronized List<CloseStatus> leaves(String id) {
    return transitions.stream()
        .filter(transition -> !transition.joined && transition.id.equals(id))
        .map(transition -> transition.status)
        .toList();
  }

  /** Waits until a participant has left. {@return the status of its first leave} */
  CloseStatus awaitLeft(String id, Duration within) {
    Await.until(id + " has left", within, () -> !leaves(id).isEmpty());
    return leaves(id).get(0);
  }
}
