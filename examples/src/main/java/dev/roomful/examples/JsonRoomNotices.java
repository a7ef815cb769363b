package dev.roomful.examples;

import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomNotices;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Notices to the participants of a room of {@link RoomsExample}: JSON objects with a member {@code
 * notice}. Joins and leaves are not among them, because the protocol reports these itself.
 */
final class JsonRoomNotices implements RoomNotices {
  /**
   * {@return the data for a participant that joins: the topic, its identity, its mute, up to which
   * position it has read, all roles, and whether there is an archive}
   */
  static Payload welcome(JoinInfo joinInfo, Map<String, Role> roles, boolean hasArchive) {
    ObjectNode welcome = JsonPayloads.object().put("topic", joinInfo.room().topic());
    if (hasArchive) {
      welcome.put("archive", true);
    }
    Participant participant = joinInfo.participant();
    welcome
        .putObject("you")
        .put("user", participant.id())
        .put("name", participant.name())
        .put("role", roleName(roles.getOrDefault(participant.id(), Role.MEMBER)));
    joinInfo
        .room()
        .muteOf(participant.id())
        .ifPresent(mute -> SanctionCalls.put(welcome.putObject("mute"), mute));
    joinInfo
        .room()
        .readMark(participant.id())
        .ifPresent(position -> welcome.put("read", position.toString()));
    ObjectNode roleNames = welcome.putObject("roles");
    roles.forEach((id, role) -> roleNames.put(id, roleName(role)));
    return JsonPayloads.payload(welcome);
  }

  /** {@return the notification that the other participant has opened a direct room} */
  static Payload directRoom(String room, String user, String name, boolean hasMessage) {
    ObjectNode notification = JsonPayloads.object();
    notification
        .putObject("direct")
        .put("room", room)
        .put("user", user)
        .put("name", name)
        .put("message", hasMessage);
    return JsonPayloads.payload(notification);
  }

  /** {@return the notification that the participant was invited to a private room} */
  static Payload invited(String room) {
    return JsonPayloads.payload(JsonPayloads.object().put("invited", room));
  }

  /** {@return the notice that a participant was removed, with the reason} */
  static Payload participantRemoved(Participant participant, String reason) {
    return JsonPayloads.payload(participantNotice("expelled", participant).put("reason", reason));
  }

  /** {@return the notice that a message was deleted that the room does not store any more} */
  static Payload archivedMessageDeleted(Position position) {
    return JsonPayloads.payload(notice("deleted").put("position", position.toString()));
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
    return JsonPayloads.payload(JsonPayloads.object()); // the tags of the amendment say it all
  }

  @Override
  public Payload readMarked(Room room, String id, Position position) {
    return JsonPayloads.payload(notice("read")); // the tags say who has read what
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

  /** {@return the name of a role in notices and calls} */
  static String roleName(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
