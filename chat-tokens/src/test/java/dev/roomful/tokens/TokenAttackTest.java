package dev.roomful.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.roomful.admission.Rejection;
import java.net.URI;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tokens that were forged. Each is rejected, and a good one is accepted afterwards. */
class TokenAttackTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String CLAIMS = claims(60);

  private final RSAKey rsa = newRsaKey();
  private final Tokens tokens = Tokens.rs256(publicKey(rsa));

  private static RSAKey newRsaKey() {
    try {
      return new RSAKeyGenerator(2048).keyID("first").generate();
    } catch (JOSEException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static RSAPublicKey publicKey(RSAKey key) {
    try {
      return key.toRSAPublicKey();
    } catch (JOSEException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static String claims(int seconds) {
    long now = NOW.getEpochSecond();
    return "{\"sub\":\"ann\",\"iat\":" + now + ",\"exp\":" + (now + seconds) + "}";
  }

  private static String sign(JWSHeader header, JWSSigner signer) throws JOSEException {
    JWSObject token = new JWSObject(header, new Payload(CLAIMS));
    token.sign(signer);
    return token.serialize();
  }

  private String good() throws JOSEException {
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").build(), new RSASSASigner(rsa));
  }

  private static String encode(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }

  private static String code(Tokens tokens, String token) {
    return assertThrows(
            TokenRejectedException.class, () -> tokens.verify(token, NOW), () -> "token " + token)
        .rejection()
        .code();
  }

  private static void assertInvalid(Tokens tokens, String token) {
    assertEquals(Tokens.INVALID, code(tokens, token));
  }

  @Test
  void aTokenWithoutASignatureIsRejected() throws Exception {
    for (String algorithm : List.of("none", "None", "NONE", "nOnE", "")) {
      String header = encode("{\"alg\":\"" + algorithm + "\"}");
      for (String signature : List.of("", good().substring(good().lastIndexOf('.') + 1))) {
        assertInvalid(tokens, header + "." + encode(CLAIMS) + "." + signature);
      }
    }
    assertInvalid(tokens, encode("{}") + "." + encode(CLAIMS) + ".");
    assertDoesNotThrow(() -> tokens.verify(good(), NOW));
  }

  /** An attacker knows the public key, and uses its bytes as the secret of HS256. */
  @Test
  void aPublicKeyIsNeverASecret() throws Exception {
    byte[] der = publicKey(rsa).getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build();
    for (byte[] secret :
        List.of(der, pem.getBytes(UTF_8), rsa.toPublicJWK().toString().getBytes(UTF_8))) {
      assertInvalid(tokens, sign(header, new MACSigner(secret)));
    }
  }

  @Test
  void anotherAlgorithmOfTheSameKeyIsRejected() throws Exception {
    for (JWSAlgorithm algorithm :
        List.of(JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
      assertInvalid(tokens, sign(new JWSHeader(algorithm), new RSASSASigner(rsa)));
    }
    Tokens shared = Tokens.hs256(SECRET.repeat(2));
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
      assertInvalid(shared, sign(new JWSHeader(algorithm), new MACSigner(SECRET.repeat(2))));
    }
  }

  @Test
  void aKeyThatATokenBringsOrNamesIsNeitherUsedNorFetched() throws Exception {
    RSAKey own = newRsaKey();
    AtomicInteger fetches = new AtomicInteger();
    String published = new JWKSet(List.of(rsa.toPublicJWK(), newEcKey("second"))).toString();
    Tokens remote =
        Tokens.of(
            new RemoteKeys(
                "https://login.example",
                () -> {
                  fetches.incrementAndGet();
                  return published;
                },
                InstantSource.fixed(NOW.plus(Duration.ofMinutes(5)))));
    awaitAccepted(remote, good());
    JWSSigner signer = new RSASSASigner(own);
    URI evil = URI.create("https://evil.example/keys");
    for (String kid :
        List.of(
            "../../dev/null", "/etc/passwd", "https://evil.example/", "' OR 1=1 --", "", "\0")) {
      assertInvalid(remote, sign(header().keyID(kid).build(), signer));
    }
    assertInvalid(remote, sign(header().keyID("first").jwk(own.toPublicJWK()).build(), signer));
    assertInvalid(remote, sign(header().keyID("first").jwkURL(evil).build(), signer));
    assertInvalid(remote, sign(header().keyID("first").x509CertURL(evil).build(), signer));
    assertInvalid(remote, sign(header().keyID("second").build(), signer));
    assertInvalid(remote, sign(header().build(), signer));
    assertEquals(1, fetches.get());
    assertDoesNotThrow(() -> remote.verify(good(), NOW));
  }

  private static JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256);
  }

  private static ECKey newEcKey(String id) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate().toPublicJWK();
  }

  private static void awaitAccepted(Tokens tokens, String token) throws Exception {
    while (true) {
      try {
        tokens.verify(token, NOW);
        return;
      } catch (TokenRejectedException rejected) {
        assertEquals(Rejection.UNAVAILABLE, rejected.rejection().code());
        Thread.onSpinWait(); // until the keys are here, bounded by the time of the test
      }
    }
  }

  @Test
  void aTokenOutsideItsTimeIsRejected() throws Exception {
    assertEquals(Rejection.EXPIRED, code(tokens, signed(claims(-1))));
    String later = "{\"sub\":\"ann\",\"nbf\":" + (NOW.getEpochSecond() + 600) + "}";
    assertEquals(Rejection.EXPIRED, code(tokens, signed(later)));
  }

  private String signed(String claims) throws JOSEException {
    JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.RS256), new Payload(claims));
    token.sign(new RSASSASigner(rsa));
    return token.serialize();
  }

  @Test
  void aVeryLongTokenIsRejected() throws Exception {
    String padded = "{\"sub\":\"ann\",\"x\":\"" + "x".repeat(Tokens.MAX_LENGTH) + "\"}";
    assertInvalid(tokens, signed(padded));
    assertInvalid(tokens, "a".repeat(64 << 20));
    assertInvalid(tokens, "a.".repeat(5000));
    assertInvalid(tokens, encode("[".repeat(10_000)) + ".e30.AA");
  }

  @Test
  void aGuessedOrChangedSignatureIsRejected() throws Exception {
    Tokens shared = Tokens.hs256(SECRET);
    String good = sign(new JWSHeader(JWSAlgorithm.HS256), new MACSigner(SECRET));
    int cut = good.lastIndexOf('.') + 1;
    Random random = new Random(1);
    byte[] guess = new byte[32];
    for (int i = 0; i < 10_000; i++) {
      random.nextBytes(guess);
      assertInvalid(
          shared,
          good.substring(0, cut) + Base64.getUrlEncoder().withoutPadding().encodeToString(guess));
    }
    String other = encode(CLAIMS.replace("ann", "bob"));
    assertInvalid(
        shared, good.substring(0, good.indexOf('.') + 1) + other + good.substring(cut - 1));
    assertDoesNotThrow(() -> shared.verify(good, NOW));
  }
}
