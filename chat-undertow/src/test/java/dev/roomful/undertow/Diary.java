package dev.roomful.undertow;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets everybody hear what is said, and writes down who left, why, and on which thread. */
class Diary implements RoomHandler {
  record Left(String id, CloseStatus why, String thread) {}

  final List<Left> left = new CopyOnWriteArrayList<>();

  @Override
  public void onMessage(Room room, Message message) {
    room.broadcast(message);
  }

  @Override
  public void onLeave(Room room, Participant who, CloseStatus why) {
    left.add(new Left(who.id(), why, Thread.currentThread().getName()));
  }

  /** Waits until somebody has left, and tells why. */
  CloseStatus awaitLeft(String id) {
    Await.until(id + " has left", () -> left.stream().anyMatch(one -> one.id.equals(id)));
    return left.stream().filter(one -> one.id.equals(id)).findFirst().orElseThrow().why;
  }
}
