package dev.roomful;

import org.jspecify.annotations.Nullable;

/**
 * How a room tells those who are in it what happens beside the messages: who comes, goes and
 * changes, what is removed, what the room is about; the application's words. Notices have no
 * position, are not kept and not replayed.
 *
 * <p>Those about presence are exact: who takes {@link Arrival#participants} and applies each notice
 * in order has, at any time, who is in the room. A participant with several connections comes with
 * the first and leaves with the last one; one that is away within its {@link Limits#grace} has not
 * left. They go to those whose role may {@link Role.Act#SEE}.
 *
 * <p>Called on the thread that causes a notice, with no lock held; must be quick. If {@code
 * joined}, {@code left} or {@code changed} throws, the connection it was about is closed with
 * {@link CloseStatus#FAILED}; what another one throws reaches the caller, and nothing has happened.
 * All methods return null by default: nothing is told.
 */
public interface Notices {
  /**
   * Somebody came.
   *
   * @param room where
   * @param who who
   * @return what the others hear, or null
   */
  default @Nullable Payload joined(Room room, Participant who) {
    return null;
  }

  /**
   * Somebody left. Asked for when it comes, and again when it changes, to be told when it has gone.
   *
   * @param room where
   * @param who who
   * @return what those who are still there hear, or null
   */
  default @Nullable Payload left(Room room, Participant who) {
    return null;
  }

  /**
   * Somebody was thrown out, by a kick or a ban; told in place of {@link #left}, which it is by
   * default.
   *
   * @param room where
   * @param who who
   * @param why with the reason that it was given
   * @return what those who are still there hear, or null
   */
  default @Nullable Payload expelled(Room room, Participant who, CloseStatus why) {
    return left(room, who);
  }

  /**
   * An attribute or the name of somebody changed, by {@link Participant#update} or {@link
   * Participant#rename}.
   *
   * @param room where
   * @param who who, as it is now
   * @return what all hear, its own connections too, or null
   */
  default @Nullable Payload changed(Room room, Participant who) {
    return null;
  }

  /**
   * A message was taken out of the history; told to all.
   *
   * @param message which, with its position
   * @return what all hear, or null
   */
  default @Nullable Payload removed(Message message) {
    return null;
  }

  /**
   * The room is about something else now; told to all.
   *
   * @param room the room
   * @param topic its new topic
   * @return what all hear, or null
   */
  default @Nullable Payload topic(Room room, String topic) {
    return null;
  }

  /**
   * Somebody was given another role, by {@link Room#appoint}; told to all.
   *
   * @param room where
   * @param who who
   * @param role what it is there now
   * @return what all hear, or null
   */
  default @Nullable Payload appointed(Room room, Participant who, Role role) {
    return null;
  }
}
