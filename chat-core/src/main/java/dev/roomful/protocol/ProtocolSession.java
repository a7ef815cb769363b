package dev.roomful.protocol;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.admission.Credential;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.transport.Frame;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection that joins and leaves rooms independently of its participant's other connections.
 * It counts against the {@link dev.roomful.Limits} and has the same deadlines as any other
 * connection. It has no resume window. Safe for use by several threads.
 *
 * <p>Methods that are marked "in the queue only" must be called from tasks that were passed to
 * {@link #enqueue}.
 */
public interface ProtocolSession {
  /** {@return the id of the connection, unique among all chats} */
  String id();

  /**
   * Assigns the participant of the connection, which can do nothing in the chat before. Must be
   * called once, from within {@link ProtocolHandler#text} or {@link ProtocolHandler#binary}, and
   * not from a task of {@link #enqueue}.
   *
   * @param id the participant's id; connections with the same id are one participant
   * @param name the display name
   * @param attributes as of {@link dev.roomful.admission.AcceptedAdmission#attributes}
   * @return done, or the rejection of an invalid id, name or attribute
   */
  Outcome identify(String id, String name, Map<String, Object> attributes);

  /**
   * Sets what the access of the client is based on, so that it can be revoked, or replaces it;
   * after {@link #identify}. The expiry is the protocol's business.
   *
   * @param credential the credential
   * @return done, or rejected with {@link dev.roomful.admission.Rejection#REVOKED}, and then
   *     nothing has changed
   */
  Outcome renew(Credential credential);

  /**
   * Returns the participant of the connection.
   *
   * @return the participant
   * @throws IllegalStateException if {@link #identify} was not called yet
   */
  Participant participant();

  /**
   * Adds tasks to the participant's callback queue. They run one after the other, in the order of
   * the calls, and never at the same time as a callback about the participant. The callbacks that a
   * task causes run before the next task. If a task fails, the connection is closed with {@link
   * CloseStatus#FAILED}. Once the chat has closed the connection, the remaining tasks are skipped.
   *
   * @param tasks the commands of one frame
   */
  void enqueue(List<Runnable> tasks);

  /**
   * Takes the price of a command from the rate of the connection and of its participant ({@link
   * dev.roomful.Limits#messagesPerSecond}). A rejected command takes nothing and counts as a
   * violation; a client with too many violations is closed with {@link CloseStatus#TOO_FAST}.
   *
   * @param price the number of messages that the command counts as, at least 0; a command without a
   *     price is rejected only while the connection owes something ({@link #charge})
   * @param tolerated asked if the command is rejected: true if that is not a violation
   * @return done if the command may be executed; otherwise the rejection with the time to wait
   */
  Outcome checkRate(int price, BooleanSupplier tolerated);

  /**
   * Takes the price of something that was done already from the rates, such as the bytes of an
   * answer. This may leave a debt of at most the burst of the rate; commands are rejected until it
   * is repaid.
   *
   * @param price the number of messages that it counts as, at least 0
   */
  void charge(long price);

  /**
   * Joins a room with this connection and creates the room if necessary. In the queue only.
   *
   * @param room the room's name
   * @param replay the stored messages that the reply is given: {@link HistoryRange#last} or {@link
   *     HistoryRange#since}
   * @param role the participant's role, if it is not in the room with another connection
   * @param presenceOptions what others see of the connection there, and what it sees of them
   * @param joinReply encodes what the client receives first
   * @return done, or the rejection; {@link Rejection#ALREADY_JOINED} if the connection was in the
   *     room
   */
  Outcome join(
      String room,
      HistoryRange replay,
      Role role,
      PresenceOptions presenceOptions,
      JoinReplyEncoder joinReply);

  /**
   * Leaves a room with this connection; no event of the room follows. In the queue only.
   *
   * @param room the room's name
   * @return false if the connection was not in the room
   */
  boolean leave(String room);

  /**
   * Returns whether this connection is in a room.
   *
   * @param room the room's name
   * @return true if it is at this moment
   */
  boolean isIn(String room);

  /**
   * Passes a message to the handler of a room that the connection is in, and returns when the
   * handler has returned. In the queue only.
   *
   * @param room the room's name
   * @param payload the content of the message
   * @return done, or the rejection; {@link dev.roomful.RoomHandler#onRejected} is not called
   */
  Outcome publish(String room, Payload payload);

  /**
   * Returns the connections that are in a room.
   *
   * @param room the room's name
   * @return the {@linkplain PresenceOptions#listed listed} connections, including lost ones that
   *     can still resume; empty if there is no such room
   */
  List<PresenceEntry> presence(String room);

  /**
   * Returns the size of {@link #presence} without building it: the cost does not depend on the
   * number of connections.
   *
   * @param room the room's name
   * @return the counts at this moment; {@link PresenceCount#NONE} if there is no such room
   */
  PresenceCount presenceCount(String room);

  /**
   * Returns stored messages of a room that the participant may receive. Messages that it may not
   * receive do not count against the limit.
   *
   * @param room the room's name
   * @param query which messages
   * @return the page, or empty if there is no such room
   */
  Optional<HistoryPage> history(String room, HistoryQuery query);

  /**
   * Sends the client a frame, after everything that is queued for it.
   *
   * @param frame the frame
   */
  void send(Frame frame);

  /**
   * From now on merges frames that are queued at the same time into one: texts with a line feed
   * between them, binary frames without a separator. For protocols in which a client can separate
   * them again. The payload of a merged frame is at most {@link
   * dev.roomful.transport.Batch#MAX_BYTES} long.
   */
  void mergeFrames();

  /**
   * Reserves the next place in the queue of this connection. Frames that are queued later wait
   * until the reservation is filled, which must be soon.
   *
   * @return takes the frame, or null for none; must be called once
   */
  Consumer<@Nullable Frame> reserveFrame();

  /**
   * Closes the connection after everything that is queued for it.
   *
   * @param status a status of the chat, or one of the protocol's own
   */
  void close(CloseStatus status);

  /** {@return whether the connection is open; false once it was closed for whatever reason} */
  boolean isOpen();
}
