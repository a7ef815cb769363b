package dev.roomful.centrifuge;

import java.nio.charset.StandardCharsets;

/**
 * Why the server ends a connection: the code and reason of the WebSocket close frame. Applications
 * may have codes of their own from 4000 to 4999; those below are the protocol's.
 *
 * @param code from 3000 to 4999; it alone decides whether clients come back
 * @param reason what people read, at most 123 bytes of UTF-8 (RFC 6455 section 5.5)
 */
record Disconnect(int code, String reason) {
  /** Never sent: how the end of a connection is called that nobody gave a reason for. */
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

  /** Clients forget their tokens and positions before they come back. */
  static final Disconnect STATE_INVALIDATED = new Disconnect(3014, "state invalidated");

  static final Disconnect INVALID_TOKEN = new Disconnect(3500, "invalid token");
  static final Disconnect BAD_REQUEST = new Disconnect(3501, "bad request");

  /** For a connection that was opened and then never sent a valid {@code connect}. */
  static final Disconnect STALE = new Disconnect(3502, "stale");

  static final Disconnect FORCE_NO_RECONNECT = new Disconnect(3503, "force disconnect");
  static final Disconnect CONNECTION_LIMIT = new Disconnect(3504, "connection limit");
  static final Disconnect CHANNEL_LIMIT = new Disconnect(3505, "channel limit");

  /** For a client that speaks JSON and was to be sent something that is none. */
  static final Disconnect INAPPROPRIATE_PROTOCOL = new Disconnect(3506, "inappropriate protocol");

  static final Disconnect PERMISSION_DENIED = new Disconnect(3507, "permission denied");

  /** In place of {@link ClientError#NOT_AVAILABLE} where there is no reply: {@code send}. */
  static final Disconnect NOT_AVAILABLE = new Disconnect(3508, "not available");

  static final Disconnect TOO_MANY_ERRORS = new Disconnect(3509, "too many errors");

  Disconnect {
    if (code < 3000 || code > 4999) {
      throw new IllegalArgumentException("a disconnect has a code from 3000 to 4999, not " + code);
    }
    if (reason.getBytes(StandardCharsets.UTF_8).length > 123) {
      throw new IllegalArgumentException(
          "the reason of a disconnect is at most 123 bytes long: \"" + reason + "\"");
    }
  }

  /** Whether clients come back by themselves, after a while that grows from try to try. */
  boolean reconnects() {
    return code < 3500 || (code >= 4000 && code < 4500);
  }
}
