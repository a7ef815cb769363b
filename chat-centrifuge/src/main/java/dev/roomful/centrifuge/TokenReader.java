package dev.roomful.centrifuge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokens of one client: counts those that are invalid against the limit of the client's
 * address, and contains failures of the verifier and of the clock.
 */
final class TokenReader {
  private final CentrifugeProtocolHandler handler;
  private final @Nullable ClientTokens tokens;
  private final @Nullable KeyedRateLimiter invalidTokens;
  private final @Nullable String address;

  TokenReader(CentrifugeProtocolHandler handler, Optional<String> address) {
    this.handler = handler;
    this.tokens = handler.gateway.tokens == null ? null : new ClientTokens(handler.gateway.tokens);
    this.invalidTokens = handler.gateway.invalidTokens;
    this.address = address.orElse(null);
  }

  /** {@return whether tokens are accepted at all} */
  boolean isEnabled() {
    return tokens != null;
  }

  ConnectionToken connection(String token) throws InvalidTokenException {
    return read((reader, now) -> reader.connection(token, now));
  }

  /** Reads a subscription token; the caller checks the user and the channel. */
  SubscriptionToken subscription(String token) throws InvalidTokenException {
    return read((reader, now) -> reader.subscription(token, now));
  }

  /**
   * Returns the expiry of what a token allows.
   *
   * @param seconds the time in seconds since 1970, 0 for never
   * @throws InvalidTokenException if that time has passed
   */
  Expiry expiry(long seconds) throws InvalidTokenException {
    return contained(() -> Expiry.at(seconds, handler.gateway.clock.instant(), handler.now()));
  }

  private interface Read<T> {
    T from(ClientTokens tokens, Instant now) throws InvalidTokenException;
  }

  private <T> T read(Read<T> read) throws InvalidTokenException {
    if (tokens == null) {
      throw InvalidTokenException.invalid("no tokens are accepted here");
    }
    Duration now = handler.now();
    if (invalidTokens != null
        && address != null
        && !invalidTokens.timeToToken(address, now).isZero()) {
      throw InvalidTokenException.throttled();
    }
    try {
      return contained(() -> read.from(tokens, handler.gateway.clock.instant()));
    } catch (InvalidTokenException rejection) {
      if (invalidTokens != null
          && address != null
          && rejection.kind() == InvalidTokenException.Kind.INVALID) {
        var unused = invalidTokens.take(address, now);
      }
      throw rejection;
    }
  }

  private interface Contained<T> {
    T run() throws InvalidTokenException;
  }

  private <T> T contained(Contained<T> action) throws InvalidTokenException {
    try {
      return action.run();
    } catch (InvalidTokenException rejection) {
      throw rejection;
    } catch (Throwable failure) {
      handler.log("Token verifier or clock", failure);
      throw InvalidTokenException.failed();
    }
  }
}
