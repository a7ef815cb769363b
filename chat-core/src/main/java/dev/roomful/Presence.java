package dev.roomful;

import org.jspecify.annotations.Nullable;

/**
 * How a room tells those who are in it who comes, goes and changes; the application's, and a
 * room's. Together with {@link Arrival#participants} it is exact: who takes the participants of its
 * arrival and applies each notice in order has, at any time, who is in the room. A participant with
 * several connections comes with the first and leaves with the last one. Notices have no position,
 * are not kept and not replayed.
 *
 * <p>Called on the thread that brings or changes a participant, with no lock held; must be quick.
 * If a method throws, the connection is closed with {@link CloseStatus#FAILED}. All methods return
 * null by default: nothing is told.
 */
public interface Presence {
  /**
   * Somebody came.
   *
   * @param who who
   * @return what the others hear, or null
   */
  default @Nullable Payload joined(Participant who) {
    return null;
  }

  /**
   * Somebody left. Asked for when it comes, and again when it changes, to be told when it has gone.
   *
   * @param who who
   * @return what those who are still there hear, or null
   */
  default @Nullable Payload left(Participant who) {
    return null;
  }

  /**
   * An attribute of somebody changed, by {@link Participant#update}.
   *
   * @param who who, with the new attribute
   * @return what all hear, its own connections too, or null
   */
  default @Nullable Payload changed(Participant who) {
    return null;
  }
}
