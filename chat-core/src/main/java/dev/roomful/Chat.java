package dev.roomful;

import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.cluster.ClusterEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A chat: its rooms and its participants.
 *
 * <pre>{@code
 * Chat chat = Chat.of(new RoomHandler() {}); // what one publishes, all in the room receive
 * JettyChat.mount(chat, context, "/chat/{room}");
 * }</pre>
 *
 * <p><b>Rooms.</b> A room is created when the first participant joins it, and removed when the last
 * one leaves, unless its options keep it ({@link RoomOptions#withKeepEmptyFor}, {@link
 * RoomOptions#withPermanent}).
 *
 * <p><b>Threads.</b> Safe for use by many threads. The chat's own threads are daemons named {@code
 * roomful-...}, and are gone after {@link #close}.
 */
public interface Chat extends AutoCloseable {
  /**
   * Returns a chat with default settings that accepts every connection ({@link
   * Authenticator#acceptAll}).
   *
   * @param handler the application's logic
   * @return a running chat, to be mounted on a server
   */
  static Chat of(RoomHandler handler) {
    return builder(handler).build();
  }

  /**
   * Returns a builder with default settings.
   *
   * @param handler the application's logic
   * @return a new builder
   */
  static Builder builder(RoomHandler handler) {
    return ServiceLoader.load(Builder.class, Chat.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no "
                        + Builder.class.getName()
                        + " found: keep META-INF/services when you repackage chat-core"))
        .handler(handler);
  }

  /**
   * Returns a room that exists at this moment, in a cluster one that is open on this node: somebody
   * is in it here, or was within the last 30 seconds.
   *
   * @param name the room's name
   * @return the room, or empty if it does not exist
   */
  Optional<Room> room(String name);

  /** {@return an immutable snapshot of the rooms that exist at this moment} */
  Collection<Room> rooms();

  /**
   * Creates a room that stays until it is closed, with or without participants.
   *
   * @param name the room's name, 1 to 128 characters without control characters
   * @param options the room's options
   * @return the new room
   * @throws IllegalArgumentException if the name is not allowed, or the options contradict the
   *     limits
   * @throws IllegalStateException if the room exists already, the limit of rooms is reached, or the
   *     chat is closed
   */
  Room open(String name, RoomOptions options);

  /**
   * Publishes a text without a sender to a room, which does not have to be open: for REST
   * controllers, jobs and message listeners.
   *
   * @param room the room's name
   * @param text the text
   * @return the message's position, as of {@link #publish(String, Payload)}
   * @throws IllegalArgumentException if the room name is not allowed or the text is larger than
   *     half of an outbox
   */
  default CompletionStage<Position> publish(String room, String text) {
    return publish(room, Payload.text(text));
  }

  /**
   * Publishes a payload without a sender to a room, which does not have to be open. A room that
   * does not exist is created if its options keep it when it is empty and store a history; the
   * message is then in the history for those who join later.
   *
   * @param room the room's name
   * @param payload the payload
   * @return the message's position, completed already on a single node. Fails with a {@link
   *     RejectedException} if nobody could ever receive the message: {@link Rejection#UNKNOWN_ROOM}
   *     (only declared rooms are allowed), {@link Rejection#ROOM_EMPTY} (nobody is in the room and
   *     it would not keep the message), {@link Rejection#TOO_MANY_ROOMS}, {@link Rejection#CLOSING}
   * @throws IllegalArgumentException if the room name is not allowed or the payload is larger than
   *     half of an outbox
   */
  CompletionStage<Position> publish(String room, Payload payload);

  /**
   * Returns a participant that is connected, can resume within {@link Limits#resumeWindow}, or is
   * still in a room because of {@link RoomOptions#leaveDelay}.
   *
   * <p>In a cluster it may be on any node. Of a participant of another node, the name and the
   * attributes are those of this moment. If this node does not know it, it asks the cluster and
   * waits for at most 3 seconds.
   *
   * @param id the participant's id
   * @return the participant, or empty
   */
  Optional<Participant> participant(String id);

  /**
   * {@return the number of participants, in a cluster of this node; one that left counts until its
   * last callback returned}
   */
  int participants();

  /** {@return the number of connections; one that is being closed counts until it is closed} */
  int connections();

  /**
   * Returns how many callbacks of the application have failed since the start, for monitoring.
   *
   * @return the number of exceptions and errors that callbacks threw
   */
  long failedCallbacks();

  /**
   * Returns whether the chat can reach its cluster, for health checks.
   *
   * @return the state at this moment; connected if there is no cluster
   */
  ChatHealth health();

  /**
   * Returns figures of this node: what there is, and what was counted since the start. Reading them
   * looks at each outbox: not for each message.
   *
   * @return the figures at this moment; after {@link #close}, the last ones
   */
  ChatStats stats();

  /**
   * Returns the 1,000 largest rooms and the 1,000 sessions with the fullest outboxes.
   *
   * @return as of {@link #snapshot(int)}
   */
  default ChatSnapshot snapshot() {
    return snapshot(1_000);
  }

  /**
   * Returns rooms and sessions of this node, for admin pages: the largest rooms and the sessions
   * with the fullest outboxes.
   *
   * @param limit the largest number of rooms, and of sessions, 1 to 10,000
   * @return the rooms and sessions at this moment
   * @throws IllegalArgumentException if the limit is out of range
   */
  ChatSnapshot snapshot(int limit);

  /**
   * Closes all connections of a participant on all nodes with {@link CloseStatus#REVOKED}, and ends
   * what could be resumed: for a user who has logged out or whose access was withdrawn. Other nodes
   * do so within 2 seconds of the time at which they can be reached. The authenticator decides
   * about new connections.
   *
   * @param participantId the participant's id
   * @return done, or rejected with {@link dev.roomful.admission.Rejection#GONE} if it has no
   *     connection, or with {@link dev.roomful.admission.Rejection#UNAVAILABLE}
   */
  Outcome revoke(String participantId);

  /**
   * Revokes credentials on all nodes, and remembers that: open connections with them are closed
   * with {@link CloseStatus#REVOKED}, and handshakes with them are rejected with status 401 and
   * {@link Rejection#REVOKED}. Which credential a connection has is said by {@link
   * dev.roomful.admission.AcceptedAdmission#withCredential}. Open connections of which nobody knows
   * when their access was issued are closed too; about new ones without such a time the
   * authenticator decides.
   *
   * <p>On one node revocations are in memory, and end with the chat; in a cluster they are in a log
   * that all nodes share. At most 10,000 are remembered.
   *
   * @param revocation what is revoked, and for how long that is remembered
   * @return done when this node and all others that can be reached apply it, or rejected with
   *     {@link Rejection#UNAVAILABLE} if it holds on this node alone until the engine can be
   *     reached, or with {@link Rejection#TOO_MANY_REVOCATIONS}
   */
  Outcome revoke(Revocation revocation);

  /**
   * Returns the connections of a participant on all nodes.
   *
   * @param participantId the participant's id
   * @return the connections, the oldest first; those that can be resumed included
   */
  List<SessionInfo> sessions(String participantId);

  /**
   * Publishes a text without a sender to all rooms, as {@link #announce(Payload, Collection)} does.
   *
   * @param text the text
   */
  default void announce(String text) {
    announce(Payload.text(text), rooms());
  }

  /**
   * Publishes a payload without a sender to some rooms, once per plain text connection even if it
   * is in several of them. The message has one place in the common order of these rooms: the locks
   * of all of them are held while it is queued, so publishing in them waits meanwhile. Rooms that
   * are closed are skipped.
   *
   * <p>In a cluster the message has its place in the order of each room, and a connection that is
   * in several of them receives it in each.
   *
   * @param payload the payload
   * @param rooms the rooms
   */
  void announce(Payload payload, Collection<Room> rooms);

  /**
   * Begins to end all connections, spread over {@link Limits#drainTime}, and returns at once: for
   * servers that call their applications before they stop. {@link #close} must follow; with a drain
   * time it does the same itself, and waits for it.
   *
   * <p>New handshakes are rejected with 503, {@link Rejection#CLOSING} and {@code Retry-After}.
   * Batch after batch, each connection takes no more input, its messages that were received before
   * are handled, what is queued for it is written, and it is closed with {@link
   * CloseStatus#RESTART}; all others go on. Nobody sees its participant leave: it keeps its place
   * in its rooms, and {@code onLeave} comes when the chat closes, without a cluster. In a cluster
   * its client continues on another node.
   *
   * @return completes when no connection is left, at the latest {@link Limits#shutdownTimeout}
   *     after the drain time, when the rest is aborted; on a thread for callbacks
   */
  CompletionStage<Void> drain();

  /**
   * Shuts down: drains the chat ({@link #drain}) if there is a {@link Limits#drainTime}, rejects
   * new connections, removes all participants from their rooms, writes what is queued, closes
   * connections with {@link CloseStatus#RESTART}, and aborts those that are still open {@link
   * Limits#shutdownTimeout} after the drain time. Returns when no thread of the chat is left. A
   * later call returns when the first one does; from within a callback it returns at once.
   */
  @Override
  void close();

  /** What happens when {@link RoomHandler#onMessage} throws. */
  enum OnFailure {
    /**
     * The message is rejected with {@link Rejection#FAILED} and the connection stays open; the
     * default.
     */
    REJECT_MESSAGE,
    /** The connection is closed with {@link CloseStatus#FAILED}. */
    CLOSE_CONNECTION
  }

  /** Configures and starts a {@link Chat}. Not for use by several threads. */
  interface Builder {
    /**
     * Sets the application's logic. {@link Chat#builder} calls it.
     *
     * @param handler the handler
     * @return this builder
     */
    Builder handler(RoomHandler handler);

    /**
     * Sets who decides which clients may connect, as whom, and to which room.
     *
     * @param authenticator by default {@link Authenticator#acceptAll}
     * @return this builder
     */
    Builder authenticator(Authenticator authenticator);

    /**
     * Sets the limits.
     *
     * @param limits by default {@link Limits#defaults}
     * @return this builder
     */
    Builder limits(Limits limits);

    /**
     * Sets the options of rooms that are not declared by name.
     *
     * @param options by default {@link RoomOptions#defaults}
     * @return this builder
     * @throws IllegalArgumentException if they are permanent: rooms that anybody creates by joining
     *     would never be removed
     */
    Builder rooms(RoomOptions options);

    /**
     * Allows only rooms that are declared with {@link #room} or opened with {@link Chat#open}. A
     * join of another one is rejected with status 404 and {@link Rejection#UNKNOWN_ROOM}.
     *
     * @return this builder
     */
    Builder onlyDeclaredRooms();

    /**
     * Declares a room by name. A permanent one exists from the start.
     *
     * @param name the room's name, 1 to 128 characters without control characters
     * @param options its options
     * @return this builder
     * @throws IllegalArgumentException if the name is not allowed
     */
    Builder room(String name, RoomOptions options);

    /**
     * Allows pages of other origins to connect. Pages of the same origin as the {@code Host} header
     * may always connect; all others are rejected with status 403 (RFC 6455 section 10.2).
     *
     * @param allowed origins such as {@code https://example.org}; {@code *} for all, {@code null}
     *     for pages without an origin, such as files
     * @return this builder
     * @throws IllegalArgumentException if one of them is not an origin
     */
    Builder allowOrigins(String... allowed);

    /**
     * Rejects clients without an {@code Origin} header, that is everything but browsers, with
     * status 403.
     *
     * @return this builder
     */
    Builder requireOrigin();

    /**
     * Declares that callbacks never block: no database, no network, no lock that is held for long.
     * Adapters then run them on the threads that read from many connections. A callback that blocks
     * nevertheless delays all connections of its thread.
     *
     * @return this builder
     */
    Builder nonBlocking();

    /**
     * Sets the executor for callbacks that do not run on a server's thread, such as those of
     * timeouts. An executor of virtual threads suits callbacks that block.
     *
     * <p>The executor must not reject tasks while the chat runs: close the chat before the
     * executor. A task that it rejects nevertheless is logged and kept, and the deadline timer
     * gives it to the executor again, at most every 500 ms, until it is accepted. The callbacks of
     * its participant wait meanwhile; those of others do not.
     *
     * @param executor by default up to 256 daemon threads of the chat, started when needed; the
     *     chat does not shut down an executor that it was given
     * @return this builder
     */
    Builder callbackExecutor(Executor executor);

    /**
     * Sets what happens when {@link RoomHandler#onMessage} throws. Failures of other callbacks,
     * such as {@link RoomHandler#onJoin}, always close the connection.
     *
     * @param choice by default {@link OnFailure#REJECT_MESSAGE}
     * @return this builder
     */
    Builder onMessageFailure(OnFailure choice);

    /**
     * Sends a text to each plain text connection regularly. A page in a browser cannot see pings
     * (RFC 6455 section 5.5.2), so without a message it does not notice that its connection is
     * lost; with a heartbeat it can reconnect when nothing has come for two or three intervals.
     * Clients with a protocol have the protocol's own heartbeat.
     *
     * @param interval one second to one hour; by default there is no heartbeat
     * @param text the text, which the client recognizes and ignores
     * @return this builder
     * @throws IllegalArgumentException if the interval is out of range
     */
    Builder heartbeat(Duration interval, String text);

    /**
     * Adds an observer, for metrics. Each observer that was added receives all events, in the order
     * in which they were added.
     *
     * @param observer the observer; it is called by many threads
     * @return this builder
     */
    Builder observer(ChatObserver observer);

    /**
     * Makes the chat one node of a cluster: all chats on the same engine are one chat, with the
     * same rooms, participants, bans and histories. All nodes need the same room options.
     *
     * <p>A call that changes a room or a participant, other than {@link Room#publish}, then waits
     * until the cluster has accepted it: usually less than a millisecond, at most 3 seconds. If the
     * engine cannot be reached, it is rejected with {@link
     * dev.roomful.admission.Rejection#UNAVAILABLE}. {@link Limits} count on each node.
     *
     * @param engine a new engine, which the chat starts and closes
     * @return this builder
     */
    Builder cluster(ClusterEngine engine);

    /**
     * Starts the chat.
     *
     * @return a running chat, to be mounted on a server
     * @throws IllegalArgumentException if two settings contradict each other, such as {@link
     *     Limits#messageBytes} and {@link Limits#outboxBytes}
     * @throws IllegalStateException if more permanent rooms are declared than the limit allows, or
     *     if the engine of a cluster cannot be reached or used
     */
    Chat build();
  }
}
