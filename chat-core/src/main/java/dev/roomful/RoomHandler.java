package dev.roomful;

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
   * @param who who came
   */
  default void onJoin(Room room, Participant who) {}

  /**
   * A participant said something in the room; nobody has heard it yet. By default it is broadcast
   * as it is, to whom the room's policy selects.
   *
   * @param room the room in which it was said
   * @param message what was said, and by whom
   */
  default void onMessage(Room room, Message message) {
    room.broadcast(message);
  }

  /**
   * A participant said something that it may not: it is {@link Refusal#MUTED}, its role does not
   * allow it ({@link Refusal#NOT_ALLOWED}), or it was {@link Refusal#TOO_FAST}. Nobody hears it. By
   * default the connection it came from is answered with the reason.
   *
   * @param room the room in which it was said
   * @param message what was said, and by whom
   * @param refusal why it is refused
   */
  default void onRefused(Room room, Message message, Refusal refusal) {
    message.reply(refusal.reason());
  }

  /**
   * A participant in the room has a new attribute, by {@link Participant#update}, or a new name, by
   * {@link Participant#rename}.
   *
   * @param room the room
   * @param who who changed
   */
  default void onChange(Room room, Participant who) {}

  /**
   * A participant's last connection left the room, which does not count it any more.
   *
   * @param room the room; announcing that somebody left reaches those who are still there
   * @param who who left
   * @param why how it ended: the client's own close code, {@link CloseStatus#LOST} where none came,
   *     or the reason for which the chat ended it
   */
  default void onLeave(Room room, Participant who, CloseStatus why) {}
}
