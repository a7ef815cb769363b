package dev.roomful.redis;

import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.internal.room.LiveRoom;
import java.io.Serializable;
import java.util.List;

/**
 * What a node knows of a room.
 *
 * @param newest the position of the newest message
 * @param digest a digest of the whole state
 * @param history all stored messages
 */
record RoomState(
    List<Member> members, String newest, String topic, String digest, List<Stored> history)
    implements Serializable {
  record Member(String id, String name) implements Serializable {}

  /**
   * A message.
   *
   * @param sender the id of the sender, empty for an announcement
   */
  record Stored(String position, long time, String sender, String text) implements Serializable {
    long offset() {
      return Position.parse(position).orElseThrow().offset();
    }

    static Stored of(Message message) {
      return new Stored(
          message.position().orElseThrow().toString(),
          message.time().toEpochMilli(),
          message.isAnnouncement() ? "" : message.sender().id(),
          message.text());
    }
  }

  static RoomState of(Room room) {
    List<Message> stored =
        room.options().history().messages() == 0
            ? List.of()
            : room.history(HistoryRange.last(FaultChat.MAX_MESSAGES)).orElseThrow();
    return new RoomState(
        room.participants().stream().map(one -> new Member(one.id(), one.name())).toList(),
        room.position().toString(),
        room.topic(),
        ((LiveRoom) room).stateDigest(),
        stored.stream().map(Stored::of).toList());
  }

  List<String> ids() {
    return members.stream().map(Member::id).toList();
  }
}
