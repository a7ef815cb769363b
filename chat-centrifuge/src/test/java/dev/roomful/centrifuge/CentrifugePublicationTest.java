package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.History;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Publications and direct messages: who may publish, and how each client receives the data. */
class CentrifugePublicationTest extends CentrifugeChatFixture {
  @Test
  void plainTextAndCentrifugeClientsShareARoom() {
    TestClient plain = chat.connect(AcceptedAdmission.of("bob", "lobby").withName("Bob"));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    plain.send("hello \"all\"");
    plain.send("{\"json\": true}");
    alice.send("{\"id\":5,\"publish\":{\"channel\":\"lobby\",\"data\":{\"x\": [1]}}}");

    String bob = "\"info\":{\"user\":\"bob\",\"client\":\"";
    List<String> received = alice.received();
    assertTrue(
        received
            .get(0)
            .startsWith(
                "{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":\"hello \\\"all\\\"\"," + bob),
        received.get(0));
    assertTrue(
        received
            .get(0)
            .endsWith("\"conn_info\":{\"name\":\"Bob\"}},\"time\":@time,\"offset\":1}}}"),
        received.get(0));
    assertTrue(received.get(1).contains("\"data\":{\"json\": true},"), received.get(1));
    assertEquals(
        "{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":{\"x\": [1]},"
            + "\"info\":{\"user\":\"alice\",\"client\":\"@me\"},"
            + "\"time\":@time,\"offset\":3}}}",
        received.get(2));
    assertEquals(List.of("hello \"all\"", "{\"json\": true}", "{\"x\": [1]}"), plain.received());
  }

  @Test
  void publishingFollowsTheRoomsRules() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby").subscribe("balcony");
    room("lobby").mute("alice", Duration.ofMinutes(1), "hush");
    alice.send(
        "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}",
        "{\"id\":4,\"publish\":{\"channel\":\"balcony\",\"data\":1}}",
        "{\"id\":5,\"publish\":{\"channel\":\"other\",\"data\":1}}",
        "{\"id\":6,\"publish\":{\"channel\":\"lobby\"}}");
    String denied = ",\"error\":{\"code\":103,\"message\":";
    assertEquals(
        List.of(
            "{\"id\":3" + denied + "\"hush\"}}",
            "{\"id\":4" + denied + "\"role visitor may not publish\"}}",
            "{\"id\":5" + denied + "\"participant \\\"alice\\\" is not in room \\\"other\\\"\"}}",
            "{\"id\":6,\"error\":{\"code\":107,\"message\":\"bad request\"}}"),
        alice.received());
  }

  @Test
  void aMessageToOneParticipantIsAMessagePush() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"help\"}}");
    chat.chat().participant("alice").orElseThrow().send("plain text");
    assertEquals(
        List.of(
            "{\"push\":{\"message\":{\"data\":{\"help\":true}}}}",
            "{\"id\":3,\"publish\":{}}",
            "{\"push\":{\"message\":{\"data\":\"plain text\"}}}"),
        alice.received());
  }

  @Test
  void aHandlerThatFailsRejectsTheMessageAndItsSenderStays() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    CentrifugeTestClient bob = connect("bob").subscribe("lobby");
    alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"fail\"}}");
    assertEquals(
        List.of(
            "{\"id\":3,\"error\":{\"code\":100,\"message\":\"internal error\",\"temporary\":true}}"),
        alice.received());
    assertEquals(0, alice.closeCode());
    bob.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
    assertEquals(2, bob.received().size());
  }

  @Test
  void bytesThatAreNotJsonAreAnObjectWithBase64ForJsonClientsWherever() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(10)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    TestClient plain = chat.connect("lobby", "bob");
    plain.send("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    assertTrue(alice.received().get(0).contains("\"data\":{\"n\":1}"));
    plain.send(new byte[] {(byte) 0xff, (byte) 0xfe, 1, 2});
    String expected = "\"data\":{\"base64\":\"//4BAg==\"}";
    assertContainsOnce(expected, alice.received());
    room("lobby").announce(Payload.bytes(new byte[] {(byte) 0xff, (byte) 0xfe, 1, 2}));
    assertContainsOnce(expected, alice.received());
    assertTrue(
        chat.chat()
            .participant("alice")
            .orElseThrow()
            .send(Payload.bytes(new byte[] {(byte) 0xff, (byte) 0xfe, 1, 2}))
            .isDone());
    assertEquals(List.of("{\"push\":{\"message\":{" + expected + "}}}"), alice.received());

    alice.send("{\"id\":3,\"history\":{\"channel\":\"lobby\",\"limit\":1,\"reverse\":true}}");
    assertContainsOnce(expected, alice.received());
    String since = "\"recover\":true,\"offset\":1,\"epoch\":\"" + room("lobby").position().epoch();
    CentrifugeTestClient late = connect("late");
    late.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"," + since + "\"}}");
    String recovery = late.received().get(0);
    assertEquals(3, recovery.split(Pattern.quote(expected), -1).length, recovery);
    assertEquals(0, alice.closeCode() + late.closeCode());
    assertTrue(plain.isOpen());
  }

  private static void assertContainsOnce(String expected, List<String> received) {
    assertEquals(1, received.size(), received.toString());
    assertTrue(received.get(0).contains(expected), received.toString());
  }

  @Test
  void aLargePayloadOfBytesReachesJsonClientsLiveAndInHistory() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(10)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    room("lobby").announce(Payload.bytes(new byte[500 * 1024]));
    assertContainsOnce("\"base64\":\"AAAA", alice.received());
    alice.send("{\"id\":3,\"history\":{\"channel\":\"lobby\",\"limit\":1}}");
    assertContainsOnce("\"base64\":\"AAAA", alice.received());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void protobufAndJsonClientsShareARoom() throws Exception {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    CentrifugeTestClient proto =
        new CentrifugeTestClient(
            gateway,
            TestHandshake.create()
                .withQuery("name", "proto")
                .withHeader("sec-websocket-protocol", "centrifuge-protobuf"));
    proto.send(ProtobufFrames.connect(1));
    proto.send(ProtobufFrames.subscribe(2, "lobby"));
    proto.send(ProtobufFrames.publish(3, "lobby", "{\"p\":1}".getBytes(StandardCharsets.UTF_8)));
    assertEquals(4, proto.receivedBytes().size());
    assertTrue(alice.received().get(0).contains("\"pub\":{\"data\":{\"p\":1},"));
    alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":{\"j\":2}}}");
    String received = new String(proto.receivedBytes().get(0), StandardCharsets.UTF_8);
    assertTrue(received.contains("{\"j\":2}"), received);
    alice.received();
    proto.send(ProtobufFrames.publish(4, "lobby", new byte[] {1, 2}));
    assertContainsOnce("\"data\":{\"base64\":\"AQI=\"}", alice.received());
    assertEquals(0, alice.closeCode() + proto.closeCode());
  }
}
