package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.tokens.Tokens;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The terms of a subscription in a token, and what other clients see of it. */
class SubscriptionTermsTest {
  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .authenticator(
                  handshake ->
                      AcceptedAdmission.of("somebody", handshake.path("room").orElse("lobby")))
              .rooms(RoomOptions.defaults().withHistory(History.of(10))));
  private final Centrifuge gateway =
      Centrifuge.on(chat.chat())
          .withTokens(Tokens.hs256(TokensTest.SECRET))
          .withClock(InstantSource.fixed(Instant.ofEpochSecond(1000)));

  private CentrifugeTestClient connectAs(String user) {
    return connectWithClaims("{\"sub\":\"" + user + "\"}");
  }

  private CentrifugeTestClient connectWithClaims(String claims) {
    return new CentrifugeTestClient(gateway, TestHandshake.create())
        .connect(TokensTest.hs256(claims));
  }

  /** Subscribes with a token of these terms and returns the reply. */
  private static String subscribe(
      CentrifugeTestClient client, String user, String terms, String options) {
    String token =
        TokensTest.hs256("{\"sub\":\"" + user + "\",\"channel\":\"lobby\"" + terms + "}");
    client.send(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"token\":\""
            + token
            + "\""
            + options
            + "}}");
    return client.received().get(0);
  }

  private static String override(String option, boolean value) {
    return ",\"override\":{\"" + option + "\":{\"value\":" + value + "}}";
  }

  private CentrifugeTestClient watcher() {
    CentrifugeTestClient watcher = connectAs("watcher");
    watcher.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}}");
    watcher.received();
    return watcher;
  }

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  @Test
  void theAuthenticatorOfASubscriptionSeesTheHttpSession() {
    List<Object> seen = new ArrayList<>();
    TestChat observed =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .authenticator(
                    handshake -> {
                      seen.add(handshake.sessionAttribute("user").orElse("nobody"));
                      return AcceptedAdmission.of("alice", handshake.path("room").orElse("lobby"));
                    }));
    new CentrifugeTestClient(
            Centrifuge.on(observed.chat()),
            TestHandshake.create().withSessionAttribute("user", "alice"))
        .connect("")
        .subscribe("side");
    assertEquals(List.of("alice", "alice"), seen);
    CentrifugeTestClient.closeAndAssertNothingIsLeft(observed);
  }

  @Test
  void theInfoOfATokenIsSentInItsChannelOnly() {
    CentrifugeTestClient watcher = watcher();
    CentrifugeTestClient alice = connectAs("alice").subscribe("side");
    subscribe(alice, "alice", ",\"info\":{\"seat\":1}", "");
    String info = "\"client\":\"" + alice.id() + "\",\"chan_info\":{\"seat\":1}}";
    alice.send(
        "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}",
        "{\"id\":4,\"publish\":{\"channel\":\"side\",\"data\":2}}");
    assertFalse(alice.received().get(2).contains("chan_info"));
    watcher.send("{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}");
    alice.loseConnection();
    watcher.send("{\"id\":4,\"history\":{\"channel\":\"lobby\",\"limit\":-1}}");
    List<String> received = watcher.received();
    assertEquals(5, received.size());
    received.forEach(line -> assertTrue(line.contains(info), line));
    assertTrue(received.get(0).contains("\"join\"") && received.get(3).contains("\"leave\""));
  }

  @Test
  void theInfoOfAServerSideSubscriptionIsSentToo() {
    CentrifugeTestClient alice =
        connectWithClaims(
            "{\"sub\":\"alice\",\"subs\":{\"lobby\":{\"b64info\":\"eyJhIjoxfQ==\"}}}");
    alice.send("{\"id\":2,\"presence\":{\"channel\":\"lobby\"}}");
    String reply = alice.received().get(0);
    assertTrue(reply.contains("\"chan_info\":{\"a\":1}"), reply);
  }

  @Test
  void infoThatIsNotJsonIsSentAsText() {
    CentrifugeTestClient alice = connectAs("alice");
    subscribe(alice, "alice", ",\"b64info\":\"dmlw\"", "");
    alice.send("{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}");
    String reply = alice.received().get(0);
    assertTrue(reply.contains("\"chan_info\":\"vip\""), reply);
  }

  @Test
  void withoutPresenceTheClientIsNotListed() {
    CentrifugeTestClient watcher = watcher();
    subscribe(connectAs("alice"), "alice", override("presence", false), "");
    assertTrue(watcher.received().get(0).contains("\"join\""));
    watcher.send("{\"id\":3,\"presence_stats\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of("{\"id\":3,\"presence_stats\":{\"num_clients\":1,\"num_users\":1}}"),
        watcher.received());
  }

  @Test
  void withoutJoinLeaveOthersReceiveNoJoinAndLeave() {
    CentrifugeTestClient watcher = watcher();
    CentrifugeTestClient alice = connectAs("alice");
    subscribe(alice, "alice", override("join_leave", false), "");
    alice.loseConnection();
    assertEquals(List.of(), watcher.received());
  }

  @Test
  void joinsAndLeavesCanBeForcedByTheTokenOrRequestedByTheClient() {
    CentrifugeTestClient forced = connectAs("forced");
    subscribe(forced, "forced", override("force_push_join_leave", true), "");
    CentrifugeTestClient requesting = connectAs("asking");
    subscribe(
        requesting, "asking", override("force_push_join_leave", false), ",\"join_leave\":true");
    CentrifugeTestClient neither = connectAs("neither");
    subscribe(neither, "neither", override("force_push_join_leave", false), "");
    connectAs("bob").subscribe("lobby");
    assertEquals(3, forced.received().size());
    assertEquals(2, requesting.received().size());
    assertEquals(0, neither.received().size());
  }

  @Test
  void recoveryAndPositioningCanBeDisabledByTheTokenAndRequestedByTheClient() {
    String both = "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,";
    assertTrue(
        subscribe(connectAs("a"), "a", override("force_recovery", true), "").startsWith(both));
    String recoveryOff = override("force_recovery", false);
    String notRecovered = subscribe(connectAs("b"), "b", recoveryOff, ",\"recover\":true");
    assertTrue(notRecovered.startsWith("{\"id\":2,\"subscribe\":{\"epoch\":"), notRecovered);
    assertTrue(notRecovered.endsWith(",\"was_recovering\":true}}"), notRecovered);
    assertTrue(
        subscribe(connectAs("c"), "c", recoveryOff, ",\"recoverable\":true").startsWith(both));
    String positioned = "{\"id\":2,\"subscribe\":{\"positioned\":true,";
    assertTrue(
        subscribe(connectAs("d"), "d", recoveryOff, ",\"positioned\":true").startsWith(positioned));
    String forced =
        ",\"override\":{\"force_recovery\":{\"value\":false},"
            + "\"force_positioning\":{\"value\":true}}";
    assertTrue(subscribe(connectAs("e"), "e", forced, "").startsWith(positioned));
  }

  @Test
  void aClientThatMayNotRecoverIsNotRejectedAndANewRoomIsAlwaysRecovered() {
    chat.connect("lobby", "bob").send("1");
    String from = ",\"recover\":true,\"flag\":2,\"epoch\":\"old\"";
    String reply = subscribe(connectAs("a"), "a", override("force_recovery", false), from);
    assertTrue(reply.endsWith(",\"was_recovering\":true}}"), reply);
    CentrifugeTestClient alice = connectAs("alice");
    alice.send(
        "{\"id\":3,\"subscribe\":{\"channel\":\"new\",\"recover\":true,\"flag\":2}}",
        "{\"id\":4,\"subscribe\":{\"channel\":\"other\",\"recover\":true,\"flag\":2,\"offset\":1}}");
    List<String> received = alice.received();
    assertTrue(received.get(0).contains("\"recovered\":true"), received.get(0));
    assertEquals(
        "{\"id\":4,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}",
        received.get(1));
  }
}
