package dev.roomful.spring.autoconfigure;

import dev.roomful.admission.Handshake;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/** Authenticates a client by the token of its handshake. */
@FunctionalInterface
interface TokenReader {
  /**
   * Reads and checks the token.
   *
   * @return who the token is for, or null if the handshake has none
   * @throws org.springframework.security.core.AuthenticationException if the token is not accepted,
   *     or cannot be checked
   */
  @Nullable Authentication read(Handshake handshake);
}
