package dev.roomful.examples;

import dev.roomful.Participant;
import dev.roomful.Room;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rooms for two, by their names: the ids of both, in order. */
final class DirectRooms {
  private static final Pattern NAME = Pattern.compile("direct:([^:]+):([^:]+)");

  private DirectRooms() {}

  static String roomName(String firstId, String secondId) {
    boolean inOrder = firstId.compareTo(secondId) < 0;
    return "direct:"
        + encodeId(inOrder ? firstId : secondId)
        + ":"
        + encodeId(inOrder ? secondId : firstId);
  }

  /** Without a colon, so that no other two have this name. */
  private static String encodeId(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  static boolean isDirectRoom(String room) {
    return room.startsWith("direct:");
  }

  static boolean isClosedTo(String id, String room) {
    return isDirectRoom(room) && otherId(id, room).isEmpty();
  }

  /** The one beside somebody in a room for two, if that is its room. */
  static Optional<String> otherId(String id, String room) {
    Matcher matcher = NAME.matcher(room);
    if (!matcher.matches()
        || (!matcher.group(1).equals(encodeId(id)) && !matcher.group(2).equals(encodeId(id)))) {
      return Optional.empty();
    }
    String otherId = matcher.group(1).equals(encodeId(id)) ? matcher.group(2) : matcher.group(1);
    return Optional.of(URLDecoder.decode(otherId, StandardCharsets.UTF_8));
  }

  /** Tells the other one that something was said, if it is not in the room to hear it. */
  static void notifyOtherIfAbsent(Room room, Participant sender) {
    otherId(sender.id(), room.name())
        .flatMap(room.chat()::participant)
        .filter(other -> !room.contains(other))
        .ifPresent(
            absent ->
                absent.send(
                    JsonRoomNotices.directMessage(room.name(), sender.id(), sender.name())));
  }
}
