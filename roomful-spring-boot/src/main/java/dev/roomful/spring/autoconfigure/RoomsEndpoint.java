package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.ChatSnapshot;
import dev.roomful.Participant;
import dev.roomful.Room;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows rooms and sessions of this node, and closes a room. Closing needs {@code
 * management.endpoint.rooms.access=unrestricted}. Its answers are bounded; a room may have any
 * number of participants.
 */
@Endpoint(id = "rooms", defaultAccess = Access.READ_ONLY)
final class RoomsEndpoint {
  static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 1_000;

  private final Chat chat;

  RoomsEndpoint(Chat chat) {
    this.chat = chat;
  }

  /**
   * {@return the rooms with most participants, and the sessions with the fullest outboxes}
   *
   * @param limit how many of each
   */
  @ReadOperation
  ChatSnapshot rooms(@Nullable Integer limit) {
    return chat.snapshot(bounded(limit));
  }

  /**
   * {@return one room, with its first participants; null if it does not exist}
   *
   * @param name the room's name
   * @param limit how many participants
   */
  @ReadOperation
  @Nullable RoomDescriptor room(@Selector String name, @Nullable Integer limit) {
    return chat.room(name).map(room -> describe(room, bounded(limit))).orElse(null);
  }

  /**
   * Closes a room.
   *
   * @param name the room's name
   */
  @DeleteOperation
  void closeRoom(@Selector String name) {
    chat.room(name).ifPresent(room -> room.close("closed by an operator"));
  }

  private static RoomDescriptor describe(Room room, int limit) {
    List<Participant> participants = room.participants();
    return new RoomDescriptor(
        room.name(),
        room.topic(),
        participants.size(),
        room.position().offset(),
        participants.stream()
            .limit(limit)
            .map(
                participant ->
                    new ParticipantDescriptor(
                        participant.id(), participant.name(), participant.connections()))
            .toList());
  }

  private static int bounded(@Nullable Integer limit) {
    return limit == null ? DEFAULT_LIMIT : Math.max(1, Math.min(MAX_LIMIT, limit));
  }

  record RoomDescriptor(
      String name,
      String topic,
      int participants,
      long messages,
      List<ParticipantDescriptor> firstParticipants) {}

  record ParticipantDescriptor(String id, String name, int connections) {}
}
