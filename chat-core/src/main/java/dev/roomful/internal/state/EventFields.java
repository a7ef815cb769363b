package dev.roomful.internal.state;

import static dev.roomful.internal.state.CommonFields.required;

import dev.roomful.CloseStatus;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binary form of the kinds of events, each of which is one field of an entry. */
final class EventFields {
  private static final int PUBLISHED = 3;
  private static final int SIGNALLED = 4;
  private static final int JOINED = 5;
  private static final int CONNECTION_LEFT = 6;
  private static final int MEMBER_REMOVED = 7;
  private static final int NODE_LOST = 8;
  private static final int MEMBER_UPDATED = 9;
  private static final int ROLE_CHANGED = 10;
  private static final int TOPIC_CHANGED = 11;
  private static final int SANCTION_IMPOSED = 12;
  private static final int SANCTION_LIFTED = 13;
  private static final int CLOSED = 15;
  private static final int READ_MARKED = 16;

  private final MessageFields messages;
  private final ParticipantFactory participants;

  EventFields(MessageFields messages, ParticipantFactory participants) {
    this.messages = messages;
    this.participants = participants;
  }

  static void write(FieldWriter writer, RoomEvent event) {
    if (event instanceof RoomEvent.Published published) {
      writer.message(PUBLISHED, published.message(), MessageFields::write);
    } else if (event instanceof RoomEvent.Signalled signalled) {
      writer.message(SIGNALLED, signalled.message(), MessageFields::write);
    } else if (event instanceof RoomEvent.Joined joined) {
      writer.message(JOINED, joined, EventFields::writeJoined);
    } else if (event instanceof RoomEvent.ConnectionLeft left) {
      writer.message(CONNECTION_LEFT, left, EventFields::writeConnectionLeft);
    } else if (event instanceof RoomEvent.MemberRemoved removed) {
      writer.message(MEMBER_REMOVED, removed, EventFields::writeMemberRemoved);
    } else if (event instanceof RoomEvent.NodeLost lost) {
      writer.message(NODE_LOST, lost.node(), (fields, node) -> fields.string(1, node));
    } else if (event instanceof RoomEvent.MemberUpdated updated) {
      writer.message(MEMBER_UPDATED, updated, EventFields::writeMemberUpdated);
    } else if (event instanceof RoomEvent.RoleChanged changed) {
      writer.message(ROLE_CHANGED, changed, EventFields::writeRoleChanged);
    } else if (event instanceof RoomEvent.TopicChanged changed) {
      writer.message(TOPIC_CHANGED, changed, EventFields::writeTopicChanged);
    } else if (event instanceof RoomEvent.SanctionImposed imposed) {
      writer.message(SANCTION_IMPOSED, imposed, EventFields::writeSanctionImposed);
    } else if (event instanceof RoomEvent.SanctionLifted lifted) {
      writer.message(SANCTION_LIFTED, lifted, EventFields::writeSanctionLifted);
    } else if (event instanceof RoomEvent.Closed closed) {
      writer.message(CLOSED, closed, EventFields::writeClosed);
    } else if (event instanceof RoomEvent.ReadMarked marked) {
      writer.message(READ_MARKED, marked, EventFields::writeReadMarked);
    } else {
      throw new IllegalArgumentException(
          event + " is an event of a later version and cannot be encoded");
    }
  }

  /** Reads the event that a field of an entry contains; returns null if the field is another. */
  @Nullable RoomEvent read(FieldReader entry) {
    return switch (entry.field()) {
      case PUBLISHED -> new RoomEvent.Published(messages.read(entry.message()));
      case SIGNALLED -> new RoomEvent.Signalled(messages.read(entry.message()));
      case JOINED -> readJoined(entry.message());
      case CONNECTION_LEFT -> readConnectionLeft(entry.message());
      case MEMBER_REMOVED -> readMemberRemoved(entry.message());
      case NODE_LOST -> readNodeLost(entry.message());
      case MEMBER_UPDATED -> readMemberUpdated(entry.message());
      case ROLE_CHANGED -> readRoleChanged(entry.message());
      case TOPIC_CHANGED -> readTopicChanged(entry.message());
      case SANCTION_IMPOSED -> readSanctionImposed(entry.message());
      case SANCTION_LIFTED -> readSanctionLifted(entry.message());
      case CLOSED -> readClosed(entry.message());
      case READ_MARKED -> readReadMarked(entry.message());
      default -> null;
    };
  }

  private static void writeJoined(FieldWriter writer, RoomEvent.Joined joined) {
    writer
        .string(1, joined.id())
        .string(2, joined.name())
        .stringIfPresent(3, joined.nameKey())
        .int64(4, CommonFields.number(joined.role()))
        .boolIfTrue(5, joined.seesParticipants())
        .boolIfTrue(6, joined.resuming())
        .string(7, joined.connectionId())
        .stringIfPresent(8, joined.replacedConnectionId())
        .message(9, joined.presenceOptions(), CommonFields::writePresenceOptions)
        .messageIfPresent(10, joined.joinNotice(), CommonFields::writeNotice)
        .messageIfPresent(11, joined.leaveNotice(), CommonFields::writeNotice);
    AttributeFields.write(writer, 12, joined.attributes());
  }

  private RoomEvent.Joined readJoined(FieldReader reader) {
    String id = null;
    String name = null;
    String nameKey = null;
    Role role = null;
    boolean seesParticipants = false;
    boolean resuming = false;
    String connectionId = null;
    String replacedConnectionId = null;
    PresenceOptions presenceOptions = null;
    Notice joinNotice = null;
    Notice leaveNotice = null;
    Map<String, Object> attributes = new HashMap<>(0);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> name = reader.string();
        case 3 -> nameKey = reader.string();
        case 4 -> role = CommonFields.role(reader.int64());
        case 5 -> seesParticipants = reader.bool();
        case 6 -> resuming = reader.bool();
        case 7 -> connectionId = reader.string();
        case 8 -> replacedConnectionId = reader.string();
        case 9 -> presenceOptions = CommonFields.readPresenceOptions(reader.message());
        case 10 -> joinNotice = CommonFields.readNotice(reader.message());
        case 11 -> leaveNotice = CommonFields.readNotice(reader.message());
        case 12 -> AttributeFields.read(reader.message(), attributes);
        default -> {}
      }
    }
    String memberId = required(id, "id of a participant");
    String memberName = required(name, "name of a participant");
    Map<String, Object> copy = Map.copyOf(attributes);
    return new RoomEvent.Joined(
        participants.participant(memberId, memberName, copy),
        memberId,
        memberName,
        nameKey,
        copy,
        required(role, "role"),
        seesParticipants,
        resuming,
        required(connectionId, "id of a connection"),
        replacedConnectionId,
        required(presenceOptions, "presence options"),
        joinNotice,
        leaveNotice);
  }

  private static void writeConnectionLeft(FieldWriter writer, RoomEvent.ConnectionLeft left) {
    writer
        .string(1, left.id())
        .string(2, left.connectionId())
        .message(3, left.status(), CommonFields::writeStatus);
  }

  private static RoomEvent.ConnectionLeft readConnectionLeft(FieldReader reader) {
    String id = null;
    String connectionId = null;
    CloseStatus status = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> connectionId = reader.string();
        case 3 -> status = CommonFields.readStatus(reader.message());
        default -> {}
      }
    }
    return new RoomEvent.ConnectionLeft(
        required(id, "id of a participant"),
        required(connectionId, "id of a connection"),
        required(status, "close status"));
  }

  private static void writeMemberRemoved(FieldWriter writer, RoomEvent.MemberRemoved removed) {
    writer
        .string(1, removed.id())
        .message(2, removed.status(), CommonFields::writeStatus)
        .messageIfPresent(3, removed.notice(), CommonFields::writeNotice);
  }

  private static RoomEvent.MemberRemoved readMemberRemoved(FieldReader reader) {
    String id = null;
    CloseStatus status = null;
    Notice notice = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> status = CommonFields.readStatus(reader.message());
        case 3 -> notice = CommonFields.readNotice(reader.message());
        default -> {}
      }
    }
    return new RoomEvent.MemberRemoved(
        required(id, "id of a participant"), required(status, "close status"), notice);
  }

  private static RoomEvent.NodeLost readNodeLost(FieldReader reader) {
    String node = null;
    while (reader.next()) {
      node = reader.field() == 1 ? reader.string() : node;
    }
    return new RoomEvent.NodeLost(required(node, "node"));
  }

  private static void writeMemberUpdated(FieldWriter writer, RoomEvent.MemberUpdated updated) {
    writer
        .string(1, updated.id())
        .stringIfPresent(2, updated.name())
        .stringIfPresent(3, updated.nameKey())
        .messageIfPresent(4, updated.notice(), CommonFields::writeNotice)
        .messageIfPresent(5, updated.leaveNotice(), CommonFields::writeNotice);
    Map<String, Object> attributes = updated.attributes();
    if (attributes == null) {
      writer.bool(7, true);
    } else {
      AttributeFields.write(writer, 6, attributes);
    }
  }

  private static RoomEvent.MemberUpdated readMemberUpdated(FieldReader reader) {
    String id = null;
    String name = null;
    String nameKey = null;
    Notice notice = null;
    Notice leaveNotice = null;
    Map<String, Object> attributes = new HashMap<>(0);
    boolean keepsAttributes = false;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> name = reader.string();
        case 3 -> nameKey = reader.string();
        case 4 -> notice = CommonFields.readNotice(reader.message());
        case 5 -> leaveNotice = CommonFields.readNotice(reader.message());
        case 6 -> AttributeFields.read(reader.message(), attributes);
        case 7 -> keepsAttributes = reader.bool();
        default -> {}
      }
    }
    return new RoomEvent.MemberUpdated(
        required(id, "id of a participant"),
        name,
        nameKey,
        keepsAttributes ? null : attributes,
        notice,
        leaveNotice);
  }

  private static void writeRoleChanged(FieldWriter writer, RoomEvent.RoleChanged changed) {
    writer
        .string(1, changed.id())
        .int64(2, CommonFields.number(changed.role()))
        .boolIfTrue(3, changed.seesParticipants())
        .boolIfTrue(4, changed.admitted())
        .messageIfPresent(5, changed.notice(), CommonFields::writeNotice);
  }

  private static RoomEvent.RoleChanged readRoleChanged(FieldReader reader) {
    String id = null;
    Role role = null;
    boolean seesParticipants = false;
    boolean admitted = false;
    Notice notice = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> role = CommonFields.role(reader.int64());
        case 3 -> seesParticipants = reader.bool();
        case 4 -> admitted = reader.bool();
        case 5 -> notice = CommonFields.readNotice(reader.message());
        default -> {}
      }
    }
    return new RoomEvent.RoleChanged(
        required(id, "id of a participant"),
        required(role, "role"),
        seesParticipants,
        admitted,
        notice);
  }

  private static void writeTopicChanged(FieldWriter writer, RoomEvent.TopicChanged changed) {
    writer
        .string(1, changed.topic())
        .messageIfPresent(2, changed.notice(), CommonFields::writeNotice);
  }

  private static RoomEvent.TopicChanged readTopicChanged(FieldReader reader) {
    String topic = null;
    Notice notice = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> topic = reader.string();
        case 2 -> notice = CommonFields.readNotice(reader.message());
        default -> {}
      }
    }
    return new RoomEvent.TopicChanged(required(topic, "topic"), notice);
  }

  private static void writeSanctionImposed(FieldWriter writer, RoomEvent.SanctionImposed imposed) {
    writer
        .boolIfTrue(1, imposed.ban())
        .string(2, imposed.id())
        .int64(3, imposed.millis())
        .string(4, imposed.reason())
        .messageIfPresent(5, imposed.notice(), CommonFields::writeNotice);
  }

  private static RoomEvent.SanctionImposed readSanctionImposed(FieldReader reader) {
    boolean ban = false;
    String id = null;
    long millis = 0;
    String reason = "";
    Notice notice = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> ban = reader.bool();
        case 2 -> id = reader.string();
        case 3 -> millis = reader.int64();
        case 4 -> reason = reader.string();
        case 5 -> notice = CommonFields.readNotice(reader.message());
        default -> {}
      }
    }
    return new RoomEvent.SanctionImposed(
        ban, required(id, "id of a participant"), millis, reason, notice);
  }

  private static void writeSanctionLifted(FieldWriter writer, RoomEvent.SanctionLifted lifted) {
    writer.boolIfTrue(1, lifted.ban()).string(2, lifted.id());
  }

  private static RoomEvent.SanctionLifted readSanctionLifted(FieldReader reader) {
    boolean ban = false;
    String id = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> ban = reader.bool();
        case 2 -> id = reader.string();
        default -> {}
      }
    }
    return new RoomEvent.SanctionLifted(ban, required(id, "id of a participant"));
  }

  private static void writeClosed(FieldWriter writer, RoomEvent.Closed closed) {
    writer.message(1, closed.status(), CommonFields::writeStatus);
  }

  private static RoomEvent.Closed readClosed(FieldReader reader) {
    CloseStatus status = null;
    while (reader.next()) {
      status = reader.field() == 1 ? CommonFields.readStatus(reader.message()) : status;
    }
    return new RoomEvent.Closed(required(status, "close status"));
  }

  private static void writeReadMarked(FieldWriter writer, RoomEvent.ReadMarked marked) {
    writer
        .string(1, marked.id())
        .message(2, marked.position(), CommonFields::writePosition)
        .messageIfPresent(3, marked.notice(), CommonFields::writeNotice);
  }

  private static RoomEvent.ReadMarked readReadMarked(FieldReader reader) {
    String id = null;
    Position position = null;
    Notice notice = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> position = CommonFields.readPosition(reader.message());
        case 3 -> notice = CommonFields.readNotice(reader.message());
        default -> {}
      }
    }
    return new RoomEvent.ReadMarked(
        required(id, "id of a participant"), required(position, "position"), notice);
  }
}
