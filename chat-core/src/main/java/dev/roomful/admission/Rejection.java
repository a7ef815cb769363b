package dev.roomful.admission;

import java.time.Duration;
import java.util.Objects;

/**
 * Why something was not done: a handshake, a join, a message or an action of moderation. A
 * rejection leaves no trace: no room, no member, no memory.
 *
 * <p>The constants of this class are the codes of the library; their values do not change. An
 * application may use codes of its own.
 *
 * @param status the HTTP status with which a handshake is rejected, 400 to 599
 * @param code a stable code for programs, such as {@link #ROOM_FULL}
 * @param reason the reason for people
 * @param retryAfter when another attempt may succeed; zero if that is not known
 */
public record Rejection(int status, String code, String reason, Duration retryAfter)
    implements Admission {
  /** The room was closed, or removed because it was empty. */
  public static final String ROOM_CLOSED = "room-closed";

  /** Nobody is in the room, and it would not store the message. */
  public static final String ROOM_EMPTY = "room-empty";

  /** The room has as many bans or mutes as it may have. */
  public static final String TOO_MANY_SANCTIONS = "too-many-sanctions";

  /** The participant has as many connections as it may have. */
  public static final String TOO_MANY_CONNECTIONS = "too-many-connections";

  /** The remote address has as many connections as it may have. */
  public static final String TOO_MANY_FROM_ADDRESS = "too-many-from-address";

  /** The chat is shutting down; a client may try again after a moment. */
  public static final String CLOSING = "closing";

  /**
   * The cluster engine cannot be reached (status 503), so that the call may succeed later. It may
   * have taken effect if the engine was lost while the call waited.
   */
  public static final String UNAVAILABLE = "unavailable";

  /** The chat has reached its limit of connections. */
  public static final String CHAT_FULL = "chat-full";

  /** The room has reached its capacity. */
  public static final String ROOM_FULL = "room-full";

  /** The chat has reached its limit of rooms. */
  public static final String TOO_MANY_ROOMS = "too-many-rooms";

  /** The participant has reached its limit of rooms. */
  public static final String TOO_MANY_ROOMS_JOINED = "too-many-rooms-joined";

  /** The room does not exist, and only declared rooms may be joined. */
  public static final String UNKNOWN_ROOM = "unknown-room";

  /** The participant is banned from the room. */
  public static final String BANNED = "banned";

  /** The participant is muted in the room. */
  public static final String MUTED = "muted";

  /** The display name is not valid; the reason says why. */
  public static final String NAME = "name";

  /** Another participant in the room uses this display name, or one that compares equal. */
  public static final String NAME_TAKEN = "name-taken";

  /** The connection is in the room already. */
  public static final String ALREADY_JOINED = "already-joined";

  /** The participant is not in the room. */
  public static final String NOT_A_MEMBER = "not-a-member";

  /** The role of the participant does not allow the action. */
  public static final String NOT_ALLOWED = "not-allowed";

  /** A participant may not do this to itself. */
  public static final String SELF_TARGET = "self-target";

  /** The target has the same role as the actor, or a higher one. */
  public static final String OUTRANKED = "outranked";

  /** The participant, the message or the sanction does not exist. */
  public static final String NOT_FOUND = "not-found";

  /** The message has as many reactions, or as many different ones, as it may have. */
  public static final String TOO_MANY_REACTIONS = "too-many-reactions";

  /** The client exceeds its rate; {@link #retryAfter} says how long to wait. */
  public static final String TOO_FAST = "too-fast";

  /** The connection has closed, or the participant has left. */
  public static final String GONE = "gone";

  /** Pages of this origin may not connect. */
  public static final String ORIGIN = "origin";

  /** The room name is not valid; the reason says why. */
  public static final String ROOM_NAME = "room-name";

  /** The participant id is not valid; the reason says why. */
  public static final String PARTICIPANT_ID = "participant-id";

  /** The credential has expired; the client needs a new one. */
  public static final String EXPIRED = "expired";

  /** The credential, or all of the participant's, was revoked; the client needs a new one. */
  public static final String REVOKED = "revoked";

  /** The chat remembers as many revocations as it may. */
  public static final String TOO_MANY_REVOCATIONS = "too-many-revocations";

  /** A callback of the application failed. */
  public static final String FAILED = "failed";

  /** The default code of {@link #of}. */
  public static final String REJECTED = "rejected";

  /**
   * Creates a rejection.
   *
   * @param status the HTTP status, 400 to 599
   * @param code a stable code for programs
   * @param reason the reason for people
   * @param retryAfter when another attempt may succeed, or zero
   * @throws IllegalArgumentException if the status is not an HTTP error, or the wait is negative
   */
  public Rejection {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "a rejection cannot have the HTTP status " + status + ": use 400 to 599");
    }
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("a wait of " + retryAfter + " is over already: use zero");
    }
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * Creates a rejection without a time for another attempt.
   *
   * @param status the HTTP status, 400 to 599
   * @param code a stable code for programs
   * @param reason the reason for people
   * @throws IllegalArgumentException if the status is not an HTTP error
   */
  public Rejection(int status, String code, String reason) {
    this(status, code, reason, Duration.ZERO);
  }

  /**
   * Returns a rejection of the application, with the code {@link #REJECTED}.
   *
   * @param status the HTTP status, 400 to 599
   * @param reason the reason, which the client receives
   * @return the rejection
   */
  public static Rejection of(int status, String reason) {
    return new Rejection(status, REJECTED, reason);
  }
}
