package dev.roomful.examples;

import dev.roomful.Participant;
import dev.roomful.Room;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of direct rooms, which are open to two participants only. A name consists of {@code
 * direct} and the ids of both in alphabetical order, so that any two share one direct room. The
 * page composes the same names, so that it can open a direct room without asking.
 */
final class DirectRooms {
  private static final String PREFIX = "direct:";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([^:]+):([^:]+)");

  private DirectRooms() {}

  /** {@return the name of the direct room of two participants} */
  static String roomName(String firstId, String secondId) {
    boolean inOrder = firstId.compareTo(secondId) < 0;
    return PREFIX
        + encodeId(inOrder ? firstId : secondId)
        + ":"
        + encodeId(inOrder ? secondId : firstId);
  }

  /** Encodes the separator, so that no two pairs of ids share a name. */
  private static String encodeId(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  static boolean isDirectRoom(String room) {
    return room.startsWith(PREFIX);
  }

  /** {@return whether this is a direct room that the given participant may not join} */
  static boolean isClosedTo(String id, String room) {
    return isDirectRoom(room) && otherId(id, room).isEmpty();
  }

  /** {@return the id of the other participant, if this is a direct room of the given one} */
  static Optional<String> otherId(String id, String room) {
    Matcher matcher = NAME.matcher(room);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String own = encodeId(id);
    String other = matcher.group(1).equals(own) ? matcher.group(2) : matcher.group(1);
    // Clients choose room names, so other spellings of a direct room's name must not be accepted.
    return decodeId(other).filter(otherId -> roomName(id, otherId).equals(room));
  }

  private static Optional<String> decodeId(String encoded) {
    try {
      return Optional.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Sends a notification to the other participant if it is connected, but not in the room. Its page
   * joins the room then, so that the presence in a direct room tells who is connected.
   *
   * @param hasMessage whether there is a message for the other one, so that its page shows the room
   */
  static void notifyOtherIfAbsent(Room room, Participant sender, boolean hasMessage) {
    otherId(sender.id(), room.name())
        .flatMap(room.chat()::participant)
        .filter(other -> !room.contains(other))
        .ifPresent(
            absent ->
                absent.send(
                    JsonRoomNotices.directRoom(
                        room.name(), sender.id(), sender.name(), hasMessage)));
  }
}
