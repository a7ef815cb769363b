package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.CentrifugeTestClient.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.tokens.Tokens;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behavior of the reference server that the schema does not define and clients rely on. */
class ReferenceBehaviorTest {
  private Runnable whileHandling = () -> {};

  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onMessage(Room room, Message message) {
                      room.publish(message);
                      Runnable now = whileHandling;
                      whileHandling = () -> {};
                      now.run();
                    }
                  })
              .authenticator(
                  handshake ->
                      AcceptedAdmission.of("somebody", handshake.path("room").orElse("lobby")))
              .rooms(RoomOptions.defaults().withHistory(History.of(10))));
  private final Centrifuge gateway =
      Centrifuge.on(chat.chat())
          .withTokens(Tokens.hs256(TokensTest.SECRET))
          .withClock(InstantSource.fixed(Instant.ofEpochSecond(1000)));

  private CentrifugeTestClient connectWithClaims(String claims) {
    return new CentrifugeTestClient(gateway, TestHandshake.create())
        .connect(TokensTest.hs256(claims));
  }

  private CentrifugeTestClient connectAlice() {
    return connectWithClaims("{\"sub\":\"alice\"}");
  }

  private Participant participant(String id) {
    return chat.chat().participant(id).orElseThrow();
  }

  private static String refreshCommand(int id, String claims) {
    return "{\"id\":" + id + ",\"refresh\":{\"token\":\"" + TokensTest.hs256(claims) + "\"}}";
  }

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  @Test
  void aCommandWithoutAChannelIsABadRequest() {
    for (String command :
        List.of(
            "subscribe",
            "unsubscribe",
            "publish",
            "presence",
            "presence_stats",
            "history",
            "sub_refresh")) {
      CentrifugeTestClient alice = connectAlice();
      alice.send("{\"id\":2,\"" + command + "\":{}}");
      assertEquals(3501, alice.closeCode(), command);
      assertEquals(List.of(), alice.received(), command);
    }
  }

  @Test
  void aSubscriptionRefreshRequiresTheSubscriptionThenTokenSupportThenAToken() {
    CentrifugeTestClient alice = connectAlice().subscribe("lobby");
    alice.send(
        "{\"id\":3,\"sub_refresh\":{\"channel\":\"other\"}}",
        "{\"id\":4,\"sub_refresh\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of(error(3, 103, "permission denied"), error(4, 107, "bad request")),
        alice.received());
    CentrifugeTestClient bob =
        CentrifugeTestClient.of(Centrifuge.on(chat.chat()), "bob").connect().subscribe("lobby");
    bob.send("{\"id\":3,\"sub_refresh\":{\"channel\":\"lobby\",\"token\":\"x\"}}");
    assertEquals(List.of(error(3, 108, "not available")), bob.received());
  }

  @Test
  void anExpiredTokenEndsTheSubscriptionAndIsAnswered() {
    CentrifugeTestClient alice = connectAlice().subscribe("lobby");
    String expiredToken = TokensTest.hs256("{\"sub\":\"alice\",\"channel\":\"lobby\",\"exp\":999}");
    alice.send(
        "{\"id\":3,\"sub_refresh\":{\"channel\":\"lobby\",\"token\":\"" + expiredToken + "\"}}");
    assertEquals(
        List.of(
            "{\"push\":{\"channel\":\"lobby\",\"unsubscribe\":"
                + "{\"code\":2501,\"reason\":\"subscription expired\"}}}",
            error(3, 109, "token expired")),
        alice.received());
  }

  @Test
  void nothingIsBeforeTheStartOfAStream() {
    CentrifugeTestClient alice = connectAlice().subscribe("lobby");
    alice.send(
        "{\"id\":3,\"history\":{\"channel\":\"lobby\",\"reverse\":true,\"since\":{\"offset\":0}}}");
    assertEquals(List.of(error(3, 107, "bad request")), alice.received());
  }

  @Test
  void aPositionThatTheStreamHasNotReachedIsNotRecovered() {
    CentrifugeTestClient alice = connectAlice();
    alice.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"recover\":true,\"offset\":7}}");
    String reply = alice.received().get(0);
    assertTrue(reply.endsWith("\"was_recovering\":true}}"), reply);
    assertFalse(reply.contains("\"offset\""), reply);
  }

  @Test
  void aRefreshUpdatesInfoAndMeta() {
    CentrifugeTestClient alice =
        connectWithClaims("{\"sub\":\"alice\",\"info\":{\"a\":1},\"meta\":{\"plan\":\"free\"}}");
    assertEquals("{\"plan\":\"free\"}", participant("alice").attributes().get(Centrifuge.META));
    alice.send(refreshCommand(2, "{\"sub\":\"alice\"}"));
    assertEquals("{\"a\":1}", participant("alice").attributes().get(Participant.INFO));
    alice.send(
        refreshCommand(3, "{\"sub\":\"alice\",\"info\":{\"a\":2},\"meta\":{\"plan\":\"pro\"}}"));
    assertEquals("{\"a\":2}", participant("alice").attributes().get(Participant.INFO));
    assertEquals("{\"plan\":\"pro\"}", participant("alice").attributes().get(Centrifuge.META));
    assertEquals(2, alice.received().size());
  }

  @Test
  void aRefreshWithOtherSubscriptionsMakesTheClientReconnect() {
    CentrifugeTestClient alice = connectWithClaims("{\"sub\":\"alice\",\"channels\":[\"news\"]}");
    alice.send(refreshCommand(2, "{\"sub\":\"alice\",\"channels\":[\"news\"]}"));
    assertEquals(0, alice.closeCode());
    alice.send(refreshCommand(3, "{\"sub\":\"alice\",\"channels\":[\"news\",\"more\"]}"));
    assertEquals(3010, alice.closeCode());
  }

  @Test
  void pendingPublishesAreBroadcastAfterTheSenderDisconnects() {
    CentrifugeTestClient listener = connectWithClaims("{\"sub\":\"bob\"}").subscribe("lobby");
    CentrifugeTestClient publishing = connectAlice().subscribe("lobby");
    CentrifugeTestClient disconnecting = connectAlice().subscribe("lobby");
    whileHandling =
        () -> {
          disconnecting.send(
              "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}",
              "{\"id\":4,\"publish\":{\"channel\":\"lobby\",\"data\":2}}",
              "{\"id\":5,\"publish\":{\"channel\":\"lobby\",\"data\":3}}");
          disconnecting.loseConnection();
        };
    publishing.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":0}}");
    assertEquals(
        List.of("0", "1", "2", "3"),
        listener.received().stream()
            .map(line -> line.replaceAll(".*\"data\":(\\d).*", "$1"))
            .toList());
  }
}
