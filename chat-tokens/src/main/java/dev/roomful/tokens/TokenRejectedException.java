package dev.roomful.tokens;

import dev.roomful.admission.Rejection;
import java.time.Duration;

/** A token was not accepted. Neither the message nor the rejection contains the token. */
public final class TokenRejectedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Rejection rejection;

  /** Has no stack trace: clients cause it, as often as they like. */
  private TokenRejectedException(Rejection rejection) {
    super(rejection.reason(), null, false, false);
    this.rejection = rejection;
  }

  static TokenRejectedException invalid(String reason) {
    return new TokenRejectedException(new Rejection(401, Tokens.INVALID, reason));
  }

  static TokenRejectedException expired(String reason) {
    return new TokenRejectedException(new Rejection(401, Rejection.EXPIRED, reason));
  }

  static TokenRejectedException unavailable(String reason, Duration retryAfter) {
    return new TokenRejectedException(
        new Rejection(503, Rejection.UNAVAILABLE, reason, retryAfter));
  }

  /**
   * Returns why it was not accepted: {@link Tokens#INVALID}, {@link Rejection#EXPIRED} (which
   * another token helps with), or {@link Rejection#UNAVAILABLE} (the keys are being fetched).
   *
   * @return the rejection, with status 401 or 503
   */
  public Rejection rejection() {
    return rejection;
  }
}
