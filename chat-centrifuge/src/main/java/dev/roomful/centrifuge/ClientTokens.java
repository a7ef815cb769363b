package dev.roomful.centrifuge;

import dev.roomful.admission.Rejection;
import dev.roomful.tokens.Token;
import dev.roomful.tokens.TokenRejectedException;
import dev.roomful.tokens.Tokens;
import java.time.Instant;

/**
 * Tokens with the claims that Centrifugo documents: connection tokens identify a client,
 * subscription tokens admit it to a channel.
 */
record ClientTokens(Tokens tokens) {
  /** Reads a connection token. */
  ConnectionToken connection(String token, Instant now) throws InvalidTokenException {
    Token verified = verified(token, now);
    return TokenClaims.read(verified.json()).connection(verified.credential());
  }

  /** Reads a subscription token; the caller checks the user and the channel. */
  SubscriptionToken subscription(String token, Instant now) throws InvalidTokenException {
    return TokenClaims.read(verified(token, now).json()).subscription();
  }

  private Token verified(String token, Instant now) throws InvalidTokenException {
    try {
      return tokens.verify(token, now);
    } catch (TokenRejectedException rejected) {
      String reason = rejected.rejection().reason();
      throw switch (rejected.rejection().code()) {
        case Rejection.EXPIRED -> InvalidTokenException.expired(reason);
        case Rejection.UNAVAILABLE -> InvalidTokenException.failed();
        default -> InvalidTokenException.invalid(reason);
      };
    }
  }
}
