package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands of a client cost, with the default limits. */
class CentrifugeRateLimitTest {
  private static final int ROOMS = Limits.defaults().roomsPerParticipant();
  private static final int BURST = Limits.defaults().messageBurst();
  private static final int ALLOWANCE = 4 * ROOMS;
  private static final int RATE_VIOLATIONS = Limits.defaults().rateViolations();

  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .authenticator(
                  handshake ->
                      AcceptedAdmission.of(
                          handshake.query("name").orElseThrow(),
                          handshake.path("room").orElse("lobby")))
              .rooms(RoomOptions.defaults().withHistory(History.of(10))));
  private final Centrifuge gateway = Centrifuge.on(chat.chat());
  private int id = 1;

  private CentrifugeTestClient connect(String name) {
    return CentrifugeTestClient.of(gateway, name).connect();
  }

  /** Sends a command for each room in one frame; {@code %s} stands for the room. */
  private List<String> forEachRoom(CentrifugeTestClient client, String command) {
    return sendFrame(client, ROOMS, command);
  }

  private List<String> sendFrame(CentrifugeTestClient client, int count, String command) {
    client.send(
        IntStream.range(0, count)
            .mapToObj(i -> "{\"id\":" + ++id + "," + command.formatted("room" + i) + "}")
            .toArray(String[]::new));
    return client.received();
  }

  private static void assertNoErrors(List<String> replies) {
    assertEquals(ROOMS, replies.size());
    replies.forEach(reply -> assertTrue(!reply.contains("\"error\""), reply));
  }

  private static final String SUBSCRIBE = "\"subscribe\":{\"channel\":\"%s\"}";
  private static final String SUBSCRIBE_SIDE = "\"subscribe\":{\"channel\":\"side%s\"}";
  private static final String UNSUBSCRIBE = "\"unsubscribe\":{\"channel\":\"%s\"}";
  private static final String PUBLISH = "\"publish\":{\"channel\":\"room0\",\"data\":1}";

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  private static List<String> errors(List<String> replies) {
    return replies.stream().filter(reply -> reply.contains("\"error\"")).toList();
  }

  @Test
  void aReturningClientMaySubscribeToAllItsRoomsAtOnce() {
    for (int i = 0; i < ALLOWANCE / ROOMS; i++) {
      CentrifugeTestClient alice = connect("alice");
      assertNoErrors(
          forEachRoom(
              alice, "\"subscribe\":{\"channel\":\"%s\",\"recover\":true,\"epoch\":\"gone\"}"));
      alice.loseConnection();
    }
  }

  @Test
  void aReconnectDoesNotRenewTheFreeSubscribesButTimeDoes() {
    for (int i = 0; i < ALLOWANCE / ROOMS; i++) {
      CentrifugeTestClient alice = connect("alice");
      assertNoErrors(forEachRoom(alice, SUBSCRIBE));
      alice.loseConnection();
    }
    CentrifugeTestClient early = connect("alice");
    List<String> replies = forEachRoom(early, SUBSCRIBE);
    assertEquals(BURST + RATE_VIOLATIONS, replies.size());
    assertEquals(RATE_VIOLATIONS, errors(replies).size());
    assertEquals(3013, early.closeCode());
    assertNoErrors(forEachRoom(connect("bob"), SUBSCRIBE));

    chat.advance(Duration.ofMinutes(1));
    assertNoErrors(forEachRoom(connect("alice"), SUBSCRIBE));
  }

  @Test
  void clientsWithoutAUserIdShareTheFreeSubscribesOfTheirAddress() {
    Centrifuge anonymous = gateway.withAnonymous();
    for (int i = 0; i < ALLOWANCE / ROOMS; i++) {
      assertNoErrors(forEachRoom(anonymous(anonymous, "10.0.0.1"), SUBSCRIBE));
    }
    CentrifugeTestClient late = anonymous(anonymous, "10.0.0.1");
    assertEquals(BURST + RATE_VIOLATIONS, forEachRoom(late, SUBSCRIBE).size());
    assertNoErrors(forEachRoom(anonymous(anonymous, "10.0.0.2"), SUBSCRIBE));
  }

  private static CentrifugeTestClient anonymous(Centrifuge gateway, String address) {
    return new CentrifugeTestClient(
            gateway,
            TestHandshake.create().withQuery("name", "anonymous").withRemoteAddress(address))
        .connect();
  }

  @Test
  void questionsAboutRoomsCountAndTooManyAtOnceAreRejectedButNoViolation() {
    CentrifugeTestClient alice = connect("alice");
    assertNoErrors(forEachRoom(alice, SUBSCRIBE));
    List<String> replies = forEachRoom(alice, "\"presence\":{\"channel\":\"%s\"}");
    assertEquals(ROOMS, replies.size());
    assertEquals(ROOMS - BURST, errors(replies).size());
    errors(replies).forEach(reply -> assertTrue(reply.contains("\"code\":111,"), reply));
    assertEquals(0, alice.closeCode());
    int asked = ROOMS - BURST;
    while (alice.closeCode() == 0) {
      asked += sendFrame(alice, 1, "\"presence_stats\":{\"channel\":\"%s\"}").size();
    }
    assertEquals(ALLOWANCE - ROOMS + RATE_VIOLATIONS, asked);
  }

  @Test
  void aReplyCostsAsManyMessagesAsItHas8KiB() {
    CentrifugeTestClient alice = connect("alice").subscribe("room0");
    Room room = chat.chat().room("room0").orElseThrow();
    String text = "x".repeat(40 * 1024);
    for (int i = 0; i < 10; i++) {
      room.announce(text);
    }
    alice.received();
    // 400 KiB are 50 messages: after two replies the burst is used up, and more.
    List<String> replies = sendFrame(alice, 20, "\"history\":{\"channel\":\"room0\",\"limit\":-1}");
    assertEquals(20, replies.size());
    assertEquals(18, errors(replies).size());
    assertEquals(18, errors(sendFrame(alice, 18, SUBSCRIBE_SIDE)).size());
    assertEquals(0, alice.closeCode());
    chat.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), errors(sendFrame(alice, 10, PUBLISH)));
  }

  @Test
  void aPresenceReplyCostsAsManyMessagesAsItHas8KiB() {
    for (int i = 0; i < 50; i++) {
      chat.connect(
          AcceptedAdmission.of("user" + i, "room0")
              .withAttribute(Participant.INFO, "\"" + "x".repeat(8 * 1024) + "\""));
    }
    CentrifugeTestClient alice = connect("alice").subscribe("room0");
    // A reply of 400 KiB counts as 50 messages: two of them use up the burst.
    List<String> replies = sendFrame(alice, 20, "\"presence\":{\"channel\":\"room0\"}");
    assertEquals(18, errors(replies).size());
    assertEquals(18, errors(sendFrame(alice, 18, SUBSCRIBE_SIDE)).size());

    CentrifugeTestClient bob = connect("bob").subscribe("room0");
    String stats = "\"presence_stats\":{\"channel\":\"room0\"}";
    assertEquals(List.of(), errors(sendFrame(bob, BURST, stats)));
    assertEquals(1, errors(sendFrame(bob, 1, stats)).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"presence\":{\"channel\":\"room0\"}",
        "\"presence_stats\":{\"channel\":\"room0\"}",
        "\"history\":{\"channel\":\"room0\"}",
        "\"publish\":{\"channel\":\"room0\",\"data\":1}",
        "\"unsubscribe\":{\"channel\":\"never\"}",
        "\"rpc\":{\"method\":\"none\"}",
        "\"refresh\":{\"token\":\"none\"}",
        "\"sub_refresh\":{\"channel\":\"room0\",\"token\":\"none\"}",
        "\"ping\":{}",
        "\"unknown\":{}"
      })
  void everyCommandOtherThanSubscribeCountsAsAMessage(String command) {
    CentrifugeTestClient alice = connect("alice").subscribe("room0");
    List<String> replies = sendFrame(alice, BURST + 1, command);
    assertEquals(
        1, replies.stream().filter(reply -> reply.contains("\"code\":111,")).count(), command);
    assertEquals(List.of(), errors(sendFrame(alice, BURST + 1, SUBSCRIBE_SIDE)));
  }

  @Test
  void repeatedSubscribingAndUnsubscribingIsRateLimited() {
    CentrifugeTestClient alice = connect("alice");
    int replyCount = 0;
    while (alice.closeCode() == 0) {
      replyCount += sendFrame(alice, 1, replyCount % 2 == 0 ? SUBSCRIBE : UNSUBSCRIBE).size();
    }
    assertEquals(3013, alice.closeCode());
    assertEquals(2 * (ALLOWANCE + BURST) + RATE_VIOLATIONS, replyCount);
  }

  @Test
  void publishesAreRateLimitedFromTheStart() {
    CentrifugeTestClient alice = connect("alice").subscribe("room0");
    List<String> replies = sendFrame(alice, BURST + 1, PUBLISH);
    assertTrue(replies.get(replies.size() - 1).contains("\"code\":111,"), replies.toString());
    assertEquals(List.of(), errors(sendFrame(alice, 1, UNSUBSCRIBE)));
    sendFrame(alice, RATE_VIOLATIONS, "\"rpc\":{\"method\":\"%s\"}");
    assertEquals(3013, alice.closeCode());
  }

  @Test
  void theAllowedRateCanBeSustained() {
    CentrifugeTestClient alice = connect("alice").subscribe("room0");
    for (int i = 0; i < 10; i++) {
      sendFrame(alice, 50, PUBLISH);
      chat.advance(Duration.ofSeconds(1));
    }
    assertEquals(0, alice.closeCode());
  }
}
