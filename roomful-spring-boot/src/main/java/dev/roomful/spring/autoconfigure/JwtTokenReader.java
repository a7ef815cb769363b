package dev.roomful.spring.autoconfigure;

import dev.roomful.admission.Handshake;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Reads JSON Web Tokens from the header {@code Authorization} or, since the WebSocket of a browser
 * sets no headers, from a subprotocol that begins with {@code bearer.}: {@code new WebSocket(url,
 * ['roomful', 'bearer.' + token])}. A token in the URL would be written to logs.
 */
final class JwtTokenReader implements TokenReader {
  /** What the server selects of the two subprotocols. */
  static final String SUBPROTOCOL = "roomful";

  private static final String SCHEME = "Bearer ";
  private static final String PREFIX = "bearer.";

  private final JwtDecoder decoder;
  private final Converter<Jwt, ? extends AbstractAuthenticationToken> converter;

  JwtTokenReader(
      JwtDecoder decoder, Converter<Jwt, ? extends AbstractAuthenticationToken> converter) {
    this.decoder = decoder;
    this.converter = converter;
  }

  @Override
  public @Nullable Authentication read(Handshake handshake) {
    Optional<String> token = tokenOf(handshake);
    if (token.isEmpty()) {
      return null;
    }
    Jwt jwt;
    try {
      jwt = decoder.decode(token.get());
    } catch (BadJwtException rejected) {
      throw new BadCredentialsException("the token is not valid", rejected);
    } catch (JwtException failed) {
      throw new AuthenticationServiceException("the token cannot be checked", failed);
    }
    return converter.convert(jwt);
  }

  private static Optional<String> tokenOf(Handshake handshake) {
    Optional<String> header =
        handshake
            .header("authorization")
            .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .map(value -> value.substring(SCHEME.length()).strip());
    return header.or(
        () ->
            handshake.subprotocols().stream()
                .filter(offered -> offered.startsWith(PREFIX))
                .findFirst()
                .map(offered -> offered.substring(PREFIX.length())));
  }
}
