package dev.roomful.centrifuge;

/** A token that is not good, or not good any more. The message never has the token in it. */
final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean expired;

  /** Has no stack trace: clients cause it, as often as they like. */
  private InvalidTokenException(String message, boolean expired) {
    super(message, null, false, false);
    this.expired = expired;
  }

  static InvalidTokenException invalid(String message) {
    return new InvalidTokenException(message, false);
  }

  static InvalidTokenException expired(String message) {
    return new InvalidTokenException(message, true);
  }

  /**
   * Whether only the time is wrong, so that a new token would help ({@link
   * ClientError#TOKEN_EXPIRED}).
   */
  boolean isExpired() {
    return expired;
  }
}
