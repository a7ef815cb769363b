package dev.roomful;

import dev.roomful.admission.Rejection;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * The application's logic: called when participants join, publish and leave.
 *
 * <p>Every method has a default, so that {@code new RoomHandler() {}} is a working chat in which
 * all participants of a room receive what one publishes.
 *
 * <p><b>Order.</b> Callbacks about one participant never overlap and come in the order of the
 * events: {@code onJoin} returns before its first {@code onMessage} starts, and {@code onLeave}
 * starts after its last {@code onMessage} has returned. Each membership has exactly one {@code
 * onJoin} and one {@code onLeave}, whatever ends the connection. Callbacks about different
 * participants run at the same time: state that they share needs its own protection.
 *
 * <p><b>Threads.</b> Callbacks run on the server's threads, and on the chat's callback threads
 * where the chat itself ends a connection. No lock is held: a callback may call all methods of
 * {@link Chat}, {@link Room} and {@link Participant}, and may block, which delays the input of that
 * participant only.
 *
 * <p><b>Errors.</b> What a callback throws is logged once with participant and room, and counted
 * ({@link Chat#failedCallbacks}). By default a failing {@code onMessage} rejects its message with
 * {@link Rejection#FAILED}, see {@link Chat.Builder#onMessageFailure}. A {@link RejectedException}
 * of {@code onMessage}, also as the cause of a {@link CompletionException}, is no failure: the
 * message is rejected with its rejection. A failing {@code onJoin} closes the connection with
 * {@link CloseStatus#FAILED}. Failures of {@code onUpdate} and {@code onLeave} have no further
 * effect.
 */
public interface RoomHandler {
  /**
   * Called when a participant has joined a room with its first connection.
   *
   * @param room the room, of which the participant is a member already
   * @param participant the participant
   */
  default void onJoin(Room room, Participant participant) {}

  /**
   * Called when a participant publishes; nobody has received the message yet. By default it is
   * published unchanged to all whom the room's policy selects.
   *
   * <p>A client with a protocol that acknowledges messages receives its acknowledgement when this
   * method has returned. In a cluster the library first waits until the log has accepted the last
   * message of this client that this method has published; the client receives an error if that is
   * rejected. Only a handler that goes on afterwards, and depends on the acceptance, has to wait
   * itself: {@code room.publish(message).toCompletableFuture().join()}.
   *
   * @param room the room
   * @param message the message
   */
  default void onMessage(Room room, Message message) {
    room.publish(message);
  }

  /**
   * Called when a message was rejected: its sender is {@link Rejection#MUTED}, its role does not
   * allow it ({@link Rejection#NOT_ALLOWED}), it came {@link Rejection#TOO_FAST}, or {@code
   * onMessage} failed ({@link Rejection#FAILED}) or threw a {@link RejectedException}. Nobody
   * receives it. By default the reason is sent to the connection that it came from.
   *
   * @param room the room
   * @param message the message
   * @param rejection why it was rejected
   */
  default void onRejected(Room room, Message message, Rejection rejection) {
    message.reply(rejection.reason());
  }

  /**
   * Called when a message was published for participants who are not in the room: those whom its
   * {@linkplain BroadcastPolicy#onlyIds audience} names, and those whom it {@linkplain
   * Message#mentions mentions}. For push notifications, mails or digests.
   *
   * <p>Called once per message in a cluster, on the node that has published it; not at all if that
   * node dies before. Not in the order of other callbacks: the call may come after a participant
   * has joined. A participant within {@link Limits#resumeWindow} or {@link RoomOptions#leaveDelay}
   * is in the room. Amendments do not cause calls.
   *
   * @param room the room
   * @param message the message, with its position
   * @param ids the ids of the participants, at most 1,000, in their order; never the sender
   */
  default void onAbsent(Room room, Message message, Set<String> ids) {}

  /**
   * Called when a participant in the room has changed, by {@link Participant#update} or {@link
   * Participant#rename}.
   *
   * @param room the room
   * @param participant the participant with its new attributes
   */
  default void onUpdate(Room room, Participant participant) {}

  /**
   * Called when a participant's last connection has left a room, which does not count it any more;
   * after {@link RoomOptions#leaveDelay} if the room has one.
   *
   * @param room the room; an announcement reaches those who are still there
   * @param participant the participant
   * @param status how it ended: the client's close code, {@link CloseStatus#LOST} if none came, or
   *     the reason for which the chat ended it
   */
  default void onLeave(Room room, Participant participant, CloseStatus status) {}
}
