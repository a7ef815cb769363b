package dev.roomful.centrifuge;

import org.jspecify.annotations.Nullable;

/** A token was not accepted. The message never contains the token. */
final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why a token was not accepted. */
  enum Kind {
    /** The token is malformed, forged, or meant for something else. */
    INVALID,
    /** Only the time is wrong, so that a new token would help. */
    EXPIRED,
    /** The token was not read: too many invalid tokens came from the client's address. */
    THROTTLED,
    /** The token could not be checked: the verifier or the clock failed. */
    FAILED
  }

  private final Kind kind;

  /** Has no stack trace: clients cause it, as often as they like. */
  private InvalidTokenException(String message, Kind kind) {
    super(message, null, false, false);
    this.kind = kind;
  }

  static InvalidTokenException invalid(String message) {
    return new InvalidTokenException(message, Kind.INVALID);
  }

  static InvalidTokenException expired(String message) {
    return new InvalidTokenException(message, Kind.EXPIRED);
  }

  static InvalidTokenException throttled() {
    return new InvalidTokenException("too many invalid tokens from this address", Kind.THROTTLED);
  }

  static InvalidTokenException failed() {
    return new InvalidTokenException("the token could not be checked", Kind.FAILED);
  }

  Kind kind() {
    return kind;
  }

  boolean isExpired() {
    return kind == Kind.EXPIRED;
  }

  /** {@return the error for the client, or null for a token that is invalid for good} */
  @Nullable ClientError error() {
    return switch (kind) {
      case INVALID -> null;
      case EXPIRED -> ClientError.TOKEN_EXPIRED;
      case THROTTLED -> ClientError.TOO_MANY_REQUESTS;
      case FAILED -> ClientError.INTERNAL;
    };
  }
}
