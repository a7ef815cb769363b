package dev.roomful.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens to accept: JSON Web Tokens (RFC 7519) that a login service or the application's
 * backend signs for its clients.
 *
 * <pre>{@code
 * Tokens tokens =
 *     Tokens.jwks(URI.create("https://login.example/.well-known/jwks.json"))
 *         .withIssuer("https://login.example")
 *         .withAudience("chat");
 * Chat chat =
 *     Chat.builder(handler)
 *         .authenticator(
 *             handshake ->
 *                 tokens.authenticate(
 *                     handshake, token -> AcceptedAdmission.of(token.subject(), "lobby")))
 *         .build();
 * }</pre>
 *
 * <p>The algorithm belongs to the key: a token that names another one, or {@code none}, is
 * rejected, and so is a token with critical headers. Immutable, and safe for use by many threads.
 */
public final class Tokens {
  /** The largest number of characters of a token; a longer one is rejected without parsing. */
  public static final int MAX_LENGTH = 16 * 1024;

  /** RFC 7515 section 3.1; the parser would skip white space and other characters. */
  private static final Pattern COMPACT_FORM = Pattern.compile("[\\w-]++\\.[\\w-]++\\.[\\w-]++");

  private static final int MIN_SECRET_BYTES = 32;
  private static final int MIN_RSA_BITS = 2048;

  private static final int TIMEOUT_MILLIS = 5000;
  private static final int MAX_KEY_SET_BYTES = 256 * 1024;

  /** The code of a rejected handshake whose token is malformed, forged or meant for others. */
  public static final String INVALID = "invalid-token";

  /** The code of a rejected handshake without a token. */
  public static final String MISSING = "missing-token";

  /**
   * What precedes the token in a subprotocol. A page connects with {@code new WebSocket(url,
   * ["chat", "token." + token])}, because browsers let it set no header; the server selects the
   * other one, here {@code chat}.
   */
  public static final String SUBPROTOCOL_PREFIX = "token.";

  private static final String BEARER = "Bearer ";

  private final Keys keys;
  private final @Nullable String issuer;
  private final @Nullable String audience;

  private final boolean firstMessage;

  private Tokens(
      Keys keys, @Nullable String issuer, @Nullable String audience, boolean firstMessage) {
    this.keys = keys;
    this.issuer = issuer;
    this.audience = audience;
    this.firstMessage = firstMessage;
  }

  private static Tokens of(JWSAlgorithm algorithm, JWSVerifier verifier) {
    return of(new Keys.Single(algorithm, verifier));
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
      return of(JWSAlgorithm.HS256, new MACVerifier(key));
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
    return of(JWSAlgorithm.RS256, new RSASSAVerifier(key));
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
      return of(JWSAlgorithm.ES256, verifier);
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
    return new Tokens(keys, issuer, audience, firstMessage);
  }

  /**
   * Returns tokens for one audience only. Recommended if the key also signs tokens for other
   * services.
   *
   * @param audience the required claim {@code aud}, or one of its elements
   * @return a changed copy
   */
  public Tokens withAudience(String audience) {
    return new Tokens(keys, issuer, audience, firstMessage);
  }

  /**
   * Returns tokens signed with RSA or ECDSA and SHA-256 ({@code RS256}, {@code ES256}), whose keys
   * are a JSON Web Key Set (RFC 7517) at an address, as login services publish it.
   *
   * <p>The keys are fetched now, every 15 minutes, and when a token names a key that is not known,
   * at most every 30 s. A daemon thread fetches them ({@code roomful-keys-1}, gone after that),
   * with a timeout of 5 s and at most 256 KiB; no caller waits for it. A token whose key is not
   * here yet is rejected with 503 and {@link Rejection#UNAVAILABLE}, to be shown again after a
   * second. Keys that cannot be fetched again hold for a day.
   *
   * @param address an {@code https} address, or {@code http} on this machine
   * @return the tokens
   * @throws IllegalArgumentException if it is another address
   */
  public static Tokens jwks(URI address) {
    boolean secure = "https".equals(address.getScheme());
    boolean local =
        "http".equals(address.getScheme())
            && List.of("localhost", "127.0.0.1", "[::1]")
                .contains(String.valueOf(address.getHost()));
    if (!secure && !local) {
      throw new IllegalArgumentException(
          "the keys of tokens cannot be fetched from " + address + ": use an https address");
    }
    URL url;
    try {
      url = address.toURL();
    } catch (MalformedURLException malformed) {
      throw new IllegalArgumentException("address " + address + " is no URL", malformed);
    }
    DefaultResourceRetriever retriever =
        new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEY_SET_BYTES);
    return of(
        new RemoteKeys(
            address.toString(),
            () -> retriever.retrieveResource(url).getContent(),
            InstantSource.system()));
  }

  /**
   * Returns tokens that a client may also send as its first message, as the whole text, when its
   * connection is open: no proxy logs that. See {@link DeferredAdmission}.
   *
   * @return a changed copy
   */
  public Tokens withFirstMessage() {
    return new Tokens(keys, issuer, audience, true);
  }

  /** Tokens with these keys, which a test may provide. */
  static Tokens of(Keys keys) {
    return new Tokens(keys, null, null, false);
  }

  /**
   * Decides about a handshake by its token, which is in a subprotocol ({@link #SUBPROTOCOL_PREFIX})
   * or in the header {@code Authorization: Bearer}; never in the address, which proxies and
   * browsers log. Without one there, it may be in the first message ({@link #withFirstMessage}). To
   * be called by an authenticator.
   *
   * @param handshake the handshake
   * @param admission the admission of the client with this token
   * @return that admission, with {@link Token#credential} unless it has a credential, or a
   *     rejection with {@link #MISSING}, {@link #INVALID}, {@link Rejection#EXPIRED} or {@link
   *     Rejection#UNAVAILABLE}; the first message may decide that
   */
  public Admission authenticate(Handshake handshake, Function<Token, Admission> admission) {
    Optional<String> shown = tokenOf(handshake);
    if (shown.isPresent()) {
      return admit(shown.get(), admission);
    }
    return firstMessage
        ? DeferredAdmission.of(text -> admit(text, admission))
        : new Rejection(
            401,
            MISSING,
            "show a token, in the subprotocol \"token.\u2026\" or in the header Authorization");
  }

  private Admission admit(String shown, Function<Token, Admission> admission) {
    try {
      Token token = verify(shown, Instant.now());
      Admission decided = admission.apply(token);
      return decided instanceof AcceptedAdmission accepted && accepted.credential() == null
          ? accepted.withCredential(token.credential())
          : decided;
    } catch (TokenRejectedException rejected) {
      return rejected.rejection();
    }
  }

  private static Optional<String> tokenOf(Handshake handshake) {
    return handshake.subprotocols().stream()
        .filter(name -> name.startsWith(SUBPROTOCOL_PREFIX))
        .map(name -> name.substring(SUBPROTOCOL_PREFIX.length()))
        .findFirst()
        .or(
            () ->
                handshake
                    .header("Authorization")
                    .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                    .map(value -> value.substring(BEARER.length()).strip()));
  }

  /**
   * Renews the access of the connection that a message came from, with a token of the same
   * participant. For chats whose participants have the subjects of their tokens as ids; others call
   * {@link #verify} and {@link Message#renew}.
   *
   * @param message the message that contains the token
   * @param token the token
   * @return done, or rejected: with {@link #INVALID}, {@link Rejection#EXPIRED}, {@link
   *     Rejection#UNAVAILABLE}, or as of {@link Message#renew}
   */
  public Outcome renew(Message message, String token) {
    try {
      Token verified = verify(token, Instant.now());
      return verified.subject().equals(message.sender().id())
          ? message.renew(verified.credential())
          : Outcome.rejected(new Rejection(401, INVALID, "the token is of another participant"));
    } catch (TokenRejectedException rejected) {
      return Outcome.rejected(rejected.rejection());
    }
  }

  /**
   * Checks the signature, the issuer, the audience and the time of a token.
   *
   * @param token the token
   * @param now the time of day
   * @return the content of the token
   * @throws TokenRejectedException if it is not accepted
   */
  public Token verify(String token, Instant now) throws TokenRejectedException {
    Token verified = Token.parse(verifiedPayload(token));
    verified.check(issuer, audience, now);
    return verified;
  }

  /** {@return the claims as JSON, which nobody trusts before the signature is checked} */
  private String verifiedPayload(String token) throws TokenRejectedException {
    if (token.length() > MAX_LENGTH) {
      throw TokenRejectedException.invalid(
          "the token is longer than " + MAX_LENGTH + " characters");
    }
    if (!COMPACT_FORM.matcher(token).matches()) {
      throw TokenRejectedException.invalid("not a signed token in compact form");
    }
    try {
      JWSObject signed = JWSObject.parse(token);
      // Critical headers change what a signature means.
      if (signed.getHeader().getCriticalParams() != null) {
        throw TokenRejectedException.invalid("the token has critical headers");
      }
      String payload = signed.getPayload().toString();
      if (!signed.verify(keys.verifierFor(signed.getHeader(), issuedAt(payload)))) {
        throw TokenRejectedException.invalid("the signature is wrong");
      }
      return payload;
    } catch (ParseException e) {
      throw TokenRejectedException.invalid("not a signed token");
    } catch (JOSEException e) {
      throw TokenRejectedException.invalid("the signature cannot be checked");
    }
  }

  private static Instant issuedAt(String payload) throws TokenRejectedException {
    return Token.parse(payload).time("iat").orElse(Instant.MIN);
  }
}
