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
 * Which tokens are believed: JSON Web Tokens (RFC 7519) that the application's backend signed for
 * its clients. Connection tokens say who somebody is, subscription tokens what they may subscribe
 * to; both have the claims that Centrifugo documents.
 *
 * <p>There is one key and one algorithm, chosen here and never by the token: a token that names
 * another algorithm, or {@code none}, is refused, and so is one with critical headers. Immutable,
 * and free to share between threads.
 */
public final class Tokens {
  /** Characters of a token; one that is longer is refused unread. */
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
   * Tokens signed with HMAC and SHA-256, by whoever knows the secret.
   *
   * @param secret at least 32 bytes of UTF-8 (RFC 7518 section 3.2), such as {@code openssl rand
   *     -hex 32} prints
   * @return the tokens
   * @throws IllegalArgumentException if the secret is shorter
   */
  public static Tokens hs256(String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    if (key.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a secret for HS256 has at least 32 bytes, this one has "
              + key.length
              + ": make one with \"openssl rand -hex 32\"");
    }
    try {
      return new Tokens(JWSAlgorithm.HS256, new MACVerifier(key), null, null);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("this secret cannot be used for HS256", e);
    }
  }

  /**
   * Tokens signed with RSA and SHA-256 (PKCS #1 v1.5).
   *
   * @param key the public key, of at least 2048 bits (RFC 7518 section 3.3)
   * @return the tokens
   * @throws IllegalArgumentException if the key is shorter
   */
  public static Tokens rs256(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS) {
      throw new IllegalArgumentException(
          "a key for RS256 has at least 2048 bits, this one has " + bits);
    }
    return new Tokens(JWSAlgorithm.RS256, new RSASSAVerifier(key), null, null);
  }

  /**
   * Tokens signed with ECDSA on the curve P-256 and SHA-256.
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
            "a key for ES256 is on the curve P-256; this one is for "
                + verifier.supportedJWSAlgorithms());
      }
      return new Tokens(JWSAlgorithm.ES256, verifier, null, null);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("a key for ES256 is on the curve P-256, not this one", e);
    }
  }

  /**
   * Only those of one issuer.
   *
   * @param issuer what the claim {@code iss} must be
   * @return these tokens without those of others
   */
  public Tokens withIssuer(String issuer) {
    return new Tokens(algorithm, verifier, issuer, audience);
  }

  /**
   * Only those that are meant for one audience. Recommended where the key signs tokens for other
   * services, too.
   *
   * @param audience what the claim {@code aud} must be, or have among others
   * @return these tokens without those for others
   */
  public Tokens withAudience(String audience) {
    return new Tokens(algorithm, verifier, issuer, audience);
  }

  /** Reads a connection token. */
  ConnectionToken connection(String token, Instant now) throws InvalidTokenException {
    return verifiedClaims(token, now).connection();
  }

  /** Reads a subscription token; that user and channel are the right ones is left to the caller. */
  SubscriptionToken subscription(String token, Instant now) throws InvalidTokenException {
    return verifiedClaims(token, now).subscription();
  }

  private Claims verifiedClaims(String token, Instant now) throws InvalidTokenException {
    Claims claims = Claims.read(verifiedPayload(token));
    if (issuer != null && !issuer.equals(claims.issuer())) {
      throw InvalidTokenException.invalid("it is of another issuer");
    }
    if (audience != null && !claims.audience().contains(audience)) {
      throw InvalidTokenException.invalid("it is for another audience");
    }
    claims.checkTime(now.getEpochSecond());
    return claims;
  }

  /** The claims as JSON, not looked at before the signature was found good. */
  private String verifiedPayload(String token) throws InvalidTokenException {
    if (token.length() > MAX_LENGTH) {
      throw InvalidTokenException.invalid("it is longer than " + MAX_LENGTH + " characters");
    }
    if (!COMPACT_FORM.matcher(token).matches()) {
      throw InvalidTokenException.invalid("it is no signed token in compact form");
    }
    try {
      JWSObject signed = JWSObject.parse(token);
      // The algorithm is ours to choose. Critical headers change what a signature means.
      if (!signed.getHeader().getAlgorithm().equals(algorithm)
          || signed.getHeader().getCriticalParams() != null) {
        throw InvalidTokenException.invalid("it is not signed with " + algorithm);
      }
      if (!signed.verify(verifier)) {
        throw InvalidTokenException.invalid("its signature is wrong");
      }
      return signed.getPayload().toString();
    } catch (ParseException e) {
      throw InvalidTokenException.invalid("it is no signed token");
    } catch (JOSEException e) {
      throw InvalidTokenException.invalid("its signature cannot be checked");
    }
  }
}
