package dev.roomful.examples;

import dev.roomful.Message;
import dev.roomful.Page;
import dev.roomful.Participant;
import dev.roomful.Room;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rooms for two, by their names: the ids of both, in order. */
final class Direct {
  private static final Pattern NAME = Pattern.compile("direct:([^:]+):([^:]+)");

  private Direct() {}

  static String room(String one, String other) {
    boolean inOrder = one.compareTo(other) < 0;
    return "direct:" + word(inOrder ? one : other) + ":" + word(inOrder ? other : one);
  }

  /** Without a colon, so that no other two have this name. */
  private static String word(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  static boolean is(String room) {
    return room.startsWith("direct:");
  }

  static boolean isClosedTo(String id, String room) {
    return is(room) && other(id, room).isEmpty();
  }

  /** The one beside somebody in a room for two, if that is its room. */
  static Optional<String> other(String id, String room) {
    Matcher two = NAME.matcher(room);
    if (!two.matches() || (!two.group(1).equals(word(id)) && !two.group(2).equals(word(id)))) {
      return Optional.empty();
    }
    String other = two.group(1).equals(word(id)) ? two.group(2) : two.group(1);
    return Optional.of(URLDecoder.decode(other, StandardCharsets.UTF_8));
  }

  /** Tells the other one that something was said, if it is not in the room to hear it. */
  static void ring(Room room, Participant who) {
    other(who.id(), room.name())
        .flatMap(room.chat()::participant)
        .filter(other -> !room.contains(other))
        .ifPresent(absent -> absent.tell(News.direct(room.name(), who.id(), who.name())));
  }

  /** What the other one was called when it was heard last. */
  static Optional<String> nameOf(String id, Room room) {
    List<Message> said = room.history(Page.last(Integer.MAX_VALUE)).orElse(List.of());
    return said.stream()
        .filter(one -> !one.isAnnouncement() && one.sender().id().equals(id))
        .map(one -> one.sender().name())
        .reduce((before, last) -> last);
  }
}
