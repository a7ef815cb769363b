package dev.roomful;

import java.util.ArrayList;
import java.util.List;

/** A handler that writes down what it is told, and leaves the rest to the defaults. */
class Diary implements RoomHandler {
  private final List<String> entries = new ArrayList<>();

  @Override
  public void onJoin(Room room, Participant who) {
    note(who.id() + " joined " + room.name());
  }

  @Override
  public void onMessage(Room room, Message message) {
    note(message.sender().id() + " said " + message.payload() + " in " + room.name());
    RoomHandler.super.onMessage(room, message);
  }

  @Override
  public void onLeave(Room room, Participant who, CloseStatus why) {
    note(who.id() + " left " + room.name() + " " + why.code());
  }

  final synchronized void note(String entry) {
    entries.add(entry);
  }

  final synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  /** The entries since the last call. */
  final synchronized List<String> take() {
    List<String> taken = List.copyOf(entries);
    entries.clear();
    return taken;
  }
}
