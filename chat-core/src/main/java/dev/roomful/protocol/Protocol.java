package dev.roomful.protocol;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.Position;
import dev.roomful.transport.Frame;
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
   * @param message what, without its position
   * @return its words, up to the position; made before the room is locked, where that is possible
   */
  MessageTemplate templateFor(Message message);

  /** What a message looks like, but for its position, which the room gives under its lock. */
  @FunctionalInterface
  interface MessageTemplate {
    /**
     * Puts the position in.
     *
     * @param position where the message is in its room; null if it is a signal, which is not kept
     * @return the whole frame, or null if the message cannot be said
     */
    @Nullable Frame frameAt(@Nullable Position position);
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
