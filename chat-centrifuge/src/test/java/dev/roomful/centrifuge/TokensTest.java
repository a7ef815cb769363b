package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Credential;
import dev.roomful.tokens.Tokens;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are signed with the JDK alone, not with the library that checks them. */
class TokensTest {
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  private static KeyPair rsa;
  private static KeyPair ec;

  private final ClientTokens tokens = new ClientTokens(Tokens.hs256(SECRET));

  @BeforeAll
  static void keys() throws GeneralSecurityException {
    rsa = rsa(2048);
    ec = ec("secp256r1");
  }

  @Test
  void aConnectionTokenIdentifiesTheUser() throws Exception {
    ConnectionToken token =
        tokens.connection(
            hs256(
                """
                {"sub":"42","exp":1060,"iat":990,"jti":"x","info":{"name": "Ann", "n":1.50},\
                "meta":{"k":1},"channels":["a","b"]}\
                """),
            NOW);

    assertEquals(
        new ConnectionToken(
            "42",
            1060,
            RawData.of("{\"name\": \"Ann\", \"n\":1.50}"),
            RawData.of("{\"k\":1}"),
            Map.of("a", SubscriptionTerms.DEFAULTS, "b", SubscriptionTerms.DEFAULTS),
            Credential.expiringAt(Instant.ofEpochSecond(1060))
                .withIssuedAt(Instant.ofEpochSecond(990))
                .withTokenId("x")),
        token);
  }

  @Test
  void aTokenMayBeEmpty() throws Exception {
    assertEquals(
        new ConnectionToken("", 0, RawData.NONE, RawData.NONE, Map.of(), Credential.unlimited()),
        tokens.connection(hs256("{}"), NOW));
  }

  @Test
  void subsTakePrecedenceOverChannels() throws Exception {
    ConnectionToken token =
        tokens.connection(
            hs256(
                """
                {"channels":["x"],"subs":{"a":{"info":1,"data":[2],"override":{"presence":\
                {"value":false},"join_leave":{"value":true},"force_push_join_leave":{"value":true},\
                "force_recovery":{"value":true},"force_positioning":{"value":false},\
                "later":{"value":true}}},"b":{"b64info":"AP8=","info":3,"b64data":"AA=="}}}\
                """),
            NOW);

    assertEquals(
        Map.of(
            "a",
            new SubscriptionTerms(
                RawData.of("1"), RawData.of("[2]"), false, true, true, true, false),
            "b",
            new SubscriptionTerms(
                RawData.of(new byte[] {0, -1}),
                RawData.of(new byte[1]),
                null,
                null,
                null,
                null,
                null)),
        token.subs());
  }

  @Test
  void infoInBase64TakesPrecedenceInAnyOrder() throws Exception {
    for (String claims :
        List.of("{\"b64info\":\"AA==\",\"info\":1}", "{\"info\":1,\"b64info\":\"AA==\"}")) {
      assertEquals(RawData.of(new byte[1]), tokens.connection(hs256(claims), NOW).info());
    }
  }

  @Test
  void aSubscriptionTokenNamesItsChannel() throws Exception {
    SubscriptionToken token =
        tokens.subscription(
            hs256(
                """
                {"sub":"42","channel":"chat","client":"c1","exp":1060,"info":1,\
                "override":{"presence":{"value":true}}}\
                """),
            NOW);

    assertEquals(
        new SubscriptionToken(
            "42",
            "chat",
            "c1",
            1060,
            new SubscriptionTerms(RawData.of("1"), RawData.NONE, true, null, null, null, null)),
        token);
  }

  @Test
  void eachKindOfTokenIsValidForItsOwnPurposeOnly() {
    assertThrows(
        InvalidTokenException.class, () -> tokens.connection(hs256("{\"channel\":\"a\"}"), NOW));
    assertThrows(
        InvalidTokenException.class, () -> tokens.subscription(hs256("{\"sub\":\"a\"}"), NOW));
  }

  @Test
  void aTokenIsValidUntilTheSecondItExpires() throws Exception {
    String token = hs256("{\"exp\":1001.5}");

    tokens.connection(token, NOW);
    assertExpired(() -> tokens.connection(token, Instant.ofEpochSecond(1001)));
    assertExpired(() -> tokens.subscription(hs256("{\"channel\":\"a\",\"exp\":1000}"), NOW));
  }

  @Test
  void aTokenThatIsNotYetValidCountsAsExpired() throws Exception {
    tokens.connection(hs256("{\"nbf\":1000}"), NOW);
    assertExpired(() -> tokens.connection(hs256("{\"nbf\":1001}"), NOW));
  }

  @Test
  void theConnectionMayExpireAtAnotherTimeThanTheToken() throws Exception {
    assertEquals(
        5000, tokens.connection(hs256("{\"exp\":1001,\"expire_at\":5000}"), NOW).expireAt());
    assertEquals(0, tokens.connection(hs256("{\"exp\":1001,\"expire_at\":0}"), NOW).expireAt());
    assertExpired(() -> tokens.connection(hs256("{\"exp\":1000,\"expire_at\":5000}"), NOW));
  }

  @Test
  void issuerAndAudienceAreCheckedIfConfigured() throws Exception {
    ClientTokens restricted =
        new ClientTokens(Tokens.hs256(SECRET).withIssuer("us").withAudience("chat"));

    restricted.connection(hs256("{\"iss\":\"us\",\"aud\":\"chat\"}"), NOW);
    restricted.connection(hs256("{\"iss\":\"us\",\"aud\":[\"mail\",\"chat\"]}"), NOW);
    tokens.connection(hs256("{\"iss\":\"them\",\"aud\":\"mail\"}"), NOW);
    for (String claims :
        List.of(
            "{}",
            "{\"iss\":\"us\"}",
            "{\"aud\":\"chat\"}",
            "{\"iss\":\"them\",\"aud\":\"chat\"}",
            "{\"iss\":\"us\",\"aud\":\"mail\"}",
            "{\"iss\":\"us\",\"aud\":[]}",
            "{\"iss\":\"us\",\"aud\":\"chatter\"}")) {
      assertInvalid(() -> restricted.connection(hs256(claims), NOW));
    }
  }

  @Test
  void rsaAndEcdsaAreCheckedToo() throws Exception {
    String header = "{\"alg\":\"RS256\"}";
    assertEquals(
        "a", rs256().connection(signed(header, "{\"sub\":\"a\"}", rsa.getPrivate()), NOW).user());
    assertInvalid(() -> rs256().connection(signed(header, "{}", rsa(2048).getPrivate()), NOW));

    String ecHeader = "{\"typ\":\"JWT\",\"kid\":\"1\",\"alg\":\"ES256\"}";
    assertEquals(
        "a", es256().connection(signed(ecHeader, "{\"sub\":\"a\"}", ec.getPrivate()), NOW).user());
    assertInvalid(
        () -> es256().connection(signed(ecHeader, "{}", ec("secp256r1").getPrivate()), NOW));
  }

  @Test
  void aTokenWithoutASignatureIsRejected() {
    for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
      String unsigned =
          part("{\"alg\":\"" + none + "\"}") + "." + part("{\"sub\":\"admin\"}") + ".";
      for (ClientTokens each : List.of(tokens, rs256(), es256())) {
        assertInvalid(() -> each.connection(unsigned, NOW));
        assertInvalid(() -> each.connection(unsigned + "AAAA", NOW));
      }
    }
    String withoutAlgorithm = part("{}") + "." + part("{\"sub\":\"admin\"}") + ".";
    assertInvalid(() -> tokens.connection(withoutAlgorithm, NOW));
  }

  @Test
  void aPublicKeyIsNotAcceptedAsAnHmacSecret() throws Exception {
    for (KeyPair keys : List.of(rsa, ec)) {
      byte[] key = keys.getPublic().getEncoded();
      String pem =
          "-----BEGIN PUBLIC KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
              + "\n-----END PUBLIC KEY-----\n";
      for (byte[] secret : List.of(key, pem.getBytes(UTF_8))) {
        String forged = hs256("{\"alg\":\"HS256\"}", "{\"sub\":\"admin\"}", secret);
        assertInvalid(() -> rs256().connection(forged, NOW));
        assertInvalid(() -> es256().connection(forged, NOW));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256"})
  void theTokenCannotChooseTheAlgorithm(String other) {
    String header = "{\"alg\":\"" + other + "\"}";

    assertInvalid(() -> tokens.connection(hs256(header, "{}", SECRET.getBytes(UTF_8)), NOW));
  }

  @Test
  void anEcdsaSignatureOfZerosIsRejected() {
    for (int fill : List.of(0, 0xFF)) {
      byte[] signature = new byte[64];
      java.util.Arrays.fill(signature, (byte) fill);
      String forged =
          part("{\"alg\":\"ES256\"}") + "." + part("{\"sub\":\"admin\"}") + "." + part(signature);

      assertInvalid(() -> es256().connection(forged, NOW));
    }
  }

  @Test
  void criticalHeadersAreRejected() {
    for (String header :
        List.of(
            "{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}",
            "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":true}",
            "{\"alg\":\"HS256\",\"crit\":[]}")) {
      assertInvalid(() -> tokens.connection(hs256(header, "{}", SECRET.getBytes(UTF_8)), NOW));
    }
  }

  @Test
  void aTokenWithOtherCharactersThanItsThreePartsIsRejected() throws Exception {
    String token = hs256("{\"sub\":\"42\"}");
    assertEquals("42", tokens.connection(token, NOW).user());
    int signature = token.lastIndexOf('.') + 1;
    for (String extra : List.of(" ", "\n", "\r\n", "\t", "\u00a0", "=", "+", ".", "*")) {
      assertInvalid(() -> tokens.connection(extra + token, NOW));
      assertInvalid(() -> tokens.connection(token + extra, NOW));
      assertInvalid(
          () ->
              tokens.connection(
                  token.substring(0, signature + 5) + extra + token.substring(signature + 5), NOW));
    }
  }

  @Test
  void aModifiedTokenIsRejected() {
    String token = hs256("{\"sub\":\"42\"}");
    String[] parts = token.split("\\.", -1);

    assertInvalid(
        () -> tokens.connection(parts[0] + "." + part("{\"sub\":\"1\"}") + "." + parts[2], NOW));
    assertInvalid(() -> tokens.connection(parts[0] + "." + parts[1] + ".", NOW));
    assertInvalid(() -> tokens.connection(parts[0] + "." + parts[1], NOW));
    assertInvalid(() -> tokens.connection(token + "." + parts[2] + ".", NOW));
    assertInvalid(
        () -> new ClientTokens(Tokens.hs256(SECRET.replace('0', '1'))).connection(token, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"sub\":42}",
        "{\"sub\":\"a\",\"sub\":\"b\"}",
        "{\"exp\":\"1060\"}",
        "{\"exp\":-1}",
        "{\"exp\":1e300}",
        "{\"exp\":true}",
        "{\"expire_at\":[]}",
        "{\"aud\":1}",
        "{\"aud\":[1]}",
        "{\"channels\":\"a\"}",
        "{\"channels\":[null]}",
        "{\"subs\":[]}",
        "{\"subs\":{\"a\":1}}",
        "{\"b64info\":\"*\"}",
        "{\"b64info\":1}",
        "{\"override\":{\"presence\":true}}",
        "{\"override\":{\"presence\":{\"value\":1}}}",
        "{} {}",
      })
  void claimsOfTheWrongTypeAreRejected(String claims) {
    assertInvalid(() -> tokens.connection(hs256(claims), NOW));
  }

  @Test
  void claimsThatAreTooDeepAreRejected() {
    assertInvalid(
        () -> tokens.connection(hs256("{\"x\":" + "[".repeat(200) + "]".repeat(200) + "}"), NOW));
  }

  @Test
  void aTokenThatIsTooLongIsRejectedWithoutParsing() {
    assertInvalid(
        () -> tokens.connection(hs256("{\"x\":\"" + "x".repeat(Tokens.MAX_LENGTH) + "\"}"), NOW));
  }

  @Test
  void anyTextIsATokenOrIsRejected() {
    Random random = new Random(7);
    String token = hs256("{\"sub\":\"42\"}");
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder(token);
      for (int errors = random.nextInt(3); errors >= 0; errors--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.setCharAt(at, (char) (random.nextBoolean() ? '.' : random.nextInt(128)));
        } else {
          text.deleteCharAt(at);
        }
      }
      if (!text.toString().equals(token)) {
        assertThrows(InvalidTokenException.class, () -> tokens.connection(text.toString(), NOW));
      }
      String header = part("{\"alg\":" + "[".repeat(random.nextInt(3000)) + "}");
      assertThrows(InvalidTokenException.class, () -> tokens.connection(header + ".e30.AA", NOW));
    }
  }

  @Test
  void weakKeysAreRejected() {
    assertThrows(IllegalArgumentException.class, () -> Tokens.hs256("secret"));
    assertThrows(IllegalArgumentException.class, () -> Tokens.hs256(SECRET.substring(1)));
    assertThrows(
        IllegalArgumentException.class, () -> Tokens.rs256((RSAPublicKey) rsa(1024).getPublic()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tokens.es256((ECPublicKey) ec("secp384r1").getPublic()));
  }

  private interface TokenReading {
    Object read() throws Exception;
  }

  private static void assertInvalid(TokenReading reading) {
    InvalidTokenException rejected = assertThrows(InvalidTokenException.class, reading::read);
    assertFalse(rejected.isExpired(), rejected.getMessage());
  }

  private static void assertExpired(TokenReading reading) {
    InvalidTokenException rejected = assertThrows(InvalidTokenException.class, reading::read);
    assertTrue(rejected.isExpired(), rejected.getMessage());
  }

  private static ClientTokens rs256() {
    return new ClientTokens(Tokens.rs256((RSAPublicKey) rsa.getPublic()));
  }

  private static ClientTokens es256() {
    return new ClientTokens(Tokens.es256((ECPublicKey) ec.getPublic()));
  }

  private static KeyPair rsa(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static KeyPair ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  static String hs256(String claims) {
    return hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, SECRET.getBytes(UTF_8));
  }

  private static String hs256(String header, String claims, byte[] secret) {
    try {
      String content = part(header) + "." + part(claims);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return content + "." + part(mac.doFinal(content.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String signed(String header, String claims, PrivateKey key)
      throws GeneralSecurityException {
    String content = part(header) + "." + part(claims);
    Signature signature =
        Signature.getInstance(
            key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    signature.initSign(key);
    signature.update(content.getBytes(UTF_8));
    return content + "." + part(signature.sign());
  }

  private static String part(String text) {
    return part(text.getBytes(UTF_8));
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
