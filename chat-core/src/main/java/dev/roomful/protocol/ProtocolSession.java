package dev.roomful.protocol;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
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
 * One connection that goes in and out of rooms by itself, without its participant's other
 * connections. It counts against the {@link dev.roomful.Limits} like any other, and has the same
 * deadlines; a grace time it has not. Safe for use by many threads.
 */
public interface ProtocolSession {
  /**
   * Which connection it is.
   *
   * @return an id that no other connection of any chat has
   */
  String id();

  /**
   * Tells who it is; before that it can do nothing in the chat. To be called once, from within
   * {@link ProtocolHandler#text} or {@link ProtocolHandler#binary}, and not in turn.
   *
   * @param id the participant's id; connections with the same id are one participant
   * @param name the name to show
   * @param attributes as of {@link dev.roomful.admission.AcceptedAdmission#attributes}
   * @return nothing, or why it cannot be
   */
  Outcome identify(String id, String name, Map<String, Object> attributes);

  /**
   * Who it is.
   *
   * @return the participant
   * @throws IllegalStateException if it was not told yet
   */
  Participant participant();

  /**
   * Does something for the client in its participant's turns: one after the other, in the order of
   * the calls, and none at the same time as a callback about the participant. What the first has
   * caused, such as a callback, comes before the second. If one fails, the connection is closed
   * with {@link CloseStatus#FAILED}; once the connection has been closed by the chat, the rest is
   * left undone.
   *
   * @param tasks what came in one frame
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
   * @return nothing if the command may be executed; otherwise the rejection, which tells when to
   *     try again
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
   * Brings this connection into a room, which is made if need be. In turn only.
   *
   * @param room the room's name
   * @param replay what of the past the welcome is to get: {@link HistoryRange#last} or {@link
   *     HistoryRange#since}
   * @param role what its participant is to be there, if it is not there already
   * @param presenceOptions what others see of it there, and it of them
   * @param joinReply what the client is told
   * @return nothing if it is in, or why it is not; {@link Rejection#ALREADY_JOINED} if it was
   */
  Outcome join(
      String room,
      HistoryRange replay,
      Role role,
      PresenceOptions presenceOptions,
      JoinReply joinReply);

  /**
   * Takes this connection out of a room; nothing of the room follows. In turn only.
   *
   * @param room the room's name
   * @return false if it was not there
   */
  boolean leave(String room);

  /**
   * Whether this connection is in a room.
   *
   * @param room the room's name
   * @return true if it is at this moment
   */
  boolean isIn(String room);

  /**
   * Says something in a room in which it is, through the room's handler, which has returned when
   * this does. In turn only.
   *
   * @param room the room's name
   * @param payload what to say
   * @return nothing if it was said, or why not; the handler's {@code onRefused} is not asked
   */
  Outcome publish(String room, Payload payload);

  /**
   * Who is in a room, connection by connection.
   *
   * @param room the room's name
   * @return those that are there and {@linkplain PresenceOptions#listed listed}, those that are
   *     away within their grace time included; nobody if there is no such room
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
   * @return the page, or nothing if there is no such room
   */
  Optional<HistoryPage> history(String room, HistoryQuery query);

  /**
   * Sends the client a frame, behind all that is queued for it.
   *
   * @param frame the frame
   */
  void send(Frame frame);

  /**
   * From now on frames that wait for the client at the same time go to it as one: texts with a line
   * feed between, bytes one behind the other. For dialects in which a client can tell them apart
   * again. Such a frame is no longer than {@link dev.roomful.transport.Batch#MAX_BYTES}, but for
   * its header.
   */
  void mergeFrames();

  /**
   * Keeps a place behind all that is queued; what follows waits behind it. To be filled soon.
   *
   * @return what takes the frame, or null if nothing is to be there
   */
  Consumer<@Nullable Frame> reserveFrame();

  /**
   * Ends the connection, behind what is queued for it.
   *
   * @param status the reason, in the chat's words, or in the dialect's own
   */
  void close(CloseStatus status);

  /**
   * Whether the connection is still of the chat.
   *
   * @return false once it has ended, for whatever reason
   */
  boolean isOpen();
}
