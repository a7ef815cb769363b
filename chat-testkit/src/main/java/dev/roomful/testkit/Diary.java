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

/** The chat's handler in the cases: writes down who came and went, and answers {@link #CALL}. */
final class Diary implements RoomHandler {
  /** What a client says to find out that it is in; nobody else hears it. */
  static final String CALL = "am I in?";

  /** What it then hears. */
  static final String ANSWER = "you are in";

  private record Line(String room, String id, boolean came, CloseStatus why) {}

  private final BiConsumer<Room, Message> said;
  private final List<Line> lines = new ArrayList<>(); // guarded by this

  /** What is said is broadcast. */
  Diary() {
    this(Room::publish);
  }

  Diary(BiConsumer<Room, Message> said) {
    this.said = said;
  }

  @Override
  public void onJoin(Room room, Participant who) {
    add(new Line(room.name(), who.id(), true, CloseStatus.NORMAL));
  }

  @Override
  public void onMessage(Room room, Message message) {
    if (message.isText() && message.text().equals(CALL)) {
      message.reply(ANSWER);
    } else {
      said.accept(room, message);
    }
  }

  @Override
  public void onLeave(Room room, Participant who, CloseStatus why) {
    add(new Line(room.name(), who.id(), false, why));
  }

  private synchronized void add(Line line) {
    lines.add(line);
  }

  /**
   * How somebody came and went: {@code joined} and {@code left}, in the order in which it was told.
   */
  List<String> visits(String id) {
    return visits(id, room -> true);
  }

  /** How somebody came and went in some rooms. */
  synchronized List<String> visits(String id, Predicate<String> rooms) {
    return lines.stream()
        .filter(line -> line.id.equals(id) && rooms.test(line.room))
        .map(line -> line.came ? "joined" : "left")
        .toList();
  }

  /** Why they left, one for each time somebody with that id did. */
  synchronized List<CloseStatus> leaves(String id) {
    return lines.stream()
        .filter(line -> !line.came && line.id.equals(id))
        .map(line -> line.why)
        .toList();
  }

  /** Waits until somebody has left, and tells why. */
  CloseStatus awaitLeft(String id, Duration within) {
    Await.until(id + " has left", within, () -> !leaves(id).isEmpty());
    return leaves(id).get(0);
  }
}
