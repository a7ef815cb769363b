package dev.roomful.internal.state;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.Sender;
import dev.roomful.admission.Position;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The binary form of messages of one room. */
final class MessageFields {
  private final Room room;
  private final RoomOptions options;

  MessageFields(Room room, RoomOptions options) {
    this.room = room;
    this.options = options;
  }

  static void write(FieldWriter writer, RoomMessage message) {
    writer.messageIfPresent(
        1, message.isAnnouncement() ? null : message.sender(), MessageFields::writeSender);
    writer.message(2, message.payload(), CommonFields::writePayload);
    message
        .headers()
        .forEach(
            (key, value) ->
                writer.message(3, value, (entry, text) -> entry.string(1, key).string(2, text)));
    if (!message.audience().equals(BroadcastPolicy.everyone())) {
      writer.message(4, message.audience(), MessageFields::writeAudience);
    }
    writer.stringIfPresent(5, message.idempotencyKey().orElse(null));
    writer.messageIfPresent(6, message.position().orElse(null), CommonFields::writePosition);
    writer.int64(7, message.millis());
    writer.messageIfPresent(8, message.amendment().orElse(null), MessageFields::writeAmendment);
    MessageRevision revision = message.revision();
    writer.boolIfTrue(9, revision.edited()).boolIfTrue(10, revision.pinned());
    revision
        .reactions()
        .entrySet()
        .forEach(reaction -> writer.message(11, reaction, MessageFields::writeReaction));
  }

  RoomMessage read(FieldReader reader) {
    Sender sender = null;
    Payload payload = null;
    Map<String, String> headers = Map.of();
    BroadcastPolicy audience = BroadcastPolicy.everyone();
    String idempotencyKey = null;
    Position position = null;
    long millis = 0;
    Amendment amendment = null;
    boolean edited = false;
    boolean pinned = false;
    Map<String, Set<String>> reactions = Map.of();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> sender = readSender(reader.message());
        case 2 -> payload = CommonFields.readPayload(reader.message());
        case 3 -> {
          headers = headers.isEmpty() ? new LinkedHashMap<>() : headers;
          readHeader(reader.message(), headers);
        }
        case 4 -> audience = readAudience(reader.message());
        case 5 -> idempotencyKey = reader.string();
        case 6 -> position = CommonFields.readPosition(reader.message());
        case 7 -> millis = reader.int64();
        case 8 -> amendment = readAmendment(reader.message());
        case 9 -> edited = reader.bool();
        case 10 -> pinned = reader.bool();
        case 11 -> {
          reactions = reactions.isEmpty() ? new LinkedHashMap<>() : reactions;
          readReaction(reader.message(), reactions);
        }
        default -> {}
      }
    }
    return RoomMessage.decoded(
        room,
        sender,
        CommonFields.required(payload, "payload of a message"),
        Collections.unmodifiableMap(headers),
        audience,
        idempotencyKey,
        amendment,
        edited || pinned || !reactions.isEmpty()
            ? new MessageRevision(edited, pinned, Collections.unmodifiableMap(reactions))
            : MessageRevision.NONE,
        position,
        millis);
  }

  private static void readHeader(FieldReader reader, Map<String, String> headers) {
    String key = null;
    String value = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> key = reader.string();
        case 2 -> value = reader.string();
        default -> {}
      }
    }
    headers.put(
        CommonFields.required(key, "key of a header"),
        CommonFields.required(value, "value of a header"));
  }

  private static void writeAmendment(FieldWriter writer, Amendment amendment) {
    writer
        .int64(1, number(amendment.kind()))
        .message(2, amendment.target(), CommonFields::writePosition)
        .stringIfPresent(3, amendment.reaction().orElse(null));
  }

  private static Amendment readAmendment(FieldReader reader) {
    long kind = 0;
    Position target = null;
    String reaction = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> kind = reader.int64();
        case 2 -> target = CommonFields.readPosition(reader.message());
        case 3 -> reaction = reader.string();
        default -> {}
      }
    }
    return amendment(kind, CommonFields.required(target, "target of an amendment"), reaction);
  }

  /** The number of a kind, which does not depend on the order of the constants. */
  private static int number(Amendment.Kind kind) {
    return switch (kind) {
      case EDIT -> 1;
      case DELETE -> 2;
      case REACT -> 3;
      case UNREACT -> 4;
      case PIN -> 5;
      case UNPIN -> 6;
    };
  }

  private static Amendment amendment(long kind, Position target, @Nullable String reaction) {
    return switch ((int) kind) {
      case 1 -> Amendment.edit(target);
      case 2 -> Amendment.delete(target);
      case 3 -> Amendment.react(target, CommonFields.required(reaction, "reaction"));
      case 4 -> Amendment.unreact(target, CommonFields.required(reaction, "reaction"));
      case 5 -> Amendment.pin(target);
      case 6 -> Amendment.unpin(target);
      default ->
          throw new IllegalArgumentException(
              "malformed record: " + kind + " is not a kind of amendment");
    };
  }

  private static void writeReaction(FieldWriter writer, Map.Entry<String, Set<String>> reaction) {
    writer.string(1, reaction.getKey());
    reaction.getValue().forEach(id -> writer.string(2, id));
  }

  private static void readReaction(FieldReader reader, Map<String, Set<String>> reactions) {
    String reaction = null;
    Set<String> ids = new LinkedHashSet<>();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> reaction = reader.string();
        case 2 -> ids.add(reader.string());
        default -> {}
      }
    }
    reactions.put(CommonFields.required(reaction, "reaction"), Collections.unmodifiableSet(ids));
  }

  private static void writeSender(FieldWriter writer, Sender sender) {
    writer
        .string(1, sender.id())
        .string(2, sender.name())
        .stringIfPresent(3, sender.info().orElse(null))
        .stringIfPresent(4, sender.connectionId().orElse(null))
        .messageIfPresent(5, sender.connectionInfo().orElse(null), CommonFields::writePayload);
  }

  private static Sender readSender(FieldReader reader) {
    String id = null;
    String name = null;
    String info = null;
    String connectionId = null;
    Payload connectionInfo = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> id = reader.string();
        case 2 -> name = reader.string();
        case 3 -> info = reader.string();
        case 4 -> connectionId = reader.string();
        case 5 -> connectionInfo = CommonFields.readPayload(reader.message());
        default -> {}
      }
    }
    return new Sender(
        CommonFields.required(id, "id of a sender"),
        CommonFields.required(name, "name of a sender"),
        info,
        connectionId,
        connectionInfo);
  }

  private static void writeAudience(FieldWriter writer, BroadcastPolicy audience) {
    Set<String> only = audience.onlyIds();
    writer
        .boolIfTrue(1, audience.excludesSender())
        .boolIfTrue(2, audience.excludesOrigin())
        .boolIfTrue(3, only != null);
    writeIds(writer, 4, only);
    writeIds(writer, 5, audience.exceptIds());
    writer.boolIfTrue(6, audience.hasRules());
  }

  /** Writes ids in their order, because that of a set differs between runs. */
  private static void writeIds(FieldWriter writer, int field, @Nullable Set<String> ids) {
    if (ids != null) {
      ids.stream().sorted().forEach(id -> writer.string(field, id));
    }
  }

  private BroadcastPolicy readAudience(FieldReader reader) {
    boolean restricted = false;
    boolean rules = false;
    Set<String> only = new HashSet<>(0);
    Set<String> except = new HashSet<>(0);
    BroadcastPolicy audience = BroadcastPolicy.everyone();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> audience = narrowedIf(reader, audience, BroadcastPolicy.excludingSender());
        case 2 -> audience = narrowedIf(reader, audience, BroadcastPolicy.excludingOrigin());
        case 3 -> restricted = reader.bool();
        case 4 -> only.add(reader.string());
        case 5 -> except.add(reader.string());
        case 6 -> rules = reader.bool();
        default -> {}
      }
    }
    audience = restricted ? audience.and(BroadcastPolicy.onlyIds(only)) : audience;
    audience = except.isEmpty() ? audience : audience.and(BroadcastPolicy.exceptIds(except));
    // Only the policy of a room has rules, so that they are those of this node's options.
    return rules ? audience.and(options.policy()) : audience;
  }

  private static BroadcastPolicy narrowedIf(
      FieldReader reader, BroadcastPolicy audience, BroadcastPolicy restriction) {
    return reader.bool() ? audience.and(restriction) : audience;
  }
}
