package dev.roomful.spring.autoconfigure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.util.ClassUtils;

/** Finds out until when the credentials of an authentication are valid. */
final class CredentialsExpiry {
  private static final boolean HAS_TOKENS =
      ClassUtils.isPresent(
          "org.springframework.security.oauth2.core.OAuth2Token",
          CredentialsExpiry.class.getClassLoader());

  private CredentialsExpiry() {}

  /** {@return the expiry of the token; null for other credentials, which end with their session} */
  static @Nullable Instant of(Authentication authentication) {
    return HAS_TOKENS ? Tokens.expiry(authentication.getCredentials()) : null;
  }

  /** Loaded only where the type exists. */
  private static final class Tokens {
    static @Nullable Instant expiry(@Nullable Object credentials) {
      return credentials instanceof OAuth2Token token ? token.getExpiresAt() : null;
    }
  }
}
