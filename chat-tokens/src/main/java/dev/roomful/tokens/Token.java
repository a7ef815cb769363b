package dev.roomful.tokens;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.roomful.admission.Credential;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token whose signature, issuer, audience and time were checked. Immutable. */
public final class Token {
  /** The last second of the year 9999. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  private final String json;
  private final Map<String, Object> claims;

  private Token(String json, Map<String, Object> claims) {
    this.json = json;
    this.claims = claims;
  }

  static Token parse(String json) throws TokenRejectedException {
    try {
      Map<String, Object> claims = JSONObjectUtils.parse(json);
      if (claims == null) { // of the text "null"
        throw TokenRejectedException.invalid("the claims are not a JSON object");
      }
      return new Token(json, claims);
    } catch (ParseException malformed) {
      throw TokenRejectedException.invalid("the claims are not a JSON object");
    }
  }

  /** {@return the claim {@code sub}, empty if there is none} */
  public String subject() {
    return claim("sub").orElse("");
  }

  /**
   * Returns a claim that is a text.
   *
   * @param name its name, such as {@code name} or {@code email}
   * @return its value, or empty if there is no such claim or it is no text
   */
  public Optional<String> claim(String name) {
    return claims.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** {@return all claims as JSON, as they were signed} */
  public String json() {
    return json;
  }

  /** {@return expiry, time of issue and id of the token, as far as it has them} */
  public Credential credential() {
    Credential credential =
        time("exp").map(Credential::expiringAt).orElseGet(Credential::unlimited);
    Optional<Instant> issued = time("iat");
    if (issued.isPresent()) {
      credential = credential.withIssuedAt(issued.get());
    }
    Optional<String> id = claim("jti");
    return id.isPresent() ? credential.withTokenId(id.get()) : credential;
  }

  void check(@Nullable String issuer, @Nullable String audience, Instant now)
      throws TokenRejectedException {
    for (String name : List.of("exp", "nbf", "iat")) {
      Object value = claims.get(name);
      if (value != null && time(name).isEmpty()) {
        throw TokenRejectedException.invalid("the claim \"" + name + "\" is not a time");
      }
    }
    if (issuer != null && !issuer.equals(claims.get("iss"))) {
      throw TokenRejectedException.invalid("the token is of another issuer");
    }
    if (audience != null && !hasAudience(audience)) {
      throw TokenRejectedException.invalid("the token is for another audience");
    }
    Instant second = Instant.ofEpochSecond(now.getEpochSecond());
    if (time("exp").filter(expiry -> !second.isBefore(expiry)).isPresent()) {
      throw TokenRejectedException.expired("the token has expired");
    }
    if (time("nbf").filter(second::isBefore).isPresent()) {
      throw TokenRejectedException.expired("the token is not valid yet");
    }
  }

  /** RFC 7519 section 4.1.3: one text, or an array of them. */
  private boolean hasAudience(String audience) {
    Object value = claims.get("aud");
    return value instanceof List<?> several ? several.contains(audience) : audience.equals(value);
  }

  /** RFC 7519 section 2: seconds since 1970, which may have fractions. */
  Optional<Instant> time(String name) {
    return claims.get(name) instanceof Number seconds
            && seconds.doubleValue() >= 0
            && seconds.doubleValue() <= MAX_SECONDS
        ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
        : Optional.empty();
  }

  /** {@return the subject, for logs; not the token} */
  @Override
  public String toString() {
    return "Token{sub=" + subject() + "}";
  }
}
