package dev.roomful.centrifuge;

import dev.roomful.Participant;
import dev.roomful.admission.AcceptedAdmission;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The identity of one client, and how long it is valid. */
final class ClientAuthentication {
  private final CentrifugeProtocolHandler handler;
  private final TokenReader tokens;

  /** Null once the client is identified: nothing else needs it. */
  private volatile @Nullable AcceptedAdmission admission;

  private volatile @Nullable ClientIdentity identity;
  private volatile @Nullable Expiry expiry;

  ClientAuthentication(CentrifugeProtocolHandler handler, AcceptedAdmission admission) {
    this.handler = handler;
    this.tokens = handler.tokens;
    this.admission = admission;
  }

  /**
   * Identifies the client by its first command.
   *
   * @return the identity, or nothing if the client has to show a token and shows none
   */
  Optional<ClientIdentity> identify(ClientRequest.Connect request) throws InvalidTokenException {
    ClientIdentity identified = identityOf(request);
    if (identified != null) {
      expiry = tokens.expiry(identified.expiresAt());
      identity = identified;
      admission = null;
    }
    return Optional.ofNullable(identified);
  }

  private @Nullable ClientIdentity identityOf(ClientRequest.Connect request)
      throws InvalidTokenException {
    if (!request.token().isEmpty()) {
      return ClientIdentity.of(tokens.connection(request.token()), handler.session.id());
    }
    if (handler.gateway.anonymousAllowed) {
      return ClientIdentity.anonymous(handler.session.id(), request.data());
    }
    AcceptedAdmission accepted = admission;
    return tokens.isEnabled() || accepted == null ? null : ClientIdentity.of(accepted);
  }

  /** Extends the connection with a new token. */
  Reply.@Nullable Outcome refresh(ClientRequest.Refresh request) {
    if (request.token().isEmpty()) {
      return handler.disconnect(Disconnect.BAD_REQUEST);
    }
    if (!tokens.isEnabled()) {
      return ClientError.NOT_AVAILABLE;
    }
    try {
      ConnectionToken token = tokens.connection(request.token());
      if (!token.user().equals(user())) {
        return handler.disconnect(Disconnect.INVALID_TOKEN);
      }
      ClientIdentity current = identity;
      if (current == null || !token.subs().keySet().equals(current.subs().keySet())) {
        // The client reconnects and is subscribed to the channels of its new token.
        return handler.disconnect(Disconnect.INSUFFICIENT_STATE);
      }
      if (handler.session.renew(token.credential()).isRejected()) {
        return handler.disconnect(Disconnect.INVALID_TOKEN);
      }
      updateAttribute(Participant.INFO, token.info());
      updateAttribute(Centrifuge.META, token.meta());
      Expiry newExpiry = tokens.expiry(token.expireAt());
      expiry = newExpiry;
      return new Reply.Refreshed(handler.session.id(), "", newExpiry.timeToLive(handler.now()));
    } catch (InvalidTokenException rejection) {
      return switch (rejection.kind()) {
        case INVALID -> handler.disconnect(Disconnect.INVALID_TOKEN);
        case EXPIRED -> handler.disconnect(Disconnect.EXPIRED);
        case THROTTLED, FAILED -> rejection.error();
      };
    }
  }

  /** Updates an attribute, unless it has the value already: other clients receive each update. */
  private void updateAttribute(String attribute, RawData data) {
    Participant participant = handler.session.participant();
    if (!data.isEmpty() && !data.text().equals(participant.attributes().get(attribute))) {
      participant.update(attribute, data.text());
    }
  }

  /** {@return the user whose tokens this client may show, empty without a user id} */
  String user() {
    ClientIdentity current = identity;
    return current == null ? "" : current.user();
  }

  boolean isIdentified() {
    return identity != null;
  }

  Reply.TimeToLive timeToLive(Duration now) {
    Expiry current = expiry;
    return current == null ? Reply.TimeToLive.UNLIMITED : current.timeToLive(now);
  }

  boolean isRefreshOverdue(Duration now) {
    Expiry current = expiry;
    return current != null && current.isRefreshOverdue(now);
  }
}
