package dev.roomful.centrifuge;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.protocol.ProtocolGateway;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides about handshakes: after the chat's checks and the limit of invalid tokens, by the
 * authenticator, unless the clients identify themselves later by their {@code connect} command.
 */
final class HandshakeAdmission {
  private final Centrifuge gateway;
  private final ProtocolGateway chat;

  HandshakeAdmission(Centrifuge gateway) {
    this.gateway = gateway;
    this.chat = ProtocolGateway.of(gateway.chat);
  }

  Admission admit(Handshake handshake) {
    return chat.checkAdmission(handshake)
        .or(() -> checkInvalidTokens(handshake))
        .map(Admission.class::cast)
        .orElseGet(
            () ->
                gateway.tokens != null || gateway.anonymousAllowed
                    ? withHandshake(AcceptedAdmission.of("?", "?"), handshake)
                    : authenticate(handshake));
  }

  private Optional<Rejection> checkInvalidTokens(Handshake handshake) {
    KeyedRateLimiter limiter = gateway.invalidTokens;
    Duration wait =
        limiter == null
            ? Duration.ZERO
            : handshake
                .remoteAddress()
                .map(address -> limiter.timeToToken(address, chat.monotonicTime()))
                .orElse(Duration.ZERO);
    return wait.isZero()
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                429, Rejection.TOO_FAST, "too many invalid tokens from this address", wait));
  }

  private Admission authenticate(Handshake handshake) {
    Admission admission = chat.authenticate(handshake);
    return admission instanceof AcceptedAdmission accepted
        ? withHandshake(accepted, handshake)
        : admission;
  }

  private static AcceptedAdmission withHandshake(AcceptedAdmission admission, Handshake handshake) {
    return admission.withAttribute(SubscribeHandshake.KEY, SubscribeHandshake.of(handshake));
  }
}
