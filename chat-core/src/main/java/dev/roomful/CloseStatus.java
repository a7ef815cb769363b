package dev.roomful;

import java.nio.charset.StandardCharsets;

/**
 * A WebSocket close code with a short reason (RFC 6455 section 7.4). Codes from 4000 are defined by
 * this library, in the range for private use.
 *
 * @param code the code, 1000 to 4999
 * @param reason the reason in words, at most 123 bytes in UTF-8 (RFC 6455 section 5.5)
 */
public record CloseStatus(int code, String reason) {
  /** 1000: closed on purpose. */
  public static final CloseStatus NORMAL = new CloseStatus(1000, "");

  /** 1006: the connection was lost without a close frame. Never sent. */
  public static final CloseStatus LOST = new CloseStatus(1006, "connection lost");

  /** 1008: the client sends more than its rate allows. */
  public static final CloseStatus TOO_FAST = new CloseStatus(1008, "too many messages");

  /** 1009: a message is larger than the limit. */
  public static final CloseStatus TOO_BIG = new CloseStatus(1009, "message too big");

  /** 1011: the application's handler failed. */
  public static final CloseStatus FAILED = new CloseStatus(1011, "internal error");

  /**
   * 1012: the chat is shutting down; a client may reconnect after a moment. With {@link
   * Limits#withReconnectDelay} the client receives the reason {@code restarting, reconnect after N
   * ms}, with a random number of milliseconds.
   */
  public static final CloseStatus RESTART = new CloseStatus(1012, "restarting, come back");

  /** 1013: a limit is reached; a client may try again later. */
  public static final CloseStatus FULL = new CloseStatus(1013, "full, try again later");

  /** 4001: the client was silent for too long, and did not answer pings. */
  public static final CloseStatus IDLE_TIMEOUT = new CloseStatus(4001, "no sign of life");

  /** 4002: the client reads too slowly: its outbox is full, or a write is stuck. */
  public static final CloseStatus TOO_SLOW = new CloseStatus(4002, "reading too slowly");

  /** 4003: removed from the room by the application. */
  public static final CloseStatus KICKED = new CloseStatus(4003, "removed from the room");

  /** 4004: the room was closed. */
  public static final CloseStatus ROOM_CLOSED = new CloseStatus(4004, "room closed");

  /** 4005: removed from the room, and banned from it for a time. */
  public static final CloseStatus BANNED = new CloseStatus(4005, "banned from the room");

  /** 4007: an event cannot be represented in the client's protocol. */
  public static final CloseStatus NOT_ENCODABLE =
      new CloseStatus(4007, "not encodable in this protocol");

  /** 4006: the client has resumed on another connection. */
  public static final CloseStatus RESUMED = new CloseStatus(4006, "resumed on another connection");

  /**
   * 4008: the client has missed messages that it cannot be given, or has received messages that a
   * cluster engine has lost; it has to load the room again.
   */
  public static final CloseStatus RELOAD = new CloseStatus(4008, "reload the room");

  /** 4009: the access of the participant was withdrawn, see {@link Chat#revoke}. */
  public static final CloseStatus REVOKED = new CloseStatus(4009, "access revoked");

  /**
   * 4010: the credential of the connection has expired; the client needs a new one, see {@link
   * Message#renew}.
   */
  public static final CloseStatus EXPIRED = new CloseStatus(4010, "credential expired");

  /**
   * 4011: the first message of the client did not admit it, see {@link
   * dev.roomful.admission.DeferredAdmission}. The client receives the code of the rejection as
   * reason.
   */
  public static final CloseStatus NOT_ADMITTED = new CloseStatus(4011, "not admitted");

  /**
   * Checks the code and the length of the reason.
   *
   * @param code the code, 1000 to 4999
   * @param reason the reason in words, at most 123 bytes in UTF-8
   * @throws IllegalArgumentException if the code is outside 1000 to 4999 or the reason is too long
   */
  public CloseStatus {
    if (code < 1000 || code > 4999) {
      throw new IllegalArgumentException(
          "close code " + code + " is out of range: use 1000 to 4999, 4000 and up for your own");
    }
    if (reason.length() > 123 || reason.getBytes(StandardCharsets.UTF_8).length > 123) {
      throw new IllegalArgumentException(
          "the close reason \"" + reason + "\" is longer than 123 bytes in UTF-8: shorten it");
    }
  }

  /**
   * Returns the same code with another reason.
   *
   * @param reason the reason, at most 123 bytes in UTF-8
   * @return the code with that reason
   */
  public CloseStatus withReason(String reason) {
    return new CloseStatus(code, reason);
  }

  /**
   * Returns a status with the reason cut to 123 bytes in UTF-8, as a client sent it.
   *
   * @param code the close code
   * @param reason the reason, of any length
   * @return the status
   */
  public static CloseStatus truncated(int code, String reason) {
    String truncated = reason;
    while (truncated.getBytes(StandardCharsets.UTF_8).length > 123) {
      truncated = truncated.substring(0, Math.min(truncated.length() - 1, 123));
    }
    return new CloseStatus(code, truncated);
  }

  /**
   * Returns whether a close frame may contain the code: 1005, 1006 and 1015 are only reported
   * locally, and those from 1016 to 2999 are reserved for the WebSocket protocol (RFC 6455 section
   * 7.4).
   *
   * @return true if it may be sent
   */
  public boolean sendable() {
    return code >= 3000 || (code < 1015 && code != 1004 && code != 1005 && code != 1006);
  }
}
