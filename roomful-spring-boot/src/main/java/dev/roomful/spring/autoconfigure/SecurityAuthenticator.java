package dev.roomful.spring.autoconfigure;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.spring.AdmissionCustomizer;
import dev.roomful.spring.RoomAccess;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Admits users of Spring Security: the user of the request, as its filters have authenticated it,
 * or else the user of the token. The room is the path parameter {@code room}, or else the query
 * parameter {@code room}, or else {@code lobby}; a client of a protocol connects without a room,
 * and is decided about again for each room that it subscribes to.
 */
final class SecurityAuthenticator implements Authenticator {
  private static final System.Logger LOG = System.getLogger("dev.roomful.spring");
  private static final String DEFAULT_ROOM = "lobby";

  private final AuthorizationManager<RoomAccess> rooms;
  private final TokenReader tokens;
  private final List<AdmissionCustomizer> customizers;
  private final BooleanSupplier roomsComeLater;

  SecurityAuthenticator(
      AuthorizationManager<RoomAccess> rooms,
      TokenReader tokens,
      List<AdmissionCustomizer> customizers,
      BooleanSupplier roomsComeLater) {
    this.rooms = rooms;
    this.tokens = tokens;
    this.customizers = customizers;
    this.roomsComeLater = roomsComeLater;
  }

  @Override
  public Admission authenticate(Handshake handshake) {
    Authentication authentication;
    try {
      authentication = authenticationOf(handshake);
    } catch (AuthenticationServiceException failure) {
      LOG.log(
          System.Logger.Level.WARNING, "A token cannot be checked; rejecting handshake", failure);
      return Rejection.of(503, "the token cannot be checked now");
    } catch (AuthenticationException rejected) {
      return Rejection.of(401, "the token is not valid");
    }
    Instant expiry = CredentialsExpiry.of(authentication);
    if (expiry != null && !expiry.isAfter(Instant.now())) {
      return Rejection.of(401, "the token has expired");
    }
    Optional<String> named = handshake.path("room").or(() -> handshake.query("room"));
    String room = named.orElse(DEFAULT_ROOM);
    String asked = named.isEmpty() && roomsComeLater.getAsBoolean() ? "" : room;
    if (!isGranted(authentication, new RoomAccess(asked, handshake))) {
      return authentication instanceof AnonymousAuthenticationToken
          ? Rejection.of(401, "log in first")
          : new Rejection(403, Rejection.NOT_ALLOWED, "this room is not open to you");
    }
    AcceptedAdmission admission = AcceptedAdmission.of(authentication.getName(), room);
    if (expiry != null) {
      admission = admission.withCredential(Credential.expiringAt(expiry));
    }
    for (AdmissionCustomizer customizer : customizers) {
      admission = customizer.customize(admission, authentication, handshake);
    }
    return admission;
  }

  private Authentication authenticationOf(Handshake handshake) {
    Optional<Principal> principal = handshake.principal();
    if (principal.isPresent()) {
      return principal.get() instanceof Authentication authentication
          ? authentication
          : UsernamePasswordAuthenticationToken.authenticated(
              principal.get(), null, AuthorityUtils.NO_AUTHORITIES);
    }
    Authentication token = tokens.read(handshake);
    return token == null ? anonymous() : token;
  }

  /** The same as the filters make for requests without a login, which have no principal. */
  private static Authentication anonymous() {
    return new AnonymousAuthenticationToken(
        "roomful",
        "anonymous-" + UUID.randomUUID(),
        AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
  }

  private boolean isGranted(Authentication authentication, RoomAccess access) {
    try {
      AuthorizationResult result = rooms.authorize(() -> authentication, access);
      return result != null && result.isGranted(); // no decision is no permission
    } catch (AccessDeniedException denied) {
      return false;
    }
  }
}
