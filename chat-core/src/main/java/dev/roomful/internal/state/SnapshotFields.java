package dev.roomful.internal.state;

import static dev.roomful.internal.state.CommonFields.required;

import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.internal.state.NodeSequences.Last;
import dev.roomful.internal.state.Sanctions.Sanction;
import dev.roomful.protocol.PresenceOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The binary form of the state of a room. */
final class SnapshotFields {
  private static final int POSITION = 2;
  private static final int LAST_MESSAGE_MILLIS = 3;
  private static final int EARLIER_EPOCH = 4;
  private static final int KEY = 5;
  private static final int LOG_MILLIS = 6;
  private static final int EMPTY_SINCE = 7;
  private static final int TOPIC = 8;
  private static final int MEMBER = 9;
  private static final int BAN = 10;
  private static final int MUTE = 11;
  private static final int NODE = 12;
  private static final int MESSAGE = 13;
  private static final int LAST_EVICTED_OFFSET = 14;
  private static final int READ_MARK = 16;
  private static final int GENERATION = 15;

  private final MessageFields messages;
  private final ParticipantFactory participants;

  SnapshotFields(MessageFields messages, ParticipantFactory participants) {
    this.messages = messages;
    this.participants = participants;
  }

  static void write(FieldWriter writer, RoomSnapshot snapshot) {
    writer
        .message(POSITION, snapshot.position(), CommonFields::writePosition)
        .int64IfNotZero(LAST_MESSAGE_MILLIS, snapshot.lastMessageMillis());
    snapshot
        .earlierEpochs()
        .forEach(
            (epoch, offset) ->
                writer.message(
                    EARLIER_EPOCH, new Position(epoch, offset), CommonFields::writePosition));
    snapshot.keys().entrySet().forEach(key -> writer.message(KEY, key, SnapshotFields::writeKey));
    writer
        .int64IfNotZero(LOG_MILLIS, snapshot.logMillis())
        .int64IfNotZero(EMPTY_SINCE, snapshot.emptySince());
    if (!snapshot.topic().isEmpty()) {
      writer.string(TOPIC, snapshot.topic());
    }
    snapshot.members().forEach(one -> writer.message(MEMBER, one, SnapshotFields::writeMember));
    writeSanctions(writer, BAN, snapshot.bans());
    writeSanctions(writer, MUTE, snapshot.mutes());
    snapshot
        .nodes()
        .entrySet()
        .forEach(one -> writer.message(NODE, one, SnapshotFields::writeNode));
    snapshot.messages().forEach(one -> writer.message(MESSAGE, one, MessageFields::write));
    writer.int64IfNotZero(LAST_EVICTED_OFFSET, snapshot.lastEvictedOffset());
    snapshot
        .readMarks()
        .entrySet()
        .forEach(mark -> writer.message(READ_MARK, mark, SnapshotFields::writeReadMark));
    if (!snapshot.generation().isEmpty()) {
      writer.string(GENERATION, snapshot.generation());
    }
  }

  /** Reads what follows the version. */
  RoomSnapshot read(FieldReader reader) {
    Position position = null;
    long lastMessageMillis = 0;
    Map<String, Long> earlierEpochs = new LinkedHashMap<>(0);
    Map<MessageSequence.Key, Position> keys = new LinkedHashMap<>(0);
    long logMillis = 0;
    long emptySince = 0;
    String generation = "";
    String topic = "";
    Map<String, MemberState> members = new LinkedHashMap<>();
    Map<String, String> nodeNames = new HashMap<>();
    Map<String, Sanction> bans = new HashMap<>(0);
    Map<String, Sanction> mutes = new HashMap<>(0);
    Map<String, Last> nodes = new LinkedHashMap<>(0);
    List<RoomMessage> stored = new ArrayList<>(0);
    long lastEvictedOffset = 0;
    Map<String, Long> readMarks = new LinkedHashMap<>(0);
    while (reader.next()) {
      switch (reader.field()) {
        case POSITION -> position = CommonFields.readPosition(reader.message());
        case LAST_MESSAGE_MILLIS -> lastMessageMillis = reader.int64();
        case EARLIER_EPOCH -> {
          Position last = CommonFields.readPosition(reader.message());
          earlierEpochs.put(last.epoch(), last.offset());
        }
        case KEY -> readKey(reader.message(), keys);
        case LOG_MILLIS -> logMillis = reader.int64();
        case EMPTY_SINCE -> emptySince = reader.int64();
        case GENERATION -> generation = reader.string();
        case TOPIC -> topic = reader.string();
        case MEMBER -> {
          MemberState member = readMember(reader.message(), nodeNames);
          if (members.put(member.id(), member) != null) {
            throw new IllegalArgumentException(
                "malformed snapshot: the member " + member.id() + " occurs twice");
          }
        }
        case BAN -> readSanction(reader.message(), bans);
        case MUTE -> readSanction(reader.message(), mutes);
        case NODE -> readNode(reader.message(), nodes);
        case MESSAGE -> stored.add(readMessage(reader.message()));
        case LAST_EVICTED_OFFSET -> lastEvictedOffset = reader.int64();
        case READ_MARK -> readReadMark(reader.message(), readMarks);
        default -> {}
      }
    }
    return new RoomSnapshot(
        required(position, "position of a snapshot"),
        lastMessageMillis,
        earlierEpochs,
        keys,
        logMillis,
        emptySince,
        generation,
        topic,
        List.copyOf(members.values()),
        bans,
        mutes,
        nodes,
        stored,
        lastEvictedOffset,
        readMarks);
  }

  private static void writeReadMark(FieldWriter writer, Map.Entry<String, Long> mark) {
    writer.string(1, mark.getKey()).int64IfNotZero(2, mark.getValue());
  }

  private static void readReadMark(FieldReader reader, Map<String, Long> marks) {
    String id = null;
    long offset = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> offset = reader.int64();
        default -> {}
      }
    }
    marks.put(required(id, "id of a participant"), offset);
  }

  private RoomMessage readMessage(FieldReader reader) {
    RoomMessage message = messages.read(reader);
    required(message.position().orElse(null), "position of a stored message");
    return message;
  }

  private static void writeKey(FieldWriter writer, Map.Entry<MessageSequence.Key, Position> key) {
    writer
        .stringIfPresent(1, key.getKey().senderId())
        .string(2, key.getKey().key())
        .message(3, key.getValue(), CommonFields::writePosition);
  }

  private static void readKey(FieldReader reader, Map<MessageSequence.Key, Position> keys) {
    String senderId = null;
    String key = null;
    Position position = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> senderId = reader.string();
        case 2 -> key = reader.string();
        case 3 -> position = CommonFields.readPosition(reader.message());
        default -> {}
      }
    }
    keys.put(
        new MessageSequence.Key(senderId, required(key, "idempotency key")),
        required(position, "position of an idempotency key"));
  }

  private static void writeMember(FieldWriter writer, MemberState member) {
    Role role = member.role();
    Role admitted = member.admittedRole();
    writer
        .string(1, member.id())
        .string(2, member.name())
        .stringIfPresent(3, member.nameKey)
        .int64(4, CommonFields.number(role));
    if (admitted != role) {
      writer.int64(5, CommonFields.number(admitted));
    }
    writer
        .boolIfTrue(6, member.seesParticipants())
        .messageIfPresent(7, member.leaveNotice(), CommonFields::writeNotice);
    for (ConnectionState connection : member.connections()) {
      writer.message(8, connection, SnapshotFields::writeConnection);
    }
    AttributeFields.write(writer, 9, member.attributes());
    writer.messageIfPresent(10, member.joinNotice(), CommonFields::writeNotice);
  }

  private MemberState readMember(FieldReader reader, Map<String, String> nodeNames) {
    String id = null;
    String name = null;
    String nameKey = null;
    Role role = null;
    Role admittedRole = null;
    boolean seesParticipants = false;
    Notice joinNotice = null;
    Notice leaveNotice = null;
    List<ConnectionState> connections = new ArrayList<>(1);
    Map<String, Object> attributes = new HashMap<>(0);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> name = reader.string();
        case 3 -> nameKey = reader.string();
        case 4 -> role = CommonFields.role(reader.int64());
        case 5 -> admittedRole = CommonFields.role(reader.int64());
        case 6 -> seesParticipants = reader.bool();
        case 7 -> leaveNotice = CommonFields.readNotice(reader.message());
        case 8 -> connections.add(readConnection(reader.message(), nodeNames));
        case 9 -> AttributeFields.read(reader.message(), attributes);
        case 10 -> joinNotice = CommonFields.readNotice(reader.message());
        default -> {}
      }
    }
    String memberId = required(id, "id of a participant");
    String memberName = required(name, "name of a participant");
    Role memberRole = required(role, "role");
    Map<String, Object> copy = Map.copyOf(attributes);
    required(connections.isEmpty() ? null : connections, "connection of a member");
    return MemberState.restored(
        memberId,
        participants.participant(memberId, memberName, copy),
        memberName,
        nameKey,
        copy,
        memberRole,
        admittedRole == null ? memberRole : admittedRole,
        seesParticipants,
        joinNotice,
        leaveNotice,
        connections);
  }

  private static void writeConnection(FieldWriter writer, ConnectionState connection) {
    writer.string(1, connection.id()).string(2, connection.node());
    if (!connection.presenceId().equals(connection.id())) {
      writer.string(3, connection.presenceId());
    }
    writer.message(4, connection.presenceOptions(), CommonFields::writePresenceOptions);
  }

  private static ConnectionState readConnection(FieldReader reader, Map<String, String> nodeNames) {
    String id = null;
    String node = null;
    String presenceId = null;
    PresenceOptions presenceOptions = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> node = shared(reader.string(), nodeNames);
        case 3 -> presenceId = reader.string();
        case 4 -> presenceOptions = CommonFields.readPresenceOptions(reader.message());
        default -> {}
      }
    }
    String connectionId = required(id, "id of a connection");
    return new ConnectionState(
        connectionId,
        required(node, "node of a connection"),
        presenceId == null ? connectionId : presenceId,
        required(presenceOptions, "presence options"));
  }

  /** Returns one object for all equal names, of which a room has one for each connection. */
  private static String shared(String name, Map<String, String> names) {
    String known = names.putIfAbsent(name, name);
    return known == null ? name : known;
  }

  private static void writeSanctions(FieldWriter writer, int field, Map<String, Sanction> all) {
    all.entrySet().forEach(one -> writer.message(field, one, SnapshotFields::writeSanction));
  }

  private static void writeSanction(FieldWriter writer, Map.Entry<String, Sanction> sanction) {
    writer
        .string(1, sanction.getKey())
        .string(2, sanction.getValue().reason())
        .int64(3, sanction.getValue().since())
        .int64(4, sanction.getValue().millis());
  }

  private static void readSanction(FieldReader reader, Map<String, Sanction> sanctions) {
    String id = null;
    String reason = "";
    long since = 0;
    long millis = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> reason = reader.string();
        case 3 -> since = reader.int64();
        case 4 -> millis = reader.int64();
        default -> {}
      }
    }
    sanctions.put(required(id, "id of a participant"), new Sanction(reason, since, millis));
  }

  static void writeNode(FieldWriter writer, Map.Entry<String, Last> node) {
    writer
        .string(1, node.getKey())
        .int64IfNotZero(2, node.getValue().sequence())
        .int64(3, node.getValue().millis())
        .boolIfTrue(4, node.getValue().lost());
  }

  static void readNode(FieldReader reader, Map<String, Last> nodes) {
    String node = null;
    long sequence = 0;
    long millis = 0;
    boolean lost = false;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> node = reader.string();
        case 2 -> sequence = reader.int64();
        case 3 -> millis = reader.int64();
        case 4 -> lost = reader.bool();
        default -> {}
      }
    }
    nodes.put(required(node, "node"), new Last(sequence, millis, lost));
  }
}
