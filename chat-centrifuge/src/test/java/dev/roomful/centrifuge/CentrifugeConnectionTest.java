package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The life of one connection: connect, frames, pings, and the codes of its end. */
class CentrifugeConnectionTest extends CentrifugeChatFixture {
  @Test
  void theConnectReplyHasTheClientId() {
    CentrifugeTestClient alice = CentrifugeTestClient.of(gateway, "alice");
    alice.send("{\"id\":7,\"connect\":{\"name\":\"js\"}}");
    String reply = alice.received().get(0);
    assertTrue(chat.chat().participant("alice").isPresent());
    assertTrue(
        reply.matches(
            "\\{\"id\":7,\"connect\":\\{\"client\":\"[^\"]+\",\"version\":\"Roomful"
                + " [^\"]+\",\"ping\":25,"
                + "\"pong\":true,\"session\":\"[^\"]+\",\"node\":\"[^\"]+\"}}"),
        reply);
  }

  /** All SDKs send their name; a client without one may not be able to split frames. */
  @Test
  void repliesAndPushesShareAFrameForClientsThatSendTheirName() {
    String[] commands = {
      "{\"id\":1,\"connect\":{\"name\":\"js\"}}",
      "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}",
      "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}"
    };
    CentrifugeTestClient sdk = CentrifugeTestClient.of(gateway, "sdk").stall();
    sdk.send(commands);
    sdk.unstall(chat);
    List<String> frames = sdk.frames();
    assertEquals(2, frames.size());
    assertTrue(frames.get(0).startsWith("{\"id\":1,\"connect\""));
    List<String> lines = frames.get(1).lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("{\"id\":2,\"subscribe\""));
    assertTrue(lines.get(1).startsWith("{\"push\""));
    assertEquals("{\"id\":3,\"publish\":{}}", lines.get(2));

    CentrifugeTestClient simple = CentrifugeTestClient.of(gateway, "simple").stall();
    commands[0] = "{\"id\":1,\"connect\":{}}";
    simple.send(commands);
    simple.unstall(chat);
    assertEquals(4, simple.frames().size());
  }

  @Test
  void connectMustBeTheFirstCommandAndMayNotBeRepeated() {
    CentrifugeTestClient early = CentrifugeTestClient.of(gateway, "early");
    early.send("{\"id\":1,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(Optional.of(new CloseStatus(3501, "bad request")), early.closeStatus());
    CentrifugeTestClient twice = connect("twice");
    twice.send("{\"id\":2,\"connect\":{}}");
    assertEquals(3501, twice.closeCode());
    CentrifugeTestClient malformed = CentrifugeTestClient.of(gateway, "odd");
    malformed.send("hello");
    assertEquals(3501, malformed.closeCode());
    CentrifugeTestClient pong = CentrifugeTestClient.of(gateway, "pong");
    pong.send("{}");
    assertEquals(3501, pong.closeCode());
  }

  @Test
  void aClientThatDoesNotConnectInTimeIsClosedAsStale() {
    CentrifugeTestClient silent = CentrifugeTestClient.of(gateway, "silent");
    CentrifugeTestClient alice = connect("alice");
    chat.advance(Duration.ofSeconds(14));
    assertEquals(0, silent.closeCode());
    chat.advance(Duration.ofSeconds(2));
    assertEquals(3502, silent.closeCode());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void theAuthenticatorRejectsTheHandshakeOrTheRoom() {
    assertEquals(401, ((Rejection) gateway.admit(TestHandshake.create())).status());
    assertEquals(
        403,
        ((Rejection)
                gateway.admit(
                    TestHandshake.create()
                        .withQuery("name", "eve")
                        .withHeader("host", "here")
                        .withHeader("origin", "https://elsewhere")))
            .status());
    CentrifugeTestClient alice = connect("alice");
    alice.send(
        "{\"id\":2,\"subscribe\":{\"channel\":\"secret\"}}",
        "{\"id\":3,\"subscribe\":{\"channel\":\"moved\"}}",
        "{\"id\":4,\"subscribe\":{\"channel\":\"lobby\",\"token\":\"x\"}}");
    assertEquals(
        List.of(
            "{\"id\":2,\"error\":{\"code\":103,\"message\":\"not for you\"}}",
            "{\"id\":3,\"error\":{\"code\":103,\"message\":\"permission denied\"}}",
            "{\"id\":4,\"error\":{\"code\":103,\"message\":\"permission denied\"}}"),
        alice.received());
    assertEquals(0, chat.chat().rooms().size());
  }

  @Test
  void connectAndSubscribesInOneFrameRunInOrder() {
    CentrifugeTestClient alice = CentrifugeTestClient.of(gateway, "alice");
    alice.send(
        "{\"id\":1,\"connect\":{}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":3,\"subscribe\":{\"channel\":\"side\"}}",
        "{\"id\":4,\"publish\":{\"channel\":\"lobby\",\"data\":{\"a\": 1}}}");
    List<String> received = alice.received();
    assertEquals(5, received.size());
    assertTrue(received.get(1).startsWith("{\"id\":2,\"subscribe\":{"), received.get(1));
    assertTrue(
        received
            .get(3)
            .startsWith("{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":{\"a\": 1}"));
    assertEquals("{\"id\":4,\"publish\":{}}", received.get(4));
    assertEquals(List.of("alice joined lobby", "alice joined side"), events);
  }

  @Test
  void pingsAreSentOnBusyConnectionsTooAndMustBeAnswered() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    CentrifugeTestClient dead = connect("dead");
    int pings = 0;
    for (int i = 0; i < 60; i++) {
      alice.send("{\"id\":9,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
      pings += alice.answerPings(chat, 1);
    }
    assertEquals(2, pings); // the first after 12.5 to 25 s
    assertEquals(0, alice.closeCode());
    assertEquals(3012, dead.closeCode());
    assertEquals(List.of("{}"), dead.received());
    alice.send("{}");
    assertEquals(3501, alice.closeCode());
  }

  @Test
  void closeStatusesAreMappedToTheProtocolsDisconnectCodes() {
    recreateChat(
        builder(RoomOptions.defaults())
            .limits(
                Limits.defaults()
                    .withMessagesPerSecond(1)
                    .withMessageBurst(2)
                    .withRateViolations(1)));
    CentrifugeTestClient fast = connect("fast");
    fast.send(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":3,\"rpc\":{}}",
        "{\"id\":4,\"rpc\":{}}",
        "{\"id\":5,\"rpc\":{}}",
        "{\"id\":6,\"rpc\":{}}");
    String slower = fast.received().get(3);
    assertTrue(
        slower.startsWith(
            "{\"id\":5,\"error\":{\"code\":111,\"message\":\"too many messages: wait 1"),
        slower);
    assertTrue(slower.endsWith("\"temporary\":true}}"), slower);
    assertEquals(3013, fast.closeCode());
    CentrifugeTestClient restarted = connect("restarted");
    CentrifugeTestClient ended = connect("ended");
    chat.chat().participant("ended").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(3503, ended.closeCode());
    chat.chat().close();
    assertEquals(Optional.of(new CloseStatus(3001, "shutdown")), restarted.closeStatus());
  }

  @Test
  void aSilentClientIsClosedSoonAfterItsAdmissionHasEnded() {
    recreateChat(
        builder(RoomOptions.defaults())
            .authenticator(
                handshake ->
                    AcceptedAdmission.of("alice", handshake.path("room").orElse("lobby"))
                        .withCredential(Credential.expiringAt(Instant.now().plusSeconds(30)))));
    CentrifugeTestClient alice = connect("alice");
    alice.answerPings(chat, 52); // 30 s, and most of the 25 s in which it may show a new token
    assertEquals(0, alice.closeCode());
    alice.answerPings(chat, 7);
    assertEquals(3005, alice.closeCode());
  }
}
