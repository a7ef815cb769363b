package dev.roomful.internal.state;

import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of a room. What the application decided about it, such as the notices to others, was
 * decided before and travels with it.
 */
public sealed interface RoomEvent {
  /** Applies the event to a state and returns what it changed. */
  Applied applyTo(RoomState state, EventTime time);

  /** A message was published. */
  record Published(RoomMessage message) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.publish(message, time.millis(), time.monotonicMillis());
    }
  }

  /** A message that is not stored was sent to those who are connected; changes nothing. */
  record Signalled(RoomMessage message) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return Applied.unchanged();
    }
  }

  /**
   * A connection joined.
   *
   * @param participant as this node sees it
   * @param id the participant's id
   * @param name its display name
   * @param nameKey the key of the name that nobody else may have, or null
   * @param attributes its attributes
   * @param role its role, if it is not a member already
   * @param seesParticipants whether this role may see the participants
   * @param resuming whether it joins only if the participant is a member already
   * @param connectionId the connection
   * @param replacedConnectionId the connection that it replaces without anybody's notice, or null
   * @param presenceOptions what others see of the connection, and what it sees of them
   * @param joinNotice what others receive if the participant was not a member, or null
   * @param leaveNotice what others receive when it leaves, or null
   */
  record Joined(
      Participant participant,
      String id,
      String name,
      @Nullable String nameKey,
      Map<String, Object> attributes,
      Role role,
      boolean seesParticipants,
      boolean resuming,
      String connectionId,
      @Nullable String replacedConnectionId,
      PresenceOptions presenceOptions,
      @Nullable Notice joinNotice,
      @Nullable Notice leaveNotice)
      implements RoomEvent {
    /** Copies the attributes, which the application may change later. */
    public Joined {
      attributes = attributes.isEmpty() ? Map.of() : Map.copyOf(attributes);
    }

    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.join(this, time);
    }
  }

  /** A connection left; its participant leaves with the last one. */
  record ConnectionLeft(String id, String connectionId, CloseStatus status) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.removeConnection(this);
    }
  }

  /**
   * A participant was removed, or left with all its connections.
   *
   * @param id the participant's id
   * @param status why
   * @param notice what others receive, or null
   */
  record MemberRemoved(String id, CloseStatus status, @Nullable Notice notice)
      implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.removeMember(this);
    }
  }

  /** A node was lost, with all its connections. */
  record NodeLost(String node) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.removeNode(node);
    }
  }

  /**
   * A participant has another name or other attributes.
   *
   * @param id the participant's id
   * @param name its new display name, or null if that did not change
   * @param nameKey the key of the new name that nobody else may have, or null
   * @param attributes all its attributes, or null if they did not change
   * @param notice what others receive, or null
   * @param leaveNotice what others receive when it leaves, or null
   */
  record MemberUpdated(
      String id,
      @Nullable String name,
      @Nullable String nameKey,
      @Nullable Map<String, Object> attributes,
      @Nullable Notice notice,
      @Nullable Notice leaveNotice)
      implements RoomEvent {
    /** Copies the attributes, which the application may change later. */
    public MemberUpdated {
      attributes = attributes == null ? null : Map.copyOf(attributes);
    }

    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.updateMember(this);
    }
  }

  /**
   * A participant has another role.
   *
   * @param id the participant's id
   * @param role its role
   * @param seesParticipants whether this role may see the participants
   * @param admitted whether it is the role of an admission: changes nothing if the admission before
   *     had the same one
   * @param notice what others receive, or null
   */
  record RoleChanged(
      String id, Role role, boolean seesParticipants, boolean admitted, @Nullable Notice notice)
      implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.changeRole(this);
    }
  }

  /** The room has another topic. */
  record TopicChanged(String topic, @Nullable Notice notice) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.changeTopic(this);
    }
  }

  /**
   * A participant was muted; or it was banned, which removes it if it is a member.
   *
   * @param ban false for a mute
   * @param id the participant's id
   * @param millis how long it lasts
   * @param reason the reason for the participant
   * @param notice what others receive if a member is removed, or null
   */
  record SanctionImposed(
      boolean ban, String id, long millis, String reason, @Nullable Notice notice)
      implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.imposeSanction(this, time);
    }
  }

  /** A ban, or a mute, was ended. */
  record SanctionLifted(boolean ban, String id) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.liftSanction(this, time);
    }
  }

  /**
   * A participant has read all messages up to a position.
   *
   * @param id the participant's id; it does not have to be a member
   * @param position the position
   * @param notice what its connections receive, or null
   */
  record ReadMarked(String id, Position position, @Nullable Notice notice) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.markRead(id, position);
    }
  }

  /** An event of a kind that only later versions know; changes nothing. */
  record Unknown() implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return Applied.unchanged();
    }
  }

  /** The room was closed: all leave, and everything is forgotten but sanctions. */
  record Closed(CloseStatus status) implements RoomEvent {
    @Override
    public Applied applyTo(RoomState state, EventTime time) {
      return state.close(status);
    }
  }
}
