package dev.roomful.admission;

import java.time.Duration;
import java.util.Objects;

/**
 * A "no" with its reason: a refused handshake, a refused join, a refused message, a refused act. It
 * leaves nothing behind: no room, no member, no memory.
 *
 * <p>The codes of this library are the constants of this class, and will stay; an application may
 * have its own.
 *
 * @param status the HTTP status with which a handshake is refused, 400 to 599
 * @param code a stable word for programs, such as {@link #ROOM_FULL}
 * @param reason the reason in words, for people
 * @param retryAfter after how long it is worth another try; zero if that is not known
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

  /** The chat is shutting down: come back after a moment. */
  public static final String CLOSING = "closing";

  /** The chat has as many connections as it may. */
  public static final String CHAT_FULL = "chat-full";

  /** The room has as many participants as it may. */
  public static final String ROOM_FULL = "room-full";

  /** The chat has as many rooms as it may. */
  public static final String TOO_MANY_ROOMS = "too-many-rooms";

  /** The participant is in as many rooms as it may. */
  public static final String TOO_MANY_ROOMS_JOINED = "too-many-rooms-joined";

  /** There is no such room, and nobody makes one by coming. */
  public static final String UNKNOWN_ROOM = "unknown-room";

  /** The participant is kept out of the room for a time. */
  public static final String BANNED = "banned";

  /** The participant may say nothing in the room for a time. */
  public static final String MUTED = "muted";

  /** The display name cannot be shown: the reason says why. */
  public static final String NAME = "name";

  /** Somebody in the room has that name, or one that looks like it. */
  public static final String NAME_TAKEN = "name-taken";

  /** The connection is in the room already. */
  public static final String ALREADY_JOINED = "already-joined";

  /** Who acts is not in the room. */
  public static final String NOT_A_MEMBER = "not-a-member";

  /** The role of who acts does not allow it. */
  public static final String NOT_ALLOWED = "not-allowed";

  /** Nobody acts on itself. */
  public static final String SELF_TARGET = "self-target";

  /** The one to act on has the same role, or a higher one. */
  public static final String OUTRANKED = "outranked";

  /** There is nobody, or nothing, to act on. */
  public static final String NOT_FOUND = "not-found";

  /** The client says more than its rate allows: {@link #retryAfter} tells how long to wait. */
  public static final String TOO_FAST = "too-fast";

  /** The connection has ended meanwhile. */
  public static final String GONE = "gone";

  /** Pages of this origin may not connect. */
  public static final String ORIGIN = "origin";

  /** The name of the room is no name: the reason says why. */
  public static final String ROOM_NAME = "room-name";

  /** The participant's id is none: the reason says why. */
  public static final String PARTICIPANT_ID = "participant-id";

  /** The application's doorman failed. */
  public static final String FAILED = "failed";

  /** The application's own, by {@link #of}. */
  public static final String REJECTED = "rejected";

  /**
   * Checks the status and the wait.
   *
   * @param status the HTTP status, 400 to 599
   * @param code a stable word for programs
   * @param reason the reason in words, for people
   * @param retryAfter after how long it is worth another try, or zero
   * @throws IllegalArgumentException if the status is no HTTP error, or the wait is negative
   */
  public Rejection {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "a refusal cannot have the HTTP status " + status + ": use 400 to 599");
    }
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("a wait of " + retryAfter + " is over already: use zero");
    }
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * A refusal of which it is not known how long it holds.
   *
   * @param status the HTTP status, 400 to 599
   * @param code a stable word for programs
   * @param reason the reason in words, for people
   * @throws IllegalArgumentException if the status is no HTTP error
   */
  public Rejection(int status, String code, String reason) {
    this(status, code, reason, Duration.ZERO);
  }

  /**
   * The application's own refusal, with the code {@link #REJECTED}.
   *
   * @param status the HTTP status, 400 to 599
   * @param reason the reason in words; the client sees it
   * @return the refusal
   */
  public static Rejection of(int status, String reason) {
    return new Rejection(status, REJECTED, reason);
  }
}
