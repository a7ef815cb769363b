package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rooms that are open on any node. {@link Chat#rooms} has only those that are open on this
 * node, so each node publishes its rooms regularly in a room that is open on all nodes, and that no
 * client may join. What was not published for {@link #MAX_AGE} is forgotten, so a node that crashes
 * leaves nothing behind.
 *
 * <p>Thread-safe.
 */
final class SharedRooms {
  /** The room of the nodes. */
  static final String ROOM = "nodes:rooms";

  /** How often a node publishes its rooms. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration MAX_AGE = INTERVAL.multipliedBy(3);

  /** A message with that many rooms has at most 60 KiB. */
  private static final int ROOMS_PER_MESSAGE = 100;

  static final RoomOptions OPTIONS =
      RoomOptions.defaults()
          .withPermanent()
          .withHistory(History.of(1_000).withBytes(4 * 1024 * 1024).withAge(MAX_AGE));

  /** A room as a node has published it; the names of participants are those of a direct room. */
  record SharedRoom(String name, int size, String topic, Map<String, String> names) {}

  /** The positions of the messages that were read, from the oldest to the newest. */
  private List<Optional<Position>> positions = List.of();

  private Map<String, SharedRoom> byName = Map.of();

  /** Publishes rooms of this node. */
  static void publish(Chat chat, List<SharedRoom> rooms) {
    Optional<Room> shared = chat.room(ROOM);
    for (int from = 0; shared.isPresent() && from < rooms.size(); from += ROOMS_PER_MESSAGE) {
      ArrayNode array = JsonPayloads.object().putArray("rooms");
      for (SharedRoom room :
          rooms.subList(from, Math.min(rooms.size(), from + ROOMS_PER_MESSAGE))) {
        ObjectNode node =
            array
                .addObject()
                .put("room", room.name())
                .put("here", room.size())
                .put("topic", room.topic());
        ObjectNode names = node.putObject("names");
        room.names().forEach(names::put);
      }
      var unused = shared.get().announce(JsonPayloads.payload(array)); // lost: the next one follows
    }
  }

  /** {@return the rooms that nodes have published} */
  synchronized Collection<SharedRoom> all(Chat chat) {
    chat.room(ROOM).ifPresent(this::read);
    return byName.values();
  }

  private void read(Room shared) {
    List<Message> messages = shared.history(HistoryRange.last(1_000)).orElse(List.of());
    List<Optional<Position>> stored = messages.stream().map(Message::position).toList();
    if (stored.equals(positions)) {
      return;
    }
    positions = stored;
    Map<String, SharedRoom> read = new HashMap<>();
    for (Message message : messages) {
      for (JsonNode room : JsonPayloads.parse(message.text())) {
        SharedRoom one = parse(room);
        read.put(one.name(), one); // a later message replaces an earlier one
      }
    }
    byName = Map.copyOf(read);
  }

  private static SharedRoom parse(JsonNode room) {
    Map<String, String> names = new HashMap<>();
    room.path("names")
        .properties()
        .forEach(name -> names.put(name.getKey(), name.getValue().asString()));
    return new SharedRoom(
        room.path("room").asString(""),
        room.path("here").asInt(0),
        room.path("topic").asString(""),
        Map.copyOf(names));
  }
}
