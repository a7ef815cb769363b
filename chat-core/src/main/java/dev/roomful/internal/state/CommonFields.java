package dev.roomful.internal.state;

import dev.roomful.CloseStatus;
import dev.roomful.Payload;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The binary form of values that occur in several records. */
final class CommonFields {
  private CommonFields() {}

  /** Returns the value of a field that every record of its kind has. */
  static <T> T required(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalArgumentException("malformed record: it has no " + what);
    }
    return value;
  }

  static void writePayload(FieldWriter writer, Payload payload) {
    if (payload.isText()) {
      writer.string(1, payload.text());
    } else {
      writer.bytes(2, payload.bytes());
    }
  }

  static Payload readPayload(FieldReader reader) {
    Payload payload = null;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> payload = Payload.text(reader.string());
        case 2 -> payload = Payload.bytes(reader.buffer());
        default -> {}
      }
    }
    return required(payload, "text or bytes of a payload");
  }

  static void writeNotice(FieldWriter writer, Notice notice) {
    writePayload(writer, notice.payload());
  }

  static @Nullable Notice readNotice(FieldReader reader) {
    return Notice.decoded(readPayload(reader));
  }

  static void writePosition(FieldWriter writer, Position position) {
    writer.string(1, position.epoch()).int64IfNotZero(2, position.offset());
  }

  static Position readPosition(FieldReader reader) {
    String epoch = null;
    long offset = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> epoch = reader.string();
        case 2 -> offset = reader.int64();
        default -> {}
      }
    }
    return new Position(required(epoch, "epoch of a position"), offset);
  }

  static void writeStatus(FieldWriter writer, CloseStatus status) {
    writer.int64(1, status.code()).string(2, status.reason());
  }

  static CloseStatus readStatus(FieldReader reader) {
    int code = 0;
    String reason = "";
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> code = reader.int32();
        case 2 -> reason = reader.string();
        default -> {}
      }
    }
    return new CloseStatus(code, reason);
  }

  static void writePresenceOptions(FieldWriter writer, PresenceOptions options) {
    writer
        .boolIfTrue(1, options.listed())
        .boolIfTrue(2, options.announced())
        .boolIfTrue(3, options.presenceEvents())
        .messageIfPresent(4, options.connectionInfo().orElse(null), CommonFields::writePayload);
  }

  static PresenceOptions readPresenceOptions(FieldReader reader) {
    boolean listed = false;
    boolean announced = false;
    boolean presenceEvents = false;
    Optional<Payload> connectionInfo = Optional.empty();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> listed = reader.bool();
        case 2 -> announced = reader.bool();
        case 3 -> presenceEvents = reader.bool();
        case 4 -> connectionInfo = Optional.of(readPayload(reader.message()));
        default -> {}
      }
    }
    return new PresenceOptions(listed, announced, presenceEvents, connectionInfo);
  }

  /** The number of a role, which does not depend on the order of the constants. */
  static int number(Role role) {
    return switch (role) {
      case VISITOR -> 1;
      case MEMBER -> 2;
      case MODERATOR -> 3;
      case OWNER -> 4;
    };
  }

  static Role role(long number) {
    for (Role role : Role.values()) {
      if (number(role) == number) {
        return role;
      }
    }
    throw new IllegalArgumentException("malformed record: " + number + " is not a role");
  }
}
