package dev.roomful.internal.state;

import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.internal.state.RoomState.RoomSanctions;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A room with a codec, and states of it as different nodes have them. */
final class RoomFixture {
  final Room room = object(Room.class, "lobby", Map.of("name", "lobby"));
  final RoomOptions options;
  final RoomCodec codec;

  /** The clock of all nodes, in milliseconds. */
  long millis = 1_000_000;

  RoomFixture(RoomOptions options) {
    this.options = options;
    this.codec = new RoomCodec(room, options, RoomFixture::participant);
  }

  RoomState state() {
    return new RoomState(
        "lobby",
        options,
        RoomSanctions.of(3),
        RoomState.NO_EPOCH,
        () -> millis * 1_000_000,
        bytes -> {});
  }

  RoomState restored(byte[] snapshot) {
    RoomState state = state();
    codec.restore(state, snapshot);
    return state;
  }

  static Participant participant(String id, String name, Map<String, Object> attributes) {
    return object(Participant.class, id, Map.of("id", id, "name", name, "attributes", attributes));
  }

  /** What an event, or a part of it, consists of, as values that can be compared. */
  static Object content(Object value) {
    if (value instanceof Notice notice) {
      return notice.payload();
    }
    if (value instanceof RoomMessage message) {
      return List.of(
          message.room(),
          message.isAnnouncement() ? "announcement" : message.sender(),
          message.payload(),
          List.copyOf(message.headers().entrySet()),
          message.audience(),
          message.idempotencyKey(),
          message.amendment(),
          message.revision().toString(),
          message.position(),
          message.millis());
    }
    if (value instanceof MemberState member) {
      return List.of(
          member.participant(),
          member.participant().name(),
          member.participant().attributes(),
          member.id(),
          member.name(),
          Optional.ofNullable(member.nameKey),
          member.attributes(),
          member.role(),
          member.admittedRole(),
          member.seesParticipants(),
          Optional.ofNullable(member.leaveNotice()).map(Notice::payload),
          member.connections().stream().map(RoomFixture::content).toList());
    }
    if (value instanceof ConnectionState connection) {
      return List.of(
          connection.id(),
          connection.node(),
          connection.presenceId(),
          connection.presenceOptions());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RoomFixture::content).toList();
    }
    return value instanceof RoomEvent || value instanceof RoomSnapshot ? components(value) : value;
  }

  private static Object components(Object record) {
    Map<String, Object> components = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      components.put(component.getName(), content(component(record, component)));
    }
    return Map.of(record.getClass(), components);
  }

  private static Object component(Object record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("the accessor of a record", impossible);
    }
  }

  /** An object whose methods return fixed values, and which is equal to those of the same name. */
  private static <T> T object(Class<T> type, String name, Map<String, Object> values) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "equals" ->
                      type.isInstance(arguments[0]) && name.equals(arguments[0].toString());
                  case "hashCode" -> name.hashCode();
                  case "toString" -> name;
                  default -> {
                    Object value = values.get(method.getName());
                    if (value == null) {
                      throw new AssertionError(method + " was not expected to be called");
                    }
                    yield value;
                  }
                }));
  }
}
