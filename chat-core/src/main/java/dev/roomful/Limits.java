package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.Arguments;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a chat, each with a default that protects a server on the open internet. Immutable;
 * each {@code with} method returns a changed copy, and throws an {@link IllegalArgumentException}
 * that names the value if it is out of range. Limits that contradict each other are rejected by
 * {@link Chat.Builder#build}.
 *
 * <p>In a cluster all limits count on each node: a participant with connections to two nodes has
 * each rate, and each number of connections and rooms, twice.
 */
public final class Limits {
  private static final Limits DEFAULTS = new Limits();

  // Set before a copy is given out, and never after.
  private int messageBytes = 64 * 1024;
  private int messagesPerSecond = 50;
  private int messageBurst = 100;
  private int participantMessagesPerSecond = 0;
  private int participantMessageBurst = 100;
  private int rateViolations = 10;
  private int outboxBytes = 1024 * 1024;
  private Duration writeTimeout = Duration.ofSeconds(10);
  private Duration pingInterval = Duration.ofSeconds(25);
  private Duration idleTimeout = Duration.ofSeconds(60);
  private Duration closeTimeout = Duration.ofSeconds(5);
  private Duration shutdownTimeout = Duration.ofSeconds(10);
  private Duration drainTime = Duration.ZERO;
  private Duration reconnectDelay = Duration.ZERO;
  private Duration resumeWindow = Duration.ZERO;
  private int roomsPerParticipant = 128;
  private int rooms = 10_000;
  private long historyBytes = 128L * 1024 * 1024;
  private int connections = Integer.MAX_VALUE;
  private int connectionsPerParticipant = 64;
  private int connectionsPerAddress = Integer.MAX_VALUE;
  private int sanctionsPerRoom = 10_000;

  private Limits() {}

  private Limits copy() {
    Limits copy = new Limits();
    copy.messageBytes = messageBytes;
    copy.messagesPerSecond = messagesPerSecond;
    copy.messageBurst = messageBurst;
    copy.participantMessagesPerSecond = participantMessagesPerSecond;
    copy.participantMessageBurst = participantMessageBurst;
    copy.rateViolations = rateViolations;
    copy.outboxBytes = outboxBytes;
    copy.writeTimeout = writeTimeout;
    copy.pingInterval = pingInterval;
    copy.idleTimeout = idleTimeout;
    copy.closeTimeout = closeTimeout;
    copy.shutdownTimeout = shutdownTimeout;
    copy.drainTime = drainTime;
    copy.reconnectDelay = reconnectDelay;
    copy.resumeWindow = resumeWindow;
    copy.roomsPerParticipant = roomsPerParticipant;
    copy.rooms = rooms;
    copy.historyBytes = historyBytes;
    copy.connections = connections;
    copy.connectionsPerParticipant = connectionsPerParticipant;
    copy.connectionsPerAddress = connectionsPerAddress;
    copy.sanctionsPerRoom = sanctionsPerRoom;
    return copy;
  }

  /** {@return the default limits} */
  public static Limits defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the largest inbound message, its fragments counted together. A larger one closes its
   * connection with 1009 ({@link CloseStatus#TOO_BIG}). The chat does not start if it is, with 10
   * bytes for the frame's header, more than half of {@link #outboxBytes}, because nobody could
   * receive such a message.
   *
   * @param bytes bytes of payload, text counted in UTF-8; at least 1, by default 65,536
   * @return a changed copy
   */
  public Limits withMessageBytes(int bytes) {
    Limits copy = copy();
    copy.messageBytes = Arguments.requireAtLeast(1, bytes, "messageBytes");
    return copy;
  }

  /** {@return the size of the largest inbound message in bytes of payload} */
  public int messageBytes() {
    return messageBytes;
  }

  /**
   * Sets the sustained rate of messages of one connection. A message above the rate is rejected
   * with {@link Rejection#TOO_FAST}, and too many of them close the connection with 1008 ({@link
   * #withRateViolations}). A protocol may count other commands as messages, and large replies as
   * several.
   *
   * @param rate messages per second; at least 0, by default 50; 0 lifts the limit
   * @return a changed copy
   */
  public Limits withMessagesPerSecond(int rate) {
    Limits copy = copy();
    copy.messagesPerSecond = Arguments.requireAtLeast(0, rate, "messagesPerSecond");
    return copy;
  }

  /** {@return the sustained rate of one connection in messages per second, 0 for no limit} */
  public int messagesPerSecond() {
    return messagesPerSecond;
  }

  /**
   * Sets how many messages one connection may send at once after a silence. Has no effect if {@link
   * #messagesPerSecond} is 0.
   *
   * @param messages at least 1, by default 100
   * @return a changed copy
   */
  public Limits withMessageBurst(int messages) {
    Limits copy = copy();
    copy.messageBurst = Arguments.requireAtLeast(1, messages, "messageBurst");
    return copy;
  }

  /** {@return the number of messages that one connection may send at once} */
  public int messageBurst() {
    return messageBurst;
  }

  /**
   * Sets the sustained rate of messages of one participant, all of its connections counted
   * together. A message above the rate is rejected as by {@link #withMessagesPerSecond}.
   *
   * @param rate messages per second; at least 0, by default 0: only the rate of each connection is
   *     limited
   * @return a changed copy
   */
  public Limits withParticipantMessagesPerSecond(int rate) {
    Limits copy = copy();
    copy.participantMessagesPerSecond =
        Arguments.requireAtLeast(0, rate, "participantMessagesPerSecond");
    return copy;
  }

  /** {@return the sustained rate of one participant in messages per second, 0 for no limit} */
  public int participantMessagesPerSecond() {
    return participantMessagesPerSecond;
  }

  /**
   * Sets how many messages one participant may send at once after a silence. Has no effect if
   * {@link #participantMessagesPerSecond} is 0.
   *
   * @param messages at least 1, by default 100
   * @return a changed copy
   */
  public Limits withParticipantMessageBurst(int messages) {
    Limits copy = copy();
    copy.participantMessageBurst = Arguments.requireAtLeast(1, messages, "participantMessageBurst");
    return copy;
  }

  /** {@return the number of messages that one participant may send at once} */
  public int participantMessageBurst() {
    return participantMessageBurst;
  }

  /**
   * Sets how many messages above its rate a connection may send. Each is rejected with the time to
   * wait ({@link RoomHandler#onRejected}, {@link Rejection#retryAfter}); one more closes the
   * connection with 1008 ({@link CloseStatus#TOO_FAST}). One violation is forgiven each second.
   *
   * @param violations at least 0, by default 10
   * @return a changed copy
   */
  public Limits withRateViolations(int violations) {
    Limits copy = copy();
    copy.rateViolations = Arguments.requireAtLeast(0, violations, "rateViolations");
    return copy;
  }

  /** {@return the number of messages above its rate that a connection may send} */
  public int rateViolations() {
    return rateViolations;
  }

  /**
   * Sets how much may be queued for one connection: the bytes of the frames and 16 more for each
   * frame. Beyond it the {@link Overflow} of the room decides. One message has at most half of it.
   *
   * @param bytes at least 1,024, by default 1,048,576
   * @return a changed copy
   */
  public Limits withOutboxBytes(int bytes) {
    Limits copy = copy();
    copy.outboxBytes = Arguments.requireAtLeast(1024, bytes, "outboxBytes");
    return copy;
  }

  /** {@return the bound of one outbox in bytes} */
  public int outboxBytes() {
    return outboxBytes;
  }

  /**
   * Sets how long one write may be stuck. Then the connection is aborted, even if nothing more is
   * sent to it.
   *
   * @param timeout more than zero, at most 365 days; by default 10 s
   * @return a changed copy
   */
  public Limits withWriteTimeout(Duration timeout) {
    Limits copy = copy();
    copy.writeTimeout = Arguments.requireTimeout(timeout, "writeTimeout");
    return copy;
  }

  /** {@return how long one write may be stuck} */
  public Duration writeTimeout() {
    return writeTimeout;
  }

  /**
   * Sets after how much silence a connection is pinged. The chat does not start if it is not
   * shorter than {@link #idleTimeout}.
   *
   * @param interval more than zero, at most 365 days; by default 25 s
   * @return a changed copy
   */
  public Limits withPingInterval(Duration interval) {
    Limits copy = copy();
    copy.pingInterval = Arguments.requireTimeout(interval, "pingInterval");
    return copy;
  }

  /** {@return after how much silence a connection is pinged} */
  public Duration pingInterval() {
    return pingInterval;
  }

  /**
   * Sets after how much silence, in spite of pings, a connection is closed with {@link
   * CloseStatus#IDLE_TIMEOUT}.
   *
   * @param timeout longer than {@link #pingInterval}, at most 365 days; by default 60 s
   * @return a changed copy
   */
  public Limits withIdleTimeout(Duration timeout) {
    Limits copy = copy();
    copy.idleTimeout = Arguments.requireTimeout(timeout, "idleTimeout");
    return copy;
  }

  /** {@return after how much silence a connection is closed} */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * Sets how long a client may take to answer a close frame. Then the connection is aborted.
   *
   * @param timeout more than zero, at most 365 days; by default 5 s
   * @return a changed copy
   */
  public Limits withCloseTimeout(Duration timeout) {
    Limits copy = copy();
    copy.closeTimeout = Arguments.requireTimeout(timeout, "closeTimeout");
    return copy;
  }

  /** {@return how long a client may take to answer a close frame} */
  public Duration closeTimeout() {
    return closeTimeout;
  }

  /**
   * Sets how long {@link Chat#close} may take, after the {@link #withDrainTime drain time} if there
   * is one.
   *
   * @param timeout more than zero, at most 365 days; by default 10 s
   * @return a changed copy
   */
  public Limits withShutdownTimeout(Duration timeout) {
    Limits copy = copy();
    copy.shutdownTimeout = Arguments.requireTimeout(timeout, "shutdownTimeout");
    return copy;
  }

  /** {@return how long {@link Chat#close} may take after the {@link #drainTime}} */
  public Duration shutdownTimeout() {
    return shutdownTimeout;
  }

  /**
   * Sets the time over which {@link Chat#close} and {@link Chat#drain} spread the end of
   * connections: they close in batches, at least every 500 ms, so that their clients do not all
   * connect to other servers at once. Choose less than the time that the process has to end, less
   * {@link #shutdownTimeout}: systemd gives it 90 s, Kubernetes 30 s.
   *
   * @param time at most one hour; by default zero: all connections close at once
   * @return a changed copy
   */
  public Limits withDrainTime(Duration time) {
    Limits copy = copy();
    copy.drainTime = Arguments.requireAtMost(Duration.ofHours(1), time, "drainTime");
    return copy;
  }

  /** {@return over which time a chat that closes spreads the end of its connections} */
  public Duration drainTime() {
    return drainTime;
  }

  /**
   * Sets the longest time after which a client of a chat that closes is asked to connect again.
   * Each one is told another, random time up to this one: plain text clients in the reason of the
   * close frame, {@code restarting, reconnect after 1840 ms}, clients whose handshake is rejected
   * in {@code Retry-After}. Clients with a protocol have the protocol's own delays. Choose the time
   * that a restart takes if there is one server, and about a second if there are others.
   *
   * @param delay at most one hour; by default zero: the reason names no time
   * @return a changed copy
   */
  public Limits withReconnectDelay(Duration delay) {
    Limits copy = copy();
    copy.reconnectDelay = Arguments.requireAtMost(Duration.ofHours(1), delay, "reconnectDelay");
    return copy;
  }

  /** {@return after which time at most clients of a chat that closes are asked to connect again} */
  public Duration reconnectDelay() {
    return reconnectDelay;
  }

  /**
   * Sets for how long the place of a lost client is kept: others do not see it leave, and what is
   * sent to it alone waits for it, up to {@link #outboxBytes}. The client comes back with {@link
   * AcceptedAdmission#withResumeSecret}. {@link RoomOptions#withLeaveDelay} needs no secret, and
   * keeps no messages.
   *
   * @param window at most 365 days; by default zero: the place is not kept
   * @return a changed copy
   */
  public Limits withResumeWindow(Duration window) {
    Limits copy = copy();
    copy.resumeWindow = window.isZero() ? window : Arguments.requireTimeout(window, "resumeWindow");
    return copy;
  }

  /** {@return for how long the place of a lost client is kept, zero if it is not} */
  public Duration resumeWindow() {
    return resumeWindow;
  }

  /**
   * Sets how many rooms one participant may be in. A further join is rejected with {@link
   * Rejection#TOO_MANY_ROOMS_JOINED}.
   *
   * @param rooms at least 1, by default 128
   * @return a changed copy
   */
  public Limits withRoomsPerParticipant(int rooms) {
    Limits copy = copy();
    copy.roomsPerParticipant = Arguments.requireAtLeast(1, rooms, "roomsPerParticipant");
    return copy;
  }

  /** {@return the number of rooms that one participant may be in} */
  public int roomsPerParticipant() {
    return roomsPerParticipant;
  }

  /**
   * Sets how many rooms the chat may have at a time, empty ones included. For a further one the
   * room that has been empty for longest is removed ({@link RoomOptions#withKeepEmptyFor}); if
   * there is none, the join is rejected with {@link Rejection#TOO_MANY_ROOMS}.
   *
   * @param rooms at least 1, by default 10,000
   * @return a changed copy
   */
  public Limits withRooms(int rooms) {
    Limits copy = copy();
    copy.rooms = Arguments.requireAtLeast(1, rooms, "rooms");
    return copy;
  }

  /** {@return the number of rooms that the chat may have} */
  public int rooms() {
    return rooms;
  }

  /**
   * Sets how many bytes the histories of all rooms may take together: payloads, headers and 256
   * more for each message. Above it the rooms that store most lose the older half of their
   * messages, and a client that resumes there is not recovered ({@link JoinInfo#recovered}).
   *
   * @param bytes at least 1, by default 134,217,728; at least {@link History#bytes} of each room
   * @return a changed copy
   */
  public Limits withHistoryBytes(long bytes) {
    Limits copy = copy();
    copy.historyBytes = Arguments.requireAtLeast(1, bytes, "historyBytes");
    return copy;
  }

  /** {@return the bound of all histories together in bytes} */
  public long historyBytes() {
    return historyBytes;
  }

  /**
   * Sets how many connections the chat may have at a time. A further one is rejected with {@link
   * Rejection#CHAT_FULL}.
   *
   * @param connections at least 1, by default unlimited
   * @return a changed copy
   */
  public Limits withConnections(int connections) {
    Limits copy = copy();
    copy.connections = Arguments.requireAtLeast(1, connections, "connections");
    return copy;
  }

  /** {@return the number of connections that the chat may have} */
  public int connections() {
    return connections;
  }

  /**
   * Sets how many connections one participant may have. A further one is rejected with {@link
   * Rejection#TOO_MANY_CONNECTIONS}.
   *
   * @param connections at least 1, by default 64
   * @return a changed copy
   */
  public Limits withConnectionsPerParticipant(int connections) {
    Limits copy = copy();
    copy.connectionsPerParticipant =
        Arguments.requireAtLeast(1, connections, "connectionsPerParticipant");
    return copy;
  }

  /** {@return the number of connections that one participant may have} */
  public int connectionsPerParticipant() {
    return connectionsPerParticipant;
  }

  /**
   * Sets how many connections may come from one remote address, of IPv6 from one network of 64
   * bits. A further one is rejected with {@link Rejection#TOO_MANY_FROM_ADDRESS}. Behind a proxy
   * all clients have the proxy's address, unless the server adapter knows the proxy; all clients of
   * an office or of a mobile network may share one, too.
   *
   * @param connections at least 1, by default unlimited
   * @return a changed copy
   */
  public Limits withConnectionsPerAddress(int connections) {
    Limits copy = copy();
    copy.connectionsPerAddress = Arguments.requireAtLeast(1, connections, "connectionsPerAddress");
    return copy;
  }

  /** {@return the number of connections that may come from one remote address} */
  public int connectionsPerAddress() {
    return connectionsPerAddress;
  }

  /**
   * Sets how many bans, and how many mutes, one room may have; all rooms together may have ten
   * times as many. A further one is rejected with {@link Rejection#TOO_MANY_SANCTIONS}.
   *
   * @param sanctions at least 1, by default 10,000
   * @return a changed copy
   */
  public Limits withSanctionsPerRoom(int sanctions) {
    Limits copy = copy();
    copy.sanctionsPerRoom = Arguments.requireAtLeast(1, sanctions, "sanctionsPerRoom");
    return copy;
  }

  /** {@return the number of bans, and of mutes, that one room may have} */
  public int sanctionsPerRoom() {
    return sanctionsPerRoom;
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("messageBytes", messageBytes);
    values.put("messagesPerSecond", messagesPerSecond);
    values.put("messageBurst", messageBurst);
    values.put("participantMessagesPerSecond", participantMessagesPerSecond);
    values.put("participantMessageBurst", participantMessageBurst);
    values.put("rateViolations", rateViolations);
    values.put("outboxBytes", outboxBytes);
    values.put("writeTimeout", writeTimeout);
    values.put("pingInterval", pingInterval);
    values.put("idleTimeout", idleTimeout);
    values.put("closeTimeout", closeTimeout);
    values.put("shutdownTimeout", shutdownTimeout);
    values.put("drainTime", drainTime);
    values.put("reconnectDelay", reconnectDelay);
    values.put("resumeWindow", resumeWindow);
    values.put("roomsPerParticipant", roomsPerParticipant);
    values.put("rooms", rooms);
    values.put("historyBytes", historyBytes);
    values.put("connections", connections);
    values.put("connectionsPerParticipant", connectionsPerParticipant);
    values.put("connectionsPerAddress", connectionsPerAddress);
    values.put("sanctionsPerRoom", sanctionsPerRoom);
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Limits that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "Limits" + values();
  }
}
