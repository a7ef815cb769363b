package dev.roomful.spring.autoconfigure;

import dev.roomful.admission.Credential;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.util.ClassUtils;

/** Finds the token of an authentication, so that access ends with it and can be revoked by it. */
final class TokenCredential {
  private static final boolean HAS_TOKENS =
      ClassUtils.isPresent(
          "org.springframework.security.oauth2.core.OAuth2Token",
          TokenCredential.class.getClassLoader());

  private TokenCredential() {}

  /** {@return the token as credential; null for others, which end with their HTTP session} */
  static @Nullable Credential of(Authentication authentication) {
    return HAS_TOKENS ? Tokens.credential(authentication.getCredentials()) : null;
  }

  /** Loaded only where the types exist. */
  private static final class Tokens {
    static @Nullable Credential credential(@Nullable Object credentials) {
      if (!(credentials instanceof OAuth2Token token)) {
        return null;
      }
      Instant expiry = token.getExpiresAt();
      Instant issue = token.getIssuedAt();
      String id = token instanceof ClaimAccessor claims ? claims.getClaimAsString("jti") : null;
      Credential credential =
          expiry == null ? Credential.unlimited() : Credential.expiringAt(expiry);
      credential = issue == null ? credential : credential.withIssuedAt(issue);
      return id == null ? credential : credential.withTokenId(id);
    }
  }
}
