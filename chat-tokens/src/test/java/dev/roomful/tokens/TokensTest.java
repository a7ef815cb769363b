package dev.roomful.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Revocation;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tokens of plain text clients; those of Centrifuge clients have tests of their own. */
class TokensTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final Tokens tokens = Tokens.hs256(SECRET).withIssuer("us").withAudience("chat");

  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onMessage(Room room, Message message) {
                      if (message.text().startsWith("token ")) {
                        message.reply(
                            tokens
                                .renew(message, message.text().substring("token ".length()))
                                .rejection()
                                .map(Rejection::code)
                                .orElse("renewed"));
                      } else {
                        room.publish(message);
                      }
                    }
                  })
              .authenticator(
                  handshake ->
                      tokens.authenticate(
                          handshake,
                          token ->
                              AcceptedAdmission.of(token.subject(), "lobby")
                                  .withName(token.claim("name").orElse(token.subject())))));

  private static String token(String subject, int seconds, String id) {
    return sign(
        "{\"iss\":\"us\",\"aud\":[\"chat\"],\"sub\":\""
            + subject
            + "\",\"name\":\"Ann B.\",\"iat\":"
            + Instant.now().getEpochSecond()
            + ",\"exp\":"
            + (Instant.now().getEpochSecond() + seconds)
            + ",\"jti\":\""
            + id
            + "\"}");
  }

  private static String sign(String claims) {
    try {
      JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
      token.sign(new MACSigner(SECRET));
      return token.serialize();
    } catch (JOSEException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static TestHandshake subprotocol(String token) {
    return TestHandshake.create()
        .withHeader("Sec-WebSocket-Protocol", "chat, " + Tokens.SUBPROTOCOL_PREFIX + token);
  }

  private static String codeOf(Admission admission) {
    return admission instanceof Rejection rejection
        ? rejection.status() + " " + rejection.code()
        : "accepted";
  }

  @Test
  void aTokenInASubprotocolOrInAHeaderIdentifiesTheClient() {
    String token = token("ann", 60, "one");
    chat.connect(subprotocol(token));
    chat.connect(TestHandshake.create().withHeader("Authorization", "bearer " + token));
    assertEquals(2, chat.chat().participant("ann").orElseThrow().connections());
    assertEquals("Ann B.", chat.chat().participant("ann").orElseThrow().name());
  }

  @Test
  void handshakesWithoutAValidTokenAreRejected() {
    assertEquals("401 missing-token", codeOf(chat.admit(TestHandshake.create())));
    assertEquals(
        "401 missing-token",
        codeOf(chat.admit(TestHandshake.create().withQuery("token", token("ann", 60, "one")))));
    assertEquals("401 invalid-token", codeOf(chat.admit(subprotocol("a.b.c"))));
    assertEquals("401 expired", codeOf(chat.admit(subprotocol(token("ann", -1, "one")))));
    for (String claims :
        List.of(
            "{\"iss\":\"us\",\"sub\":\"ann\"}",
            "{\"iss\":\"them\",\"aud\":\"chat\",\"sub\":\"ann\"}",
            "{\"iss\":\"us\",\"aud\":\"chat\",\"exp\":\"1\"}",
            "{\"iss\":\"us\",\"aud\":\"chat\",\"nbf\":1e300}",
            "null",
            "[]")) {
      assertEquals("401 invalid-token", codeOf(chat.admit(subprotocol(sign(claims)))), claims);
    }
  }

  @Test
  void aTokenMayBeTheFirstMessage() {
    TestChat open =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .authenticator(
                    handshake ->
                        tokens
                            .withFirstMessage()
                            .authenticate(
                                handshake,
                                token -> AcceptedAdmission.of(token.subject(), "lobby"))));
    TestClient ann = open.connect(TestHandshake.create());
    ann.send(token("ann", 60, "one"));
    TestClient bob = open.connect(subprotocol(token("bob", 600, "two")));
    ann.send("hello");
    assertEquals(List.of("hello"), bob.received());
    TestClient forger = open.connect(TestHandshake.create());
    forger.send(token("eve", 60, "three") + "x");
    assertEquals(
        Optional.of(CloseStatus.NOT_ADMITTED.withReason(Tokens.INVALID)), forger.closeStatus());
    open.advance(Duration.ofSeconds(61));
    assertEquals(Optional.of(CloseStatus.EXPIRED), ann.closeStatus());
    assertTrue(bob.isOpen());
  }

  @Test
  void aConnectionEndsWithItsTokenUnlessAMessageRenewsIt() {
    TestClient ann = chat.connect(subprotocol(token("ann", 60, "one")));
    TestClient silent = chat.connect(subprotocol(token("ann", 60, "two")));
    ann.send("token " + token("bob", 600, "three"));
    ann.send("token " + token("ann", -1, "four"));
    ann.send("token " + token("ann", 600, "five"));
    assertEquals(List.of("invalid-token", "expired", "renewed"), ann.received());
    chat.advance(Duration.ofSeconds(61));
    assertTrue(ann.isOpen());
    assertEquals(Optional.of(CloseStatus.EXPIRED), silent.closeStatus());
  }

  @Test
  void aTokenIsRevokedByItsId() {
    TestClient ann = chat.connect(subprotocol(token("ann", 60, "one")));
    chat.chat().revoke(Revocation.ofToken("one"));
    assertEquals(Optional.of(CloseStatus.REVOKED), ann.closeStatus());
    assertEquals("401 revoked", codeOf(chat.admit(subprotocol(token("ann", 60, "one")))));
  }
}
