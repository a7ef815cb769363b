package dev.roomful.examples;

import dev.roomful.Arrival;
import dev.roomful.Message;
import dev.roomful.Notices;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Role;
import dev.roomful.Room;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server tells those in one of the {@link Rooms}: objects with a {@code notice}. Who comes
 * and goes, the protocol tells.
 */
final class News implements Notices {
  /** How things stand for who comes in: the topic, who it is, and who is in charge. */
  static Payload greeting(Arrival arrival, Map<String, Role> ranks) {
    ObjectNode greeting = Json.object().put("topic", arrival.room().topic());
    Participant who = arrival.participant();
    greeting
        .putObject("you")
        .put("user", who.id())
        .put("name", who.name())
        .put("role", word(ranks.getOrDefault(who.id(), Role.MEMBER)));
    ObjectNode roles = greeting.putObject("roles");
    ranks.forEach((id, role) -> roles.put(id, word(role)));
    return Json.payload(greeting);
  }

  /** There is something to hear in a room for two. */
  static Payload direct(String room, String user, String name) {
    ObjectNode news = Json.object();
    news.putObject("direct").put("room", room).put("user", user).put("name", name);
    return Json.payload(news);
  }

  /** Somebody had to go, and why. */
  static Payload expelled(Participant who, String reason) {
    return Json.payload(about("expelled", who).put("reason", reason));
  }

  @Override
  public Payload changed(Room room, Participant who) {
    return Json.payload(about("changed", who));
  }

  @Override
  public Payload appointed(Room room, Participant who, Role role) {
    return Json.payload(about("role", who).put("role", word(role)));
  }

  @Override
  public Payload removed(Message message) {
    long offset = message.position().orElseThrow().offset();
    return Json.payload(notice("removed").put("offset", offset));
  }

  @Override
  public Payload topic(Room room, String topic) {
    return Json.payload(notice("topic").put("topic", topic));
  }

  private static ObjectNode notice(String kind) {
    return Json.object().put("notice", kind);
  }

  private static ObjectNode about(String kind, Participant who) {
    return notice(kind).put("user", who.id()).put("name", who.name());
  }

  /** As it is told and asked for. */
  static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
