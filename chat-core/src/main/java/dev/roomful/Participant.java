package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import java.util.Map;
import java.util.Set;

/**
 * A user in the chat: a stable id, a display name, attributes of the application, and one or more
 * connections (tabs, devices). Equal to every participant with the same id. Safe for use by many
 * threads.
 *
 * <p>Applications get participants from callbacks and from a {@link Chat}; they do not implement
 * this interface.
 */
public interface Participant {
  /**
   * The key of the attribute with public information about the participant, such as JSON with an
   * avatar. Messages carry it as {@link Sender#info}, and the Centrifuge protocol as {@code
   * conn_info}.
   */
  String INFO = "info";

  /** {@return the stable id, which the authenticator gave} */
  String id();

  /** {@return the display name, by default the id} */
  String name();

  /**
   * Changes the display name and notifies the participant's rooms, as {@link #update} does.
   *
   * @param name the new name; it is stored in the form that {@link DisplayNames} describes
   * @return done, or rejected with {@link Rejection#NAME} (not a valid name) or {@link
   *     Rejection#NAME_TAKEN} (taken in one of its rooms)
   */
  Outcome rename(String name);

  /**
   * Returns the application's attributes of this participant. The {@link AcceptedAdmission} of its
   * first connection provides them; a further connection changes nothing.
   *
   * @return a read-only view of the current attributes; {@link #update} and {@link
   *     #removeAttribute} change them
   */
  Map<String, Object> attributes();

  /**
   * Changes an attribute and notifies the participant's rooms: their handlers by {@link
   * RoomHandler#onUpdate}, and the participants who are there by {@link
   * RoomNotices#participantUpdated}. They are notified after the callback about this participant
   * that is running, if there is one.
   *
   * @param key the attribute's key
   * @param value its new value
   */
  void update(String key, Object value);

  /**
   * Removes an attribute and notifies the participant's rooms, as {@link #update} does.
   *
   * @param key the attribute's key
   */
  void removeAttribute(String key);

  /**
   * Returns the number of open connections.
   *
   * @return the number; 0 after it has left, and while it can resume within {@link
   *     Limits#resumeWindow}
   */
  int connections();

  /** {@return an immutable snapshot of the rooms that it is in} */
  Set<Room> rooms();

  /**
   * Sends a text to this participant alone, on all of its connections, after everything that was
   * queued for them before. It is kept for connections that are lost and can resume, and for those
   * that are about to join their room.
   *
   * @param text the text
   * @return done if it was queued for at least one connection, or rejected with {@link
   *     Rejection#GONE} if the participant has left
   * @throws IllegalArgumentException if the text is larger than half of an outbox
   */
  default Outcome send(String text) {
    return send(Payload.text(text));
  }

  /**
   * Sends a payload to this participant alone, on all of its connections, after everything that was
   * queued for them before. It is kept for connections that are lost and can resume, and for those
   * that are about to join their room.
   *
   * @param payload the payload
   * @return done if it was queued for at least one connection, or rejected with {@link
   *     Rejection#GONE} if the participant has left
   * @throws IllegalArgumentException if the payload is larger than half of an outbox
   */
  Outcome send(Payload payload);

  /**
   * Subscribes the participant's present connections to another room, which is created if it does
   * not exist. With plain text, a connection still publishes in the room that it joined first. Has
   * no effect on connections that are in the room already.
   *
   * @param room the room's name
   * @return done, or rejected with the reason
   * @throws IllegalArgumentException if the name is not 1 to 128 characters or has a control
   *     character
   */
  default Outcome join(String room) {
    return join(room, HistoryRange.none());
  }

  /**
   * Subscribes the participant's present connections to another room and replays stored messages to
   * them, before live messages.
   *
   * @param room the room's name
   * @param replay {@link HistoryRange#last} or {@link HistoryRange#since}
   * @return done, or rejected with the reason
   * @throws IllegalArgumentException if the name is not 1 to 128 characters or has a control
   *     character, or if the range ends before the newest message
   */
  Outcome join(String room, HistoryRange replay);

  /**
   * Unsubscribes all its connections from a room. Plain text connections that joined the chat there
   * have no room to publish in any more and are closed with {@link CloseStatus#NORMAL}.
   *
   * @param room the room's name
   * @return done, or rejected with {@link Rejection#NOT_A_MEMBER}
   */
  Outcome leave(String room);

  /**
   * Closes all its connections after what is queued for them, and ends its resume window.
   *
   * @param status the close code and reason for the client
   * @return done, or rejected with {@link Rejection#GONE} if the participant has left
   * @throws IllegalArgumentException if the code may not be sent (RFC 6455 section 7.4.1)
   */
  Outcome disconnect(CloseStatus status);
}
