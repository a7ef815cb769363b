package dev.roomful.protocol;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.Position;
import dev.roomful.transport.Frame;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the events of rooms for the clients of one wire format. Each event is encoded once for
 * all connections whose protocols are equal ({@code equals}).
 *
 * <p>A position belongs to one room: a message that is announced to several rooms is received once
 * in each of them.
 *
 * <p>If a method returns null, the protocol cannot encode the event, and the connections that were
 * to receive it are closed with {@link CloseStatus#NOT_ENCODABLE}. The methods are called on any
 * thread, sometimes with the lock of a room held: they must not block and must not call the chat.
 */
public interface Protocol {
  /**
   * Encodes a message except for its position and its time. Called before the room is locked if
   * that is possible.
   *
   * @param message the message, whose position and time are not final yet
   * @return the template
   */
  MessageTemplate templateFor(Message message);

  /** A message without its position and its time, which the room assigns under its lock. */
  @FunctionalInterface
  interface MessageTemplate {
    /**
     * Completes the frame with the position and the time.
     *
     * @param position the position of the message in its room; null for a signal, which has none
     * @param time the time at which the message was published
     * @return the whole frame, or null if this protocol cannot encode the message
     */
    @Nullable Frame frameAt(@Nullable Position position, Instant time);
  }

  /**
   * Encodes a notice of {@link dev.roomful.RoomNotices} that is not about joining and leaving.
   *
   * @param room the room
   * @param notice the application's notice
   * @return the frame, or null if the protocol cannot encode it
   */
  @Nullable Frame encodeNotice(Room room, Payload notice);

  /**
   * Encodes the notice of {@link dev.roomful.RoomNotices#readMarked}.
   *
   * @param room the room
   * @param id the id of the participant who has read
   * @param position up to which position
   * @param notice the application's notice
   * @return the frame, or null if the protocol cannot encode it
   */
  @Nullable Frame encodeReadMark(Room room, String id, Position position, Payload notice);

  /**
   * Encodes a payload that the application sends to one connection.
   *
   * @param payload the payload
   * @return the frame, or null if the protocol cannot encode it
   */
  @Nullable Frame encodeDirect(Payload payload);

  /**
   * Encodes the join event of a connection that is {@linkplain PresenceOptions#announced
   * announced}. The connection itself receives the event too.
   *
   * @param room the room
   * @param presence the connection, of any protocol
   * @return the frame
   */
  Frame encodeJoin(Room room, PresenceEntry presence);

  /**
   * Encodes the leave event of a connection that was announced.
   *
   * @param room the room
   * @param presence the connection, of any protocol
   * @return the frame
   */
  Frame encodeLeave(Room room, PresenceEntry presence);

  /**
   * Maps the status with which the chat closes a connection to the close frame of this protocol.
   *
   * @param status the chat's status
   * @return the code and reason of the close frame
   */
  CloseStatus closeStatusFor(CloseStatus status);
}
