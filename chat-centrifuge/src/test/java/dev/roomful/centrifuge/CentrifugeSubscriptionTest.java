package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.BroadcastPolicy;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscribing to rooms, recovery, and the end of subscriptions. */
class CentrifugeSubscriptionTest extends CentrifugeChatFixture {
  @Test
  void theSenderIsExcludedLiveAndInRecovery() {
    recreateChat(
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withPolicy(BroadcastPolicy.excludingSender()));
    TestClient plain = chat.connect("lobby", "bob");
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    String epoch = room("lobby").position().epoch();
    alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
    assertEquals(List.of("{\"id\":3,\"publish\":{}}"), alice.received());
    plain.send("2");
    alice.loseConnection();

    CentrifugeTestClient again = connect("alice");
    again.send(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"recover\":true,\"epoch\":\""
            + epoch
            + "\"}}");
    String reply = again.received().get(0);
    assertTrue(
        reply.startsWith(
            "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\""
                + epoch
                + "\",\"was_recovering\":true,\"recovered\":true,\"publications\":[{\"data\":2,"),
        reply);
    assertTrue(reply.endsWith("\"offset\":2}]}}"), reply);
  }

  @Test
  void recoveredIsTrueOnlyIfNoMessageIsMissing() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(2)));
    TestClient plain = chat.connect("lobby", "bob");
    plain.send("1");
    plain.send("2");
    plain.send("3");
    Position current = room("lobby").position();
    CentrifugeTestClient alice = connect("alice");
    String notRecovered =
        "{\"recoverable\":true,\"positioned\":true,\"offset\":3,\"epoch\":\""
            + current.epoch()
            + "\",\"was_recovering\":true}}";
    String channel = "\"subscribe\":{\"channel\":\"lobby\",\"recover\":true,";
    alice.send("{\"id\":2," + channel + "\"epoch\":\"" + current.epoch() + "\"}}");
    assertEquals(List.of("{\"id\":2,\"subscribe\":" + notRecovered), alice.received());
    alice.send("{\"id\":3,\"unsubscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(List.of("{\"id\":3,\"unsubscribe\":{}}"), alice.received());
    alice.send("{\"id\":4," + channel + "\"offset\":3,\"epoch\":\"_\"}}");
    assertEquals(List.of("{\"id\":4,\"subscribe\":" + notRecovered), alice.received());
    alice.send(
        "{\"id\":5,\"unsubscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":6," + channel + "\"offset\":2}}");
    String reply = alice.received().get(1);
    assertTrue(
        reply.contains("\"offset\":2,\"epoch\""), reply); // without an epoch, any epoch matches
    assertTrue(reply.contains("\"recovered\":true,\"publications\":[{\"data\":3,"), reply);
    alice.send(
        "{\"id\":7,\"unsubscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":8," + channel + "\"flag\":2,\"epoch\":\"other:epoch\"}}");
    assertEquals(
        "{\"id\":8,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}",
        alice.received().get(1));
    assertEquals(List.of("bob joined lobby", "alice joined lobby"), events.subList(0, 2));
  }

  @Test
  void subscribingTwiceOrTooOftenOrToNoChannelIsRejected() {
    recreateChat(
        builder(RoomOptions.defaults()).limits(Limits.defaults().withRoomsPerParticipant(1)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    alice.send(
        "{\"id\":3,\"subscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":4,\"subscribe\":{\"channel\":\"side\"}}",
        "{\"id\":5,\"subscribe\":{\"channel\":\"" + "x".repeat(129) + "\"}}",
        "{\"id\":6,\"unsubscribe\":{\"channel\":\"never\"}}",
        "{\"id\":7,\"subscribe\":{\"channel\":\"\"}}",
        "{\"id\":8,\"unsubscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of(
            "{\"id\":3,\"error\":{\"code\":105,\"message\":\"already subscribed\"}}",
            "{\"id\":4,\"error\":{\"code\":106,\"message\":\"the participant has reached the limit of 1 rooms\"}}",
            "{\"id\":5,\"error\":{\"code\":107,\"message\":\"the room name has 129 characters: at most 128\"}}",
            "{\"id\":6,\"unsubscribe\":{}}"),
        alice.received());
    assertEquals(3501, alice.closeCode());
  }

  @Test
  void aRemovedParticipantIsUnsubscribed() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby").subscribe("side");
    room("lobby").kick("alice", "rude");
    room("side").ban("alice", Duration.ofMinutes(1), "");
    alice.send("{\"id\":3,\"subscribe\":{\"channel\":\"side\"}}");
    assertEquals(
        List.of(
            "{\"push\":{\"channel\":\"lobby\",\"unsubscribe\":{\"code\":2000,\"reason\":\"rude\"}}}",
            "{\"push\":{\"channel\":\"side\",\"unsubscribe\":"
                + "{\"code\":2000,\"reason\":\"server unsubscribe\"}}}",
            "{\"id\":3,\"error\":{\"code\":103,\"message\":\"permission denied\"}}"),
        alice.received());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void joiningAParticipantToARoomSubscribesItsClient() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(3)));
    chat.connect("lobby", "bob").send("1");
    CentrifugeTestClient alice = connect("alice");
    chat.chat()
        .participant("alice")
        .orElseThrow()
        .join("lobby", dev.roomful.admission.HistoryRange.last(1));
    List<String> received = alice.received();
    assertTrue(
        received
            .get(0)
            .startsWith(
                "{\"push\":{\"channel\":\"lobby\",\"subscribe\":{\"recoverable\":true,"
                    + "\"positioned\":true,\"offset\":1,\"epoch\":"),
        received.get(0));
    assertTrue(received.get(1).startsWith("{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":1,"));
  }

  @Test
  void theWelcomeMessageIsTheDataOfTheSubscription() {
    recreateChat(RoomOptions.defaults().withWelcome(joinInfo -> Payload.text("welcome")));
    CentrifugeTestClient alice = connect("alice");
    alice.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    String reply = alice.received().get(0);
    assertTrue(reply.endsWith(",\"data\":\"welcome\"}}"), reply);
  }
}
