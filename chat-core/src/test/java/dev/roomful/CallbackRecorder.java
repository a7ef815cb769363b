package dev.roomful;

import java.util.ArrayList;
import java.util.List;

/** A handler that records its callbacks and then does the default. */
class CallbackRecorder implements RoomHandler {
  private final List<String> entries = new ArrayList<>();

  @Override
  public void onJoin(Room room, Participant participant) {
    add(participant.id() + " joined " + room.name());
  }

  @Override
  public void onMessage(Room room, Message message) {
    add(message.sender().id() + " published " + message.payload() + " in " + room.name());
    RoomHandler.super.onMessage(room, message);
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    add(participant.id() + " left " + room.name() + " " + status.code());
  }

  final synchronized void add(String entry) {
    entries.add(entry);
  }

  final synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  /** The entries since the last call. */
  final synchronized List<String> takeEntries() {
    List<String> taken = List.copyOf(entries);
    entries.clear();
    return taken;
  }
}
