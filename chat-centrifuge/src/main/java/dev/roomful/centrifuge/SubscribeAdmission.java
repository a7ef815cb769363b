package dev.roomful.centrifuge;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.protocol.ProtocolGateway;
import org.jspecify.annotations.Nullable;

/** Decides whether one client may join a room: by the authenticator or by a subscription token. */
final class SubscribeAdmission {
  private final CentrifugeProtocolHandler handler;

  SubscribeAdmission(CentrifugeProtocolHandler handler) {
    this.handler = handler;
  }

  /** Asks the authenticator, which has to accept with this room. */
  SubscriptionGrant authorize(String channel) throws DeniedException {
    SubscribeHandshake handshake = handler.handshake.forChannel(channel);
    if (handler.gateway.tokens != null || handler.gateway.anonymousAllowed) {
      handshake = handshake.withUser(handler.session.participant().id());
    }
    Admission admission = ProtocolGateway.of(handler.gateway.chat).authenticate(handshake);
    if (admission instanceof Rejection rejection) {
      throw new DeniedException(ProtocolMapping.errorFor(rejection));
    }
    AcceptedAdmission accepted = (AcceptedAdmission) admission;
    if (!accepted.room().equals(channel)) {
      throw new DeniedException(ClientError.PERMISSION_DENIED);
    }
    return new SubscriptionGrant(accepted.role(), SubscriptionTerms.DEFAULTS, new Expiry(null));
  }

  /**
   * Reads a subscription token.
   *
   * @param invalidTokenError the error for an invalid token; null to close the connection
   */
  SubscriptionGrant authorizeByToken(
      String token, String channel, @Nullable ClientError invalidTokenError)
      throws DeniedException {
    if (!handler.tokens.isEnabled()) {
      throw new DeniedException(invalidTokenError);
    }
    try {
      SubscriptionToken verified = handler.tokens.subscription(token);
      if (!verified.user().equals(handler.user())
          || !verified.channel().equals(channel)
          || !(verified.client().isEmpty() || verified.client().equals(handler.session.id()))) {
        throw new DeniedException(null);
      }
      return new SubscriptionGrant(
          Role.MEMBER, verified.terms(), handler.tokens.expiry(verified.expireAt()));
    } catch (InvalidTokenException rejection) {
      ClientError error = rejection.error();
      throw new DeniedException(error == null ? invalidTokenError : error);
    }
  }

  /** The client may not join. */
  static final class DeniedException extends Exception {
    private static final long serialVersionUID = 1;

    final transient @Nullable ClientError error;

    /** With null for a token of another user, channel or connection: the client is closed. */
    private DeniedException(@Nullable ClientError error) {
      super(null, null, false, false);
      this.error = error;
    }
  }
}
