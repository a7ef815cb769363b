package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Amendment;
import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.Sender;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.centrifuge.wire.Wire;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Headers of a message are the tags of its publication, and its time is that of the message. */
class TagsAndTimeTest {
  private static final String TAGS = "\"tags\":{\"lang\":\"en\",\"ref\":\"m\\n1\"}";

  private final List<Long> times = new ArrayList<>();
  private boolean storing = true;

  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onMessage(Room room, Message message) {
                      Message tagged = message.withHeader("lang", "en").withHeader("ref", "m\n1");
                      if (storing) {
                        awaitLaterThan(message.time());
                        room.publish(tagged);
                      } else {
                        times.add(tagged.time().toEpochMilli());
                        room.signal(tagged);
                      }
                    }
                  })
              .authenticator(
                  handshake ->
                      AcceptedAdmission.of(
                          handshake.query("name").orElse("nobody"),
                          handshake.path("room").orElse("lobby")))
              .rooms(
                  RoomOptions.defaults()
                      .withHistory(History.of(10))
                      .withNotices(
                          new RoomNotices() {
                            @Override
                            public Payload readMarked(Room room, String id, Position position) {
                              return Payload.text("{\"read\":true}");
                            }
                          })
                      .withKeepEmptyFor(Duration.ofMinutes(1))));
  private final Centrifuge gateway = Centrifuge.on(chat.chat());

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  /** So that the time at which a message is published differs from that of its arrival. */
  private static void awaitLaterThan(Instant time) {
    while (System.currentTimeMillis() <= time.toEpochMilli()) {
      Thread.onSpinWait();
    }
  }

  private CentrifugeTestClient subscribe(String name) {
    return CentrifugeTestClient.of(gateway, name).connect().subscribe("lobby");
  }

  private static void publish(CentrifugeTestClient client, int data) {
    client.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":" + data + "}}");
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  private List<Long> storedTimes() {
    return lobby().history(HistoryRange.last(10)).orElseThrow().stream()
        .map(message -> message.time().toEpochMilli())
        .toList();
  }

  @Test
  void tagsAreSentLiveInHistoryAndInRecovery() {
    CentrifugeTestClient alice = subscribe("alice");
    publish(alice, 1);
    assertContains(alice.received().get(0), TAGS + ",\"time\":@time,\"offset\":1}}}");

    alice.send("{\"id\":4,\"history\":{\"channel\":\"lobby\",\"limit\":1}}");
    assertContains(alice.received().get(0), TAGS + ",\"time\":@time,\"offset\":1}]");

    alice.loseConnection();
    CentrifugeTestClient back = CentrifugeTestClient.of(gateway, "alice").connect();
    back.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"recover\":true}}");
    assertContains(back.received().get(0), TAGS + ",\"time\":@time,\"offset\":1}]");
  }

  private static void assertContains(String text, String expected) {
    assertTrue(text.contains(expected), text);
  }

  @Test
  void aPublicationHasTheSameTimeLiveInHistoryAndInTheRoom() {
    CentrifugeTestClient alice = subscribe("alice");
    publish(alice, 1);
    publish(alice, 2);
    List<Long> live = alice.receivedTimes();

    alice.send("{\"id\":4,\"history\":{\"channel\":\"lobby\",\"limit\":2}}");

    assertEquals(storedTimes(), live);
    assertEquals(live, alice.receivedTimes());
  }

  @Test
  void aMessageThatIsNotStoredHasTagsAndTime() {
    storing = false;
    CentrifugeTestClient alice = subscribe("alice");
    publish(alice, 1);
    publish(alice, 2);
    String lines = String.join("\n", alice.received());
    assertEquals(3, lines.split("\"tags\"", -1).length, lines);
    assertContains(lines, TAGS + ",\"time\":@time,\"offset\":0}}}");

    publish(alice, 3);

    assertEquals(List.of(times.get(2)), alice.receivedTimes());
  }

  @Test
  void anAnnouncementHasATimeAndNoTags() {
    CentrifugeTestClient alice = subscribe("alice");
    lobby().announce("1");
    assertEquals(
        List.of(
            "{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":1,\"time\":@time,\"offset\":1}}}"),
        alice.received());
  }

  @Test
  void protobufClientsReceiveTheSameTagsAndTime() throws Exception {
    CentrifugeTestClient json = subscribe("alice");
    CentrifugeTestClient protobuf =
        new CentrifugeTestClient(
            gateway,
            TestHandshake.create()
                .withQuery("name", "bob")
                .withHeader("sec-websocket-protocol", "centrifuge-protobuf"));
    protobuf.send(ProtobufFrames.connect(1));
    protobuf.send(ProtobufFrames.subscribe(2, "lobby"));
    protobuf.receivedBytes();
    protobuf.send(ProtobufFrames.publish(3, "lobby", "1".getBytes(StandardCharsets.UTF_8)));

    Wire.Publication publication = reply(protobuf.receivedBytes().get(0)).getPush().getPub();

    assertEquals("en", publication.getTagsOrThrow("lang"));
    assertEquals("m\n1", publication.getTagsOrThrow("ref"));
    assertEquals(storedTimes(), List.of(publication.getTime()));
    assertEquals(storedTimes(), json.receivedTimes());
  }

  private static Wire.Reply reply(byte[] frame) throws IOException {
    return Wire.Reply.parseDelimitedFrom(new ByteArrayInputStream(frame));
  }

  @Test
  void aPageOfHistoryCountsTheSizeOfTags() {
    CentrifugeTestClient alice = subscribe("alice");
    publish(alice, 1);
    Message message =
        lobby()
            .history(HistoryRange.last(1))
            .orElseThrow()
            .get(0)
            .withHeader("long", "\u0001".repeat(4000));
    Publication publication = ProtocolMapping.publication(message);
    Reply page = new Reply(1, new Reply.HistoryResult(List.of(publication), StreamPosition.START));
    assertTrue(new JsonCodec().encode(page).length <= publication.encodedSize() + 64);
    assertTrue(new ProtobufCodec().encode(page).length <= publication.encodedSize() + 64);
  }

  @Test
  void anAmendmentHasTheTagsOfItsKindAndItsTarget() {
    CentrifugeTestClient alice = subscribe("alice");
    Sender bot = Sender.of("bot", "bot");
    lobby().publish(lobby().messageFrom(bot, Payload.text("1")).withHeader("lang", "en"));
    Position first = lobby().position();
    lobby()
        .publish(
            lobby()
                .messageFrom(bot, Payload.text("{}"))
                .withAmendment(Amendment.react(first, "+1")));
    lobby().deleteMessage(first);
    List<String> received = alice.received();
    assertTrue(received.get(0).contains("\"tags\":{\"lang\":\"en\"}"), received.get(0));
    assertTrue(
        received
            .get(1)
            .contains(
                "\"tags\":{\"roomful.amendment\":\"react\",\"roomful.target\":\""
                    + first
                    + "\",\"roomful.reaction\":\"+1\"}"),
        received.get(1));
    assertEquals(2, received.size(), "a deletion without a notice reaches nobody");
  }

  @Test
  void aReadMarkIsAPublicationWithoutAnOffsetForTheClientsOfItsUser() {
    CentrifugeTestClient alice = subscribe("alice");
    CentrifugeTestClient bob = subscribe("bob");
    lobby().announce("1");
    bob.received();
    alice.received();
    lobby().markRead("alice", lobby().position());
    String received = alice.received().get(0);
    assertTrue(received.contains("\"data\":{\"read\":true}"), received);
    assertTrue(received.contains("\"roomful.reader\":\"alice\""), received);
    assertTrue(received.contains("\"roomful.read\":\"" + lobby().position() + "\""), received);
    assertFalse(received.contains("\"offset\""), received);
    assertEquals(List.of(), bob.received());
  }
}
