package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.CentrifugeTestClient.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Revocation;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.tokens.Tokens;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that their tokens identify. */
class TokenAuthenticationTest {
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .authenticator(TokenAuthenticationTest::authenticate)
              .rooms(RoomOptions.defaults().withHistory(History.of(10))));
  private final Centrifuge gateway =
      Centrifuge.on(chat.chat())
          .withTokens(Tokens.hs256(TokensTest.SECRET))
          .withClock(InstantSource.fixed(NOW));

  /** Accepts everybody in the lobby, and the owner of a room in that room. */
  private static Admission authenticate(Handshake handshake) {
    String room = handshake.path("room").orElse("");
    Optional<String> user = handshake.principal().map(Principal::getName);
    if (user.isEmpty() || (!room.equals("lobby") && !room.equals("of " + user.get()))) {
      return new Rejection(403, "room", "not there");
    }
    return AcceptedAdmission.of("somebody", room)
        .withRole(room.equals("lobby") ? Role.MEMBER : Role.OWNER);
  }

  private CentrifugeTestClient openClient() {
    return openClient(gateway);
  }

  private static CentrifugeTestClient openClient(Centrifuge gateway) {
    return new CentrifugeTestClient(gateway, TestHandshake.create().withQuery("room", "lobby"));
  }

  private CentrifugeTestClient connectAs(String user) {
    return openClient().connect(TokensTest.hs256("{\"sub\":\"" + user + "\"}"));
  }

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  @Test
  void theTokenIdentifiesTheUserAndTheAuthenticatorSelectsTheRooms() {
    CentrifugeTestClient alice =
        openClient()
            .connect(TokensTest.hs256("{\"sub\":\"alice\",\"info\":{\"name\":\"Alice\",\"x\":1}}"));
    assertEquals("Alice", chat.chat().participant("alice").orElseThrow().name());
    alice.send(
        "{\"id\":2,\"subscribe\":{\"channel\":\"of alice\"}}",
        "{\"id\":3,\"subscribe\":{\"channel\":\"of bob\"}}",
        "{\"id\":4,\"publish\":{\"channel\":\"of alice\",\"data\":1}}");
    List<String> received = alice.received();
    assertTrue(received.get(0).startsWith("{\"id\":2,\"subscribe\":{"));
    assertEquals(error(3, 103, "not there"), received.get(1));
    assertTrue(
        received.get(2).contains("\"client\":\"@me\",\"conn_info\":{\"name\":\"Alice\",\"x\":1}}"),
        received.get(2));
    assertEquals(Optional.of(Role.OWNER), chat.chat().room("of alice").orElseThrow().role("alice"));
  }

  @Test
  void anAddressWithTooManyInvalidTokensIsRejectedForAWhile() {
    Centrifuge limited = gateway.withInvalidTokenLimit(3);
    String valid = TokensTest.hs256("{\"sub\":\"alice\"}");
    CentrifugeTestClient early = openClient(limited);
    CentrifugeTestClient alice = openClient(limited).connect(valid);
    for (int i = 0; i < 3; i++) {
      openClient(limited).connect(TokensTest.hs256("{\"exp\":999}")); // expired: does not count
      CentrifugeTestClient invalid = openClient(limited);
      invalid.send("{\"id\":1,\"connect\":{\"token\":\"" + valid + "x\"}}");
      assertEquals(3500, invalid.closeCode());
    }
    Rejection rejection = (Rejection) limited.admit(TestHandshake.create());
    assertEquals(429, rejection.status());
    assertEquals(Duration.ofSeconds(20), rejection.retryAfter());
    early.send("{\"id\":1,\"connect\":{\"token\":\"" + valid + "\"}}");
    String tooMany =
        "\"error\":{\"code\":111,\"message\":\"too many requests\",\"temporary\":true}}";
    assertEquals(List.of("{\"id\":1," + tooMany), early.received());
    alice.send(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"token\":\"x.y.z\"}}",
        "{\"id\":3,\"refresh\":{\"token\":\"" + valid + "\"}}");
    assertEquals(List.of("{\"id\":2," + tooMany, "{\"id\":3," + tooMany), alice.received());
    assertInstanceOf(
        AcceptedAdmission.class,
        limited.admit(TestHandshake.create().withRemoteAddress("10.0.0.1")));

    alice.answerPings(chat, 20);
    alice.send("{\"id\":4,\"subscribe\":{\"channel\":\"lobby\",\"token\":\"x.y.z\"}}");
    assertEquals(List.of(error(4, 103, "permission denied")), alice.received());
    assertInstanceOf(Rejection.class, limited.admit(TestHandshake.create()));
    assertThrows(IllegalArgumentException.class, () -> gateway.withInvalidTokenLimit(0));
  }

  @Test
  void aClockThatFailsIsAnErrorAndClosesNobody() {
    AtomicBoolean broken = new AtomicBoolean();
    InstantSource clock =
        () -> {
          if (broken.get()) {
            throw new IllegalStateException("no time");
          }
          return NOW;
        };
    Centrifuge gatewayWithClock = gateway.withClock(clock);
    String valid = TokensTest.hs256("{\"sub\":\"alice\"}");
    CentrifugeTestClient alice = openClient(gatewayWithClock).connect(valid);
    CentrifugeTestClient late = openClient(gatewayWithClock);
    broken.set(true);
    try (LogCapture log = new LogCapture()) {
      late.send("{\"id\":1,\"connect\":{\"token\":\"" + valid + "\"}}");
      alice.send(
          "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"token\":\"" + valid + "\"}}",
          "{\"id\":3,\"refresh\":{\"token\":\"" + valid + "\"}}");
      assertEquals(3, log.messages().size(), log.messages().toString());
      assertTrue(log.messages().get(1).contains("alice"), log.messages().toString());
    }
    String internal =
        "\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}";
    assertEquals(List.of("{\"id\":1," + internal), late.received());
    assertEquals(List.of("{\"id\":2," + internal, "{\"id\":3," + internal), alice.received());
    assertEquals(0, alice.closeCode() + late.closeCode());
  }

  @Test
  void connectingRequiresAValidToken() {
    CentrifugeTestClient withoutToken = openClient();
    withoutToken.send("{\"id\":1,\"connect\":{}}");
    assertEquals(List.of(error(1, 101, "unauthorized")), withoutToken.received());
    withoutToken.send("{\"id\":2,\"connect\":{}}");
    assertEquals(3501, withoutToken.closeCode());

    CentrifugeTestClient expired = openClient();
    expired.send(
        "{\"id\":1,\"connect\":{\"token\":\"" + TokensTest.hs256("{\"exp\":999}") + "\"}}");
    assertEquals(List.of(error(1, 109, "token expired")), expired.received());

    CentrifugeTestClient invalid = openClient();
    invalid.send("{\"id\":1,\"connect\":{\"token\":\"x.y.z\"}}");
    assertEquals(3500, invalid.closeCode());

    CentrifugeTestClient withoutTokenSupport =
        new CentrifugeTestClient(Centrifuge.on(openChat()), TestHandshake.create());
    withoutTokenSupport.send("{\"id\":1,\"connect\":{\"token\":\"x.y.z\"}}");
    assertEquals(3500, withoutTokenSupport.closeCode());
  }

  private static Chat openChat() {
    return TestChat.of(new RoomHandler() {}).chat();
  }

  @Test
  void anonymousClientsConnectWithANameIfAllowed() {
    CentrifugeTestClient named = openClient(gateway.withAnonymous());
    named.send(
        "{\"id\":1,\"connect\":{\"data\":{\"name\":\"Anonymous\"}}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(2, named.received().size());
    assertEquals("Anonymous", chat.chat().room("lobby").orElseThrow().participants().get(0).name());
    CentrifugeTestClient unnamed = openClient(gateway.withAnonymous());
    unnamed.send("{\"id\":1,\"connect\":{\"data\":[1]}}");
    assertTrue(unnamed.received().get(0).contains("\"connect\":{\"client\""));
  }

  private String connectAnonymously(CentrifugeTestClient client, String data) {
    client.send(
        "{\"id\":1,\"connect\":{\"data\":" + data + "}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(2, client.received().size());
    return chat.chat().room("lobby").orElseThrow().participants().stream()
        .reduce((previous, last) -> last)
        .map(participant -> participant.id() + " " + participant.name())
        .orElseThrow();
  }

  @Test
  void withoutTokensEveryClientIsAnonymous() {
    Centrifuge anonymousGateway = Centrifuge.on(chat.chat()).withAnonymous();
    String key = "\"key\":\"0123456789abcdef\"";
    String ann = connectAnonymously(openClient(anonymousGateway), "{\"name\":\"Ann\"," + key + "}");
    assertTrue(ann.matches("anonymous-[0-9a-f]{32} Ann"), ann);
    assertTrue(
        connectAnonymously(openClient(anonymousGateway), "{\"name\":\"Ann\"," + key + "}")
            .equals(ann),
        "the same one");
    String other =
        connectAnonymously(
            openClient(anonymousGateway), "{\"name\":\"Ann\",\"key\":\"fedcba9876543210\"}");
    assertFalse(other.equals(ann), "somebody else");
    String unnamed = connectAnonymously(openClient(anonymousGateway), "[]");
    assertTrue(unnamed.startsWith("anonymous-") && unnamed.endsWith(" Anonymous"), unnamed);
    CentrifugeTestClient withToken = openClient(anonymousGateway);
    withToken.send("{\"id\":1,\"connect\":{\"token\":\"x\"}}");
    assertEquals(3500, withToken.closeCode());
  }

  @Test
  void aConnectionExpiresWithItsTokenUnlessRefreshed() {
    CentrifugeTestClient alice = openClient();
    alice.send(
        "{\"id\":1,\"connect\":{\"token\":\""
            + TokensTest.hs256("{\"sub\":\"alice\",\"exp\":1010}")
            + "\"}}");
    assertTrue(alice.received().get(0).contains("\"expires\":true,\"ttl\":10"));
    alice.send(
        "{\"id\":2,\"refresh\":{\"token\":\""
            + TokensTest.hs256("{\"sub\":\"alice\",\"exp\":1020}")
            + "\"}}");
    String reply = alice.received().get(0);
    assertTrue(reply.endsWith("\"expires\":true,\"ttl\":20}}"), reply);
    alice.answerPings(chat, 44);
    assertEquals(0, alice.closeCode());
    alice.answerPings(chat, 2);
    assertEquals(3005, alice.closeCode());
  }

  @Test
  void anInvalidRefreshClosesTheConnection() {
    assertEquals(3501, closeCodeAfterRefresh(""));
    assertEquals(3500, closeCodeAfterRefresh("x"));
    assertEquals(3500, closeCodeAfterRefresh(TokensTest.hs256("{\"sub\":\"bob\"}")));
    assertEquals(3005, closeCodeAfterRefresh(TokensTest.hs256("{\"sub\":\"alice\",\"exp\":999}")));
  }

  private int closeCodeAfterRefresh(String token) {
    CentrifugeTestClient alice = connectAs("alice");
    alice.send("{\"id\":2,\"refresh\":{\"token\":\"" + token + "\"}}");
    return alice.closeCode();
  }

  private static String subscriptionToken(String claims) {
    return TokensTest.hs256("{\"sub\":\"alice\",\"channel\":\"of bob\"" + claims + "}");
  }

  private static String subscribeCommand(int id, String token) {
    return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"of bob\",\"token\":\"" + token + "\"}}";
  }

  @Test
  void aSubscriptionTokenAdmitsToItsChannel() {
    CentrifugeTestClient alice = connectAs("alice");
    alice.send(
        subscribeCommand(2, "x"),
        subscribeCommand(3, subscriptionToken(",\"exp\":999")),
        subscribeCommand(4, subscriptionToken("")));
    List<String> received = alice.received();
    assertEquals(error(2, 103, "permission denied"), received.get(0));
    assertEquals(error(3, 109, "token expired"), received.get(1));
    assertTrue(received.get(2).startsWith("{\"id\":4,\"subscribe\":{\"recoverable\":true"));

    CentrifugeTestClient bob = connectAs("bob");
    bob.send(subscribeCommand(2, subscriptionToken("")));
    assertEquals(3500, bob.closeCode());
    CentrifugeTestClient other = connectAs("alice");
    other.send(subscribeCommand(2, subscriptionToken(",\"client\":\"another\"")));
    assertEquals(3500, other.closeCode());
    CentrifugeTestClient ownToken = connectAs("alice");
    ownToken.send(subscribeCommand(2, subscriptionToken(",\"client\":\"" + ownToken.id() + "\"")));
    assertEquals(0, ownToken.closeCode());
  }

  @Test
  void aSubscriptionExpiresAndIsRefreshed() {
    CentrifugeTestClient alice = connectAs("alice");
    alice.send(subscribeCommand(2, subscriptionToken(",\"exp\":1010")));
    assertTrue(alice.received().get(0).contains("\"subscribe\":{\"expires\":true,\"ttl\":10,"));
    alice.send(
        "{\"id\":3,\"sub_refresh\":{\"channel\":\"of bob\",\"token\":\""
            + subscriptionToken(",\"exp\":1020")
            + "\"}}",
        "{\"id\":4,\"sub_refresh\":{\"channel\":\"of bob\"}}");
    assertEquals(
        List.of(
            "{\"id\":3,\"sub_refresh\":{\"expires\":true,\"ttl\":20}}",
            error(4, 107, "bad request")),
        alice.received());
    alice.answerPings(chat, 46);
    assertTrue(
        alice
            .received()
            .contains(
                "{\"push\":{\"channel\":\"of bob\",\"unsubscribe\":"
                    + "{\"code\":2501,\"reason\":\"subscription expired\"}}}"));
    assertFalse(chat.chat().room("of bob").isPresent());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void aConnectionTokenSubscribesServerSideAndRecovers() {
    String token = TokensTest.hs256("{\"sub\":\"alice\",\"channels\":[\"news\"]}");
    CentrifugeTestClient first = openClient().connect(token);
    chat.chat().room("news").orElseThrow().announce("1");
    String epoch = chat.chat().room("news").orElseThrow().position().epoch();
    assertEquals(
        List.of(
            "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":1,\"time\":@time,\"offset\":1}}}"),
        first.received());

    CentrifugeTestClient again = openClient();
    again.send(
        "{\"id\":1,\"connect\":{\"token\":\""
            + token
            + "\",\"subs\":{\"news\":{\"recover\":true,\"epoch\":\""
            + epoch
            + "\"}}}}");
    String reply = again.received().get(0);
    assertTrue(
        reply.contains(
            "\"subs\":{\"news\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\""
                + epoch
                + "\",\"was_recovering\":true,\"recovered\":true,"
                + "\"publications\":[{\"data\":1,\"time\":@time,\"offset\":1}]}}"),
        reply);
  }

  @Test
  void aRevokedTokenClosesItsConnectionAndConnectsNoMore() {
    String claims = "{\"sub\":\"alice\",\"jti\":\"one\"}";
    CentrifugeTestClient open = openClient().connect(TokensTest.hs256(claims));
    CentrifugeTestClient other =
        openClient().connect(TokensTest.hs256("{\"sub\":\"alice\",\"jti\":\"two\"}"));
    gateway.chat().revoke(Revocation.ofToken("one"));
    assertEquals(3503, open.closeCode());
    assertEquals(3500, openClient().connect(TokensTest.hs256(claims)).closeCode());
    assertEquals(1, chat.chat().connections());
    other.send("{\"id\":2,\"refresh\":{\"token\":\"" + TokensTest.hs256(claims) + "\"}}");
    assertEquals(3500, other.closeCode());
  }

  @Test
  void aClientOfAServerThatRestartsReconnects() {
    CentrifugeTestClient alice = connectAs("alice");
    chat.chat().drain();
    chat.advance(Duration.ofSeconds(1));
    assertEquals(3001, alice.closeCode()); // SDKs reconnect, with growing and random delays
  }
}
