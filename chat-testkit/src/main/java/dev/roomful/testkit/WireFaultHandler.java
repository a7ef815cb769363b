package dev.roomful.testkit;

import dev.roomful.ChatObserver;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.util.Map;

/** Records what happens in the rooms of several {@link WireFaultStory}s. */
final class WireFaultHandler implements RoomHandler, ChatObserver {
  private final Map<String, WireFaultRoom> rooms;

  /**
   * Creates a handler.
   *
   * @param rooms the rooms by name
   */
  WireFaultHandler(Map<String, WireFaultRoom> rooms) {
    this.rooms = rooms;
  }

  private WireFaultRoom recordOf(Room room) {
    WireFaultRoom found = rooms.get(room.name());
    if (found == null) {
      throw new IllegalStateException("no story uses the room " + room.name());
    }
    return found;
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    recordOf(room).joined(participant.id());
  }

  @Override
  public void onMessage(Room room, Message message) {
    recordOf(room).handle(room, message);
  }

  /** The close frames of clients have a reason that begins with the room. */
  @Override
  public void sessionClosed(CloseStatus status, long nanos) {
    WireFaultRoom room = rooms.get(status.reason().split("-", -1)[0]);
    if (room != null) {
      room.closed(status.reason());
    }
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    recordOf(room).left(participant.id());
  }
}
