package dev.roomful.centrifuge;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens to accept: JSON Web Tokens (RFC 7519) that the application's backend signs for its
 * clients. Connection tokens identify a client, subscription tokens admit it to a channel; both
 * have the claims that Centrifugo documents.
 *
 * <p>The key and the algorithm are configured here: a token that names another algorithm, or {@code
 * none}, is rejected, and so is a token with critical headers. Immutable, and safe for use by many
 * threads.
 */
public final class Tokens {
  /** The largest number of characters of a token; a longer one is rejected without parsing. */
  static final int MAX_LENGTH = 16 * 1024;

  /** RFC 7515 section 3.1; the parser would skip white space and other characters. */
  private static final Pattern COMPACT_FORM = Pattern.compile("[\\w-]++\\.[\\w-]++\\.[\\w-]++");

  private static final int MIN_SECRET_BYTES = 32;
  private static final int MIN_RSA_BITS = 2048;

  private final JWSAlgorithm algorithm;
  private final JWSVerifier verifier;
  private final @Nullable String issuer;
  private final @Nullable String audience;

  private Tokens(
      JWSAlgorithm algorithm,
      JWSVerifier verifier,
      @Nullable String issuer,
      @Nullable String audience) {
    this.algorithm = algorithm;
    this.verifier = verifier;
    this.issuer = issuer;
    this.audience = audience;
  }

  /**
   * Returns tokens signed with HMAC and SHA-256.
   *
   * @param secret the shared secret, at least 32 bytes of UTF-8 (RFC 7518 section 3.2), such as
   *     {@code openssl rand -hex 32} prints
   * @return the tokens
   * @throws IllegalArgumentException if the secret is shorter
   */
  public static Tokens hs256(String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    if (key.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "HS256 secret is too short: it needs at least 32 bytes and has "
              + key.length
              + ": make one with \"openssl rand -hex 32\"");
    }
    try {
      return new Tokens(JWSAlgorithm.HS256, new MACVerifier(key), null, null);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("secret is not usable for HS256", e);
    }
  }

  /**
   * Returns tokens signed with RSA and SHA-256 (PKCS #1 v1.5).
   *
   * @param key the public key, of at least 2048 bits (RFC 7518 section 3.3)
   * @return the tokens
   * @throws IllegalArgumentException if the key is shorter
   */
  public static Tokens rs256(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS) {
      throw new IllegalArgumentException(
          "RS256 key is too short: it needs at least 2048 bits and has " + bits);
    }
    return new Tokens(JWSAlgorithm.RS256, new RSASSAVerifier(key), null, null);
  }

  /**
   * Returns tokens signed with ECDSA on the curve P-256 and SHA-256.
   *
   * @param key the public key
   * @return the tokens
   * @throws IllegalArgumentException if the key is on another curve
   */
  public static Tokens es256(ECPublicKey key) {
    try {
      ECDSAVerifier verifier = new ECDSAVerifier(key);
      if (!verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)) {
        throw new IllegalArgumentException(
            "ES256 key must be on the curve P-256; this one is for "
                + verifier.supportedJWSAlgorithms());
      }
      return new Tokens(JWSAlgorithm.ES256, verifier, null, null);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("ES256 key must be on the curve P-256", e);
    }
  }

  /**
   * Returns tokens of one issuer only.
   *
   * @param issuer the required claim {@code iss}
   * @return a changed copy
   */
  public Tokens withIssuer(String issuer) {
    return new Tokens(algorithm, verifier, issuer, audience);
  }

  /**
   * Returns tokens for one audience only. Recommended if the key also signs tokens for other
   * services.
   *
   * @param audience the required claim {@code aud}, or one of its elements
   * @return a changed copy
   */
  public Tokens withAudience(String audience) {
    return new Tokens(algorithm, verifier, issuer, audience);
  }

  /** Reads a connection token. */
  ConnectionToken connection(String token, Instant now) throws InvalidTokenException {
    return verifiedClaims(token, now).connection();
  }

  /** Reads a subscription token; the caller checks the user and the channel. */
  SubscriptionToken subscription(String token, Instant now) throws InvalidTokenException {
    return verifiedClaims(token, now).subscription();
  }

  private TokenClaims verifiedClaims(String token, Instant now) throws InvalidTokenException {
    TokenClaims claims = TokenClaims.read(verifiedPayload(token));
    if (issuer != null && !issuer.equals(claims.issuer())) {
      throw InvalidTokenException.invalid("the token is of another issuer");
    }
    if (audience != null && !claims.audience().contains(audience)) {
      throw InvalidTokenException.invalid("the token is for another audience");
    }
    claims.checkTime(now.getEpochSecond());
    return claims;
  }

  /** {@return the claims as JSON, which nobody reads before the signature is checked} */
  private String verifiedPayload(String token) throws InvalidTokenException {
    if (token.length() > MAX_LENGTH) {
      throw InvalidTokenException.invalid("the token is longer than " + MAX_LENGTH + " characters");
    }
    if (!COMPACT_FORM.matcher(token).matches()) {
      throw InvalidTokenException.invalid("not a signed token in compact form");
    }
    try {
      JWSObject signed = JWSObject.parse(token);
      // Configured here, never chosen by the token. Critical headers change what a signature means.
      if (!signed.getHeader().getAlgorithm().equals(algorithm)
          || signed.getHeader().getCriticalParams() != null) {
        throw InvalidTokenException.invalid("the token is not signed with " + algorithm);
      }
      if (!signed.verify(verifier)) {
        throw InvalidTokenException.invalid("the signature is wrong");
      }
      return signed.getPayload().toString();
    } catch (ParseException e) {
      throw InvalidTokenException.invalid("not a signed token");
    } catch (JOSEException e) {
      throw InvalidTokenException.invalid("the signature cannot be checked");
    }
  }
}
