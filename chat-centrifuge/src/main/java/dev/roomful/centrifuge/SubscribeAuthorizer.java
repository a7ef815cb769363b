package dev.roomful.centrifuge;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.protocol.ProtocolGateway;
import org.jspecify.annotations.Nullable;

/** What lets one client into rooms: the word of the doorman, or of a subscription token. */
final class SubscribeAuthorizer {
  private final CentrifugeHandler handler;

  SubscribeAuthorizer(CentrifugeHandler handler) {
    this.handler = handler;
  }

  /** The doorman's word, which stands for this room only. */
  Grant authorize(String channel) throws DeniedException {
    ChannelHandshake handshake = handler.handshake.forChannel(channel);
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
    return new Grant(accepted.role(), SubscriptionTerms.DEFAULTS, new Expiry(null));
  }

  /**
   * A subscription token's word.
   *
   * @param invalidTokenError the answer to one that is not good; null to disconnect
   */
  Grant authorizeByToken(String token, String channel, @Nullable ClientError invalidTokenError)
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
      return new Grant(Role.MEMBER, verified.terms(), handler.tokens.expiry(verified.expireAt()));
    } catch (InvalidTokenException rejection) {
      ClientError error = rejection.error();
      throw new DeniedException(error == null ? invalidTokenError : error);
    }
  }

  /** Nobody comes in. */
  static final class DeniedException extends Exception {
    private static final long serialVersionUID = 1;

    final transient @Nullable ClientError error;

    /** With null, for good: the token is somebody else's. */
    private DeniedException(@Nullable ClientError error) {
      super(null, null, false, false);
      this.error = error;
    }
  }
}
