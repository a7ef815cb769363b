package dev.roomful.centrifuge;

import java.nio.charset.StandardCharsets;

/**
 * Why the server closes a connection: the code and the reason of the WebSocket close frame.
 * Applications may use codes from 4000 to 4999; those below 4000 are the protocol's.
 *
 * @param code from 3000 to 4999; it alone decides whether clients reconnect
 * @param reason the reason for people, at most 123 bytes of UTF-8 (RFC 6455 section 5.5)
 */
record Disconnect(int code, String reason) {
  /** Never sent: SDKs report it for a connection that closed without a reason. */
  static final Disconnect CONNECTION_CLOSED = new Disconnect(3000, "connection closed");

  static final Disconnect SHUTDOWN = new Disconnect(3001, "shutdown");
  static final Disconnect SERVER_ERROR = new Disconnect(3004, "internal server error");
  static final Disconnect EXPIRED = new Disconnect(3005, "connection expired");
  static final Disconnect SUBSCRIPTION_EXPIRED = new Disconnect(3006, "subscription expired");
  static final Disconnect SLOW = new Disconnect(3008, "slow");
  static final Disconnect WRITE_ERROR = new Disconnect(3009, "write error");
  static final Disconnect INSUFFICIENT_STATE = new Disconnect(3010, "insufficient state");
  static final Disconnect FORCE_RECONNECT = new Disconnect(3011, "force reconnect");
  static final Disconnect NO_PONG = new Disconnect(3012, "no pong");
  static final Disconnect TOO_MANY_REQUESTS = new Disconnect(3013, "too many requests");

  /** Clients forget their tokens and positions before they reconnect. */
  static final Disconnect STATE_INVALIDATED = new Disconnect(3014, "state invalidated");

  static final Disconnect INVALID_TOKEN = new Disconnect(3500, "invalid token");
  static final Disconnect BAD_REQUEST = new Disconnect(3501, "bad request");

  /** For a connection that did not send a valid {@code connect} in time. */
  static final Disconnect STALE = new Disconnect(3502, "stale");

  static final Disconnect FORCE_NO_RECONNECT = new Disconnect(3503, "force disconnect");
  static final Disconnect CONNECTION_LIMIT = new Disconnect(3504, "connection limit");
  static final Disconnect CHANNEL_LIMIT = new Disconnect(3505, "channel limit");

  /** For a client whose form cannot carry an event. Both forms carry every event of this server. */
  static final Disconnect INAPPROPRIATE_PROTOCOL = new Disconnect(3506, "inappropriate protocol");

  static final Disconnect PERMISSION_DENIED = new Disconnect(3507, "permission denied");

  /** In place of {@link ClientError#NOT_AVAILABLE} for a command without a reply: {@code send}. */
  static final Disconnect NOT_AVAILABLE = new Disconnect(3508, "not available");

  static final Disconnect TOO_MANY_ERRORS = new Disconnect(3509, "too many errors");

  Disconnect {
    if (code < 3000 || code > 4999) {
      throw new IllegalArgumentException(
          "disconnect code is " + code + ": must be between 3000 and 4999");
    }
    if (reason.getBytes(StandardCharsets.UTF_8).length > 123) {
      throw new IllegalArgumentException(
          "disconnect reason \"" + reason + "\" is longer than 123 bytes");
    }
  }

  /** {@return whether clients reconnect by themselves, with growing delays} */
  boolean reconnects() {
    return code < 3500 || (code >= 4000 && code < 4500);
  }
}
