package dev.roomful.centrifuge;

/**
 * Why the server ended a subscription.
 *
 * @param code from 2000 to 2999; it alone decides whether clients subscribe again
 * @param reason the reason for people
 */
record UnsubscribeStatus(int code, String reason) {
  static final UnsubscribeStatus SERVER = new UnsubscribeStatus(2000, "server unsubscribe");
  static final UnsubscribeStatus INSUFFICIENT_STATE =
      new UnsubscribeStatus(2500, "insufficient state");
  static final UnsubscribeStatus EXPIRED = new UnsubscribeStatus(2501, "subscription expired");

  /** Clients forget the token and the position of the subscription before they subscribe again. */
  static final UnsubscribeStatus STATE_INVALIDATED =
      new UnsubscribeStatus(2502, "state invalidated");

  UnsubscribeStatus {
    if (code < 2000 || code > 2999) {
      throw new IllegalArgumentException(
          "unsubscribe code is " + code + ": must be between 2000 and 2999");
    }
  }

  /** {@return whether clients subscribe again by themselves, from their position} */
  boolean resubscribes() {
    return code >= 2500;
  }
}
