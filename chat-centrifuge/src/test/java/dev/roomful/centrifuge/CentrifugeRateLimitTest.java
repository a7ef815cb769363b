package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much a client may ask for at once: with the default limits, all that its rooms need. */
class CentrifugeRateLimitTest {
  private static final int ROOMS = Limits.defaults().roomsPerParticipant();
  private static final int BURST = Limits.defaults().messageBurst();
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

  /** As many of one command as there are rooms, in one frame; the room is {@code %s}. */
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
  private static final String UNSUBSCRIBE = "\"unsubscribe\":{\"channel\":\"%s\"}";
  private static final String PUBLISH = "\"publish\":{\"channel\":\"room0\",\"data\":1}";

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  @Test
  void aReturningClientMaySubscribeToAndQueryAllItsRoomsAtOnce() {
    CentrifugeTestClient alice = connect("alice");
    assertNoErrors(forEachRoom(alice, SUBSCRIBE));
    assertNoErrors(forEachRoom(alice, "\"presence\":{\"channel\":\"%s\"}"));
    assertNoErrors(forEachRoom(alice, "\"history\":{\"channel\":\"%s\",\"limit\":5}"));
    assertEquals(0, alice.closeCode());
    alice.loseConnection();
    assertNoErrors(
        forEachRoom(
            connect("alice"),
            "\"subscribe\":{\"channel\":\"%s\",\"recover\":true,\"epoch\":\"gone\"}"));
  }

  @Test
  void repeatedSubscribingAndUnsubscribingIsRateLimited() {
    CentrifugeTestClient alice = connect("alice");
    int replyCount = 0;
    while (alice.closeCode() == 0) {
      replyCount += sendFrame(alice, 1, replyCount % 2 == 0 ? SUBSCRIBE : UNSUBSCRIBE).size();
    }
    assertEquals(3013, alice.closeCode());
    assertEquals(3 * ROOMS + BURST + RATE_VIOLATIONS, replyCount);
  }

  @Test
  void publishesAreRateLimitedFromTheStart() {
    CentrifugeTestClient alice = connect("alice").subscribe("room0");
    List<String> replies = sendFrame(alice, BURST + 1, PUBLISH);
    assertTrue(replies.get(replies.size() - 1).contains("\"code\":111,"), replies.toString());
    assertNoErrors(forEachRoom(alice, UNSUBSCRIBE));
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
