package dev.roomful.centrifuge;

/**
 * The error in a reply. Applications may use codes from 400 to 1999; those below 400 are the
 * protocol's.
 *
 * @param code the code for programs
 * @param message the message for people
 * @param temporary whether trying again may help: SDKs do so by themselves, and give up otherwise
 */
record ClientError(int code, String message, boolean temporary) implements Reply.Outcome {
  static final ClientError INTERNAL = new ClientError(100, "internal server error", true);
  static final ClientError UNAUTHORIZED = new ClientError(101, "unauthorized", false);
  static final ClientError UNKNOWN_CHANNEL = new ClientError(102, "unknown channel", false);
  static final ClientError PERMISSION_DENIED = new ClientError(103, "permission denied", false);
  static final ClientError METHOD_NOT_FOUND = new ClientError(104, "method not found", false);
  static final ClientError ALREADY_SUBSCRIBED = new ClientError(105, "already subscribed", false);
  static final ClientError LIMIT_EXCEEDED = new ClientError(106, "limit exceeded", false);
  static final ClientError REPLY_TOO_LARGE =
      new ClientError(106, "the reply is too large for this connection", false);
  static final ClientError BAD_REQUEST = new ClientError(107, "bad request", false);
  static final ClientError NOT_AVAILABLE = new ClientError(108, "not available", false);

  /** Not temporary, but SDKs ask the application for a new token and try again. */
  static final ClientError TOKEN_EXPIRED = new ClientError(109, "token expired", false);

  static final ClientError EXPIRED = new ClientError(110, "expired", false);
  static final ClientError TOO_MANY_REQUESTS = new ClientError(111, "too many requests", true);
  static final ClientError UNRECOVERABLE_POSITION =
      new ClientError(112, "unrecoverable position", false);
  static final ClientError CONCURRENT_PAGINATION =
      new ClientError(113, "concurrent pagination", true);

  ClientError {
    if (code < 100 || code > 1999) {
      throw new IllegalArgumentException(
          "error code is " + code + ": must be between 100 and 1999; SDKs use those below");
    }
  }
}
