package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import dev.roomful.internal.state.MemberState;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A participant without connections to this node: what the log of a room says of it. Immutable. */
final class RemoteParticipant implements Participant {
  private final RoomEnvironment environment;
  private final String id;
  private final String name;
  private final Map<String, Object> attributes;

  RemoteParticipant(
      RoomEnvironment environment, String id, String name, Map<String, Object> attributes) {
    this.environment = environment;
    this.id = id;
    this.name = name;
    this.attributes = attributes;
  }

  RemoteParticipant(RoomEnvironment environment, MemberState member) {
    this(environment, member.id(), member.name(), Map.copyOf(member.attributes()));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Outcome rename(String newName) {
    return environment.remote().rename(id, newName);
  }

  @Override
  public Map<String, Object> attributes() {
    return attributes;
  }

  @Override
  public void update(String key, Object value) {
    environment.remote().update(id, key, value);
  }

  @Override
  public void removeAttribute(String key) {
    environment.remote().update(id, key, null);
  }

  @Override
  public int connections() {
    return environment.remote().connections(id);
  }

  @Override
  public Set<Room> rooms() {
    return environment.remote().rooms(id);
  }

  @Override
  public Outcome send(Payload payload) {
    return environment.remote().send(id, payload);
  }

  @Override
  public Outcome join(String room, HistoryRange replay) {
    return environment.remote().join(id, room, replay);
  }

  @Override
  public Outcome leave(String room) {
    return environment.remote().leave(id, room);
  }

  @Override
  public Outcome disconnect(CloseStatus status) {
    return environment.remote().disconnect(id, status);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Participant that && id.equals(that.id());
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return name.equals(id) ? id : name + " (" + id + ")";
  }
}
