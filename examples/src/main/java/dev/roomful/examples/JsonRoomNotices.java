package dev.roomful.examples;

import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomNotices;
import dev.roomful.admission.Role;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server tells those in one of the {@link RoomsExample}: objects with a {@code notice}.
 * Who comes and goes, the protocol tells.
 */
final class JsonRoomNotices implements RoomNotices {
  /** How things stand for who comes in: the topic, who it is, and who is in charge. */
  static Payload welcome(JoinInfo joinInfo, Map<String, Role> roles) {
    ObjectNode welcome = JsonPayloads.object().put("topic", joinInfo.room().topic());
    Participant participant = joinInfo.participant();
    welcome
        .putObject("you")
        .put("user", participant.id())
        .put("name", participant.name())
        .put("role", roleName(roles.getOrDefault(participant.id(), Role.MEMBER)));
    ObjectNode roleNames = welcome.putObject("roles");
    roles.forEach((id, role) -> roleNames.put(id, roleName(role)));
    return JsonPayloads.payload(welcome);
  }

  /** There is something to hear in a room for two. */
  static Payload directMessage(String room, String user, String name) {
    ObjectNode notification = JsonPayloads.object();
    notification.putObject("direct").put("room", room).put("user", user).put("name", name);
    return JsonPayloads.payload(notification);
  }

  /** Somebody had to go, and why. */
  static Payload participantRemoved(Participant participant, String reason) {
    return JsonPayloads.payload(participantNotice("expelled", participant).put("reason", reason));
  }

  @Override
  public Payload participantUpdated(Room room, Participant participant) {
    return JsonPayloads.payload(participantNotice("changed", participant));
  }

  @Override
  public Payload roleChanged(Room room, Participant participant, Role role) {
    return JsonPayloads.payload(participantNotice("role", participant).put("role", roleName(role)));
  }

  @Override
  public Payload messageDeleted(Message message) {
    long offset = message.position().orElseThrow().offset();
    return JsonPayloads.payload(notice("removed").put("offset", offset));
  }

  @Override
  public Payload topicChanged(Room room, String topic) {
    return JsonPayloads.payload(notice("topic").put("topic", topic));
  }

  private static ObjectNode notice(String kind) {
    return JsonPayloads.object().put("notice", kind);
  }

  private static ObjectNode participantNotice(String kind, Participant participant) {
    return notice(kind).put("user", participant.id()).put("name", participant.name());
  }

  /** As it is told and asked for. */
  static String roleName(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
