package dev.roomful;

import dev.roomful.admission.Rejection;

/**
 * The application's logic of a room: somebody joined, somebody said something, somebody left.
 *
 * <p>Every method has a default, so that {@code new RoomHandler() {}} is a working chat: what one
 * says, all in the room hear.
 *
 * <p><b>Order.</b> Callbacks about one participant never overlap, and come in the order in which
 * things happened: {@code onJoin} has returned before its first {@code onMessage} starts, {@code
 * onLeave} starts after its last {@code onMessage} has returned, and of each stay in a room both
 * are called exactly once, whatever ends the connection. Callbacks about different participants run
 * at the same time: state that they share needs its own protection.
 *
 * <p><b>Threads.</b> Callbacks run on the server's threads, and on the chat's callback threads
 * where the chat itself ends a connection. No lock is held meanwhile: a callback may call anything
 * of {@link Chat}, {@link Room} and {@link Participant}, and may block, which holds up the input of
 * that participant and nobody else's.
 *
 * <p><b>Errors.</b> A callback that throws is logged once, with the participant and the room, and
 * costs the connection that it was about: that is closed with {@link CloseStatus#FAILED}.
 */
public interface RoomHandler {
  /**
   * A participant came into the room with its first connection, and hears what is said from here
   * on.
   *
   * @param room the room, of which {@code who} is a member already
   * @param participant who came
   */
  default void onJoin(Room room, Participant participant) {}

  /**
   * A participant said something in the room; nobody has heard it yet. By default it is broadcast
   * as it is, to whom the room's policy selects.
   *
   * @param room the room in which it was said
   * @param message what was said, and by whom
   */
  default void onMessage(Room room, Message message) {
    room.publish(message);
  }

  /**
   * A participant said something that it may not: it is {@link Rejection#MUTED}, its role does not
   * allow it ({@link Rejection#NOT_ALLOWED}), or it was {@link Rejection#TOO_FAST}. Nobody hears
   * it. By default the connection it came from is answered with the reason.
   *
   * @param room the room in which it was said
   * @param message what was said, and by whom
   * @param rejection why it is refused
   */
  default void onRejected(Room room, Message message, Rejection rejection) {
    message.reply(rejection.reason());
  }

  /**
   * A participant in the room has a new attribute, by {@link Participant#update}, or a new name, by
   * {@link Participant#rename}.
   *
   * @param room the room
   * @param participant who changed
   */
  default void onUpdate(Room room, Participant participant) {}

  /**
   * A participant's last connection left the room, which does not count it any more.
   *
   * @param room the room; announcing that somebody left reaches those who are still there
   * @param participant who left
   * @param status how it ended: the client's own close code, {@link CloseStatus#LOST} where none
   *     came, or the reason for which the chat ended it
   */
  default void onLeave(Room room, Participant participant, CloseStatus status) {}
}
