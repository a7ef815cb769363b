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
 * How what happens in rooms looks on the wire of some clients. Each event is put into words once
 * for all connections that share a dialect, told from others by {@code equals}.
 *
 * <p>Positions are of one room: what is announced to several rooms is heard in each of them.
 *
 * <p>Where a method gives null, the event cannot be said in this dialect; those who were to hear it
 * are closed with {@link CloseStatus#NOT_ENCODABLE}. Called on any thread, sometimes under the lock
 * of a room: must be memory work, and call nothing of the chat.
 */
public interface Protocol {
  /**
   * Somebody said something, or it was announced.
   *
   * @param message the message, whose position and time are not final yet
   * @return the frame up to these; made before the room is locked, where that is possible
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
   * The room tells something beside the messages, in the application's words: that of {@link
   * dev.roomful.RoomNotices} which is not about who comes and goes.
   *
   * @param room the room
   * @param notice the words
   * @return the frame, or null if it cannot be said
   */
  @Nullable Frame encodeNotice(Room room, Payload notice);

  /**
   * The application tells one connection something.
   *
   * @param payload what
   * @return the frame, or null if it cannot be said
   */
  @Nullable Frame encodeDirect(Payload payload);

  /**
   * A connection of any dialect has come into a room, and is {@linkplain PresenceOptions#announced
   * announced}. It hears of itself, too.
   *
   * @param room where
   * @param presence which
   * @return the frame
   */
  Frame encodeJoin(Room room, PresenceEntry presence);

  /**
   * A connection of any dialect has gone out of a room, whose coming was told.
   *
   * @param room where
   * @param presence which
   * @return the frame
   */
  Frame encodeLeave(Room room, PresenceEntry presence);

  /**
   * What a client of this dialect is to see when the chat closes its connection.
   *
   * @param status the chat's reason
   * @return the code and reason for the close frame
   */
  CloseStatus closeStatusFor(CloseStatus status);
}
