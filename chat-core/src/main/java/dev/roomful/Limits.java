package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.Arguments;
import java.time.Duration;

/**
 * The limits of a chat, each with a default that protects a server on the open internet. Immutable;
 * each setter gives a changed copy, and refuses a value out of range with an {@link
 * IllegalArgumentException} that names it.
 */
public final class Limits implements Cloneable {
  /** Longer ones, such as "for ever", would not fit into nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private int messageBytes = 64 * 1024;
  private int messagesPerSecond = 50;
  private int messageBurst = 100;
  private int participantPerSecond;
  private int participantBurst;
  private int rateViolations = 10;
  private int outboxBytes = 1024 * 1024;
  private Duration writeTimeout = Duration.ofSeconds(10);
  private Duration pingInterval = Duration.ofSeconds(25);
  private Duration idleTimeout = Duration.ofSeconds(60);
  private Duration closeTimeout = Duration.ofSeconds(5);
  private Duration shutdownTimeout = Duration.ofSeconds(10);
  private Duration resumeWindow = Duration.ZERO;
  private int roomsPerParticipant = 128;
  private int rooms = Integer.MAX_VALUE;
  private int connections = Integer.MAX_VALUE;
  private int connectionsPerParticipant = 64;
  private int sanctionsPerRoom = 10_000;

  private Limits() {}

  /**
   * The defaults.
   *
   * @return the limits from which to start
   */
  public static Limits defaults() {
    return new Limits();
  }

  /**
   * The largest inbound message, its fragments counted together; a larger one closes its connection
   * with 1009.
   *
   * @param bytes bytes of payload, text counted in UTF-8; at least 1, by default 65,536
   * @return a changed copy
   */
  public Limits withMessageBytes(int bytes) {
    Limits copy = copy();
    copy.messageBytes = Arguments.requireAtLeast(1, bytes, "messageBytes");
    return copy;
  }

  /**
   * How much one connection may say; what is more is refused, and closes it with 1008 when it goes
   * on ({@link #rateViolations}). A protocol may count other commands as messages, and large
   * answers as several.
   *
   * @param perSecond messages a second in the long run, by default 50; 0 lifts the limit
   * @param burst messages at once after a silence, by default 100; at least {@code 1} unless the
   *     limit is lifted
   * @return a changed copy
   */
  public Limits withMessageRate(int perSecond, int burst) {
    Limits copy = copy();
    copy.messagesPerSecond = Arguments.requireAtLeast(0, perSecond, "rate perSecond");
    copy.messageBurst = Arguments.requireAtLeast(perSecond == 0 ? 0 : 1, burst, "rate burst");
    return copy;
  }

  /**
   * How much one participant may say on all of its connections together; what is more is refused,
   * as by {@link #withMessageRate}.
   *
   * @param perSecond messages a second in the long run, by default 0: no limit beside that of each
   *     connection
   * @param burst messages at once after a silence; at least {@code 1} unless the limit is lifted
   * @return a changed copy
   */
  public Limits withParticipantMessageRate(int perSecond, int burst) {
    Limits copy = copy();
    copy.participantPerSecond = Arguments.requireAtLeast(0, perSecond, "participantRate perSecond");
    copy.participantBurst =
        Arguments.requireAtLeast(perSecond == 0 ? 0 : 1, burst, "participantRate burst");
    return copy;
  }

  /**
   * How many messages above its rate a connection may send and is told how long to wait ({@link
   * RoomHandler#onRejected}, {@link Rejection#retryAfter}); one more closes it with 1008. One is
   * forgiven each second.
   *
   * @param violations at least 0, by default 10
   * @return a changed copy
   */
  public Limits withRateViolations(int violations) {
    Limits copy = copy();
    copy.rateViolations = Arguments.requireAtLeast(0, violations, "rateViolations");
    return copy;
  }

  /**
   * How much may wait for one connection to read it: the frames' bytes and 16 more for each frame.
   * Beyond it the room's {@link Overflow} decides.
   *
   * @param bytes at least 1,024, by default 1,048,576
   * @return a changed copy
   */
  public Limits withOutboxBytes(int bytes) {
    Limits copy = copy();
    copy.outboxBytes = Arguments.requireAtLeast(1024, bytes, "outboxBytes");
    return copy;
  }

  /**
   * How long one write may be stuck; then the connection is cut, even if nothing more is sent to
   * it.
   *
   * @param timeout longer than zero, by default 10 s
   * @return a changed copy
   */
  public Limits withWriteTimeout(Duration timeout) {
    Limits copy = copy();
    copy.writeTimeout = positive(timeout, "writeTimeout");
    return copy;
  }

  /**
   * How a dead connection is found: a silent one is pinged, and is gone when it stays silent.
   *
   * @param pingInterval ping after this long without a sign of life; by default 25 s
   * @param idleTimeout gone after this long without one; longer than {@code pingEvery}, by default
   *     60 s
   * @return a changed copy
   */
  public Limits withLiveness(Duration pingInterval, Duration idleTimeout) {
    Limits copy = copy();
    copy.pingInterval = positive(pingInterval, "liveness pingInterval");
    copy.idleTimeout = positive(idleTimeout, "liveness idleTimeout");
    if (idleTimeout.compareTo(pingInterval) <= 0) {
      throw new IllegalArgumentException(
          "liveness: idleTimeout "
              + idleTimeout
              + " is not longer than pingInterval "
              + pingInterval
              + ": a ping could never be answered in time");
    }
    return copy;
  }

  /**
   * How long a client may take to answer a close frame; then the connection is cut.
   *
   * @param timeout longer than zero, by default 5 s
   * @return a changed copy
   */
  public Limits withCloseTimeout(Duration timeout) {
    Limits copy = copy();
    copy.closeTimeout = positive(timeout, "closeTimeout");
    return copy;
  }

  /**
   * How long {@link Chat#close} may take.
   *
   * @param timeout longer than zero, by default 10 s
   * @return a changed copy
   */
  public Limits withShutdownTimeout(Duration timeout) {
    Limits copy = copy();
    copy.shutdownTimeout = positive(timeout, "shutdownTimeout");
    return copy;
  }

  /**
   * For how long the place of a client is kept whose connection was lost without goodbye: others do
   * not see it leave, and what is said to it alone waits for it, up to {@link #outboxBytes}. It
   * comes back with {@link AcceptedAdmission#withResumeSecret}.
   *
   * @param window how long, by default zero: its place is not kept
   * @return a changed copy
   */
  public Limits withResumeWindow(Duration window) {
    Limits copy = copy();
    copy.resumeWindow = window.isZero() ? window : positive(window, "resumeWindow");
    return copy;
  }

  /**
   * How many rooms one participant may be in.
   *
   * @param rooms at least 1, by default 128
   * @return a changed copy
   */
  public Limits withRoomsPerParticipant(int rooms) {
    Limits copy = copy();
    copy.roomsPerParticipant = Arguments.requireAtLeast(1, rooms, "roomsPerParticipant");
    return copy;
  }

  /**
   * How many rooms the chat may have at a time.
   *
   * @param rooms at least 1, by default unlimited
   * @return a changed copy
   */
  public Limits withRooms(int rooms) {
    Limits copy = copy();
    copy.rooms = Arguments.requireAtLeast(1, rooms, "rooms");
    return copy;
  }

  /**
   * How many connections the chat may have at a time.
   *
   * @param connections at least 1, by default unlimited
   * @return a changed copy
   */
  public Limits withConnections(int connections) {
    Limits copy = copy();
    copy.connections = Arguments.requireAtLeast(1, connections, "connections");
    return copy;
  }

  /**
   * The largest inbound message.
   *
   * @return bytes of payload
   */
  public int messageBytes() {
    return messageBytes;
  }

  /**
   * The sustained rate of inbound messages of a connection.
   *
   * @return messages a second, 0 for no limit
   */
  public int messagesPerSecond() {
    return messagesPerSecond;
  }

  /**
   * The burst of inbound messages of a connection.
   *
   * @return messages
   */
  public int messageBurst() {
    return messageBurst;
  }

  /**
   * The sustained rate of a participant.
   *
   * @return messages a second, 0 for no limit
   */
  public int participantMessagesPerSecond() {
    return participantPerSecond;
  }

  /**
   * The burst of a participant.
   *
   * @return messages
   */
  public int participantMessageBurst() {
    return participantBurst;
  }

  /**
   * How many messages above its rate a connection may send before it is closed.
   *
   * @return messages
   */
  public int rateViolations() {
    return rateViolations;
  }

  /**
   * The bound of an outbox.
   *
   * @return bytes
   */
  public int outboxBytes() {
    return outboxBytes;
  }

  /**
   * How long one write may be stuck.
   *
   * @return the time
   */
  public Duration writeTimeout() {
    return writeTimeout;
  }

  /**
   * After how much silence a connection is pinged.
   *
   * @return the time
   */
  public Duration pingInterval() {
    return pingInterval;
  }

  /**
   * After how much silence a connection is gone.
   *
   * @return the time
   */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * How long a client may take to answer a close frame.
   *
   * @return the time
   */
  public Duration closeTimeout() {
    return closeTimeout;
  }

  /**
   * How long closing the chat may take.
   *
   * @return the time
   */
  public Duration shutdownTimeout() {
    return shutdownTimeout;
  }

  /**
   * For how long the place of a lost client is kept.
   *
   * @return the time, zero if it is not kept
   */
  public Duration resumeWindow() {
    return resumeWindow;
  }

  /**
   * How many rooms one participant may be in.
   *
   * @return the number
   */
  public int roomsPerParticipant() {
    return roomsPerParticipant;
  }

  /**
   * How many rooms the chat may have.
   *
   * @return the number
   */
  public int rooms() {
    return rooms;
  }

  /**
   * How many connections the chat may have.
   *
   * @return the number
   */
  public int connections() {
    return connections;
  }

  /**
   * Sets how many connections one participant may have. A further one is rejected with {@link
   * Rejection#TOO_MANY_CONNECTIONS}.
   *
   * @param connections at least 1; by default 64
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public Limits withConnectionsPerParticipant(int connections) {
    Limits copy = copy();
    copy.connectionsPerParticipant =
        Arguments.requireAtLeast(1, connections, "connectionsPerParticipant");
    return copy;
  }

  /** {@return how many connections one participant may have} */
  public int connectionsPerParticipant() {
    return connectionsPerParticipant;
  }

  /**
   * Sets how many bans, and how many mutes, one room may have; all rooms together may have ten
   * times as many. A further one is rejected with {@link Rejection#TOO_MANY_SANCTIONS}.
   *
   * @param sanctions at least 1; by default 10,000
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public Limits withSanctionsPerRoom(int sanctions) {
    Limits copy = copy();
    copy.sanctionsPerRoom = Arguments.requireAtLeast(1, sanctions, "sanctionsPerRoom");
    return copy;
  }

  /** {@return how many bans, and how many mutes, one room may have} */
  public int sanctionsPerRoom() {
    return sanctionsPerRoom;
  }

  private Limits copy() {
    try {
      return (Limits) clone();
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Duration positive(Duration value, String name) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + ": it must be longer than zero");
    }
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ": it must be at most " + LONGEST.toDays() + " days");
    }
    return value;
  }
}
