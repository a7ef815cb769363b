package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of the protocol in a chat, in memory, known by the doorman. */
class CentrifugeTest {
  private final List<String> events = new ArrayList<>();

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onJoin(Room room, Participant participant) {
          events.add(participant.name() + " joined " + room.name());
        }

        @Override
        public void onMessage(Room room, Message message) {
          if (message.isText() && message.text().equals("\"help\"")) {
            message.reply("{\"help\":true}");
          } else if (message.isText() && message.text().equals("\"fail\"")) {
            throw new IllegalStateException("as asked");
          } else {
            room.publish(message);
          }
        }

        @Override
        public void onLeave(Room room, Participant participant, CloseStatus status) {
          events.add(participant.name() + " left " + room.name());
        }
      };

  private TestChat chat = chat(RoomOptions.defaults());
  private Centrifuge gateway = Centrifuge.on(chat.chat());

  private TestChat chat(RoomOptions options) {
    return TestChat.of(builder(options));
  }

  private Chat.Builder builder(RoomOptions options) {
    return Chat.builder(handler).authenticator(CentrifugeTest::authenticate).rooms(options);
  }

  private static Admission authenticate(Handshake handshake) {
    String room = handshake.path("room").orElse("lobby");
    Optional<String> name = handshake.query("name");
    if (name.isEmpty()) {
      return new Rejection(401, "who", "who are you?");
    }
    return switch (room) {
      case "secret" -> new Rejection(403, "secret", "not for you");
      case "moved" -> AcceptedAdmission.of(name.get(), "elsewhere");
      case "balcony" -> AcceptedAdmission.of(name.get(), room).withRole(Role.VISITOR);
      default -> AcceptedAdmission.of(name.get(), room);
    };
  }

  private void recreateChat(RoomOptions options) {
    recreateChat(builder(options));
  }

  private void recreateChat(Chat.Builder builder) {
    chat.close();
    chat = TestChat.of(builder);
    gateway = Centrifuge.on(chat.chat());
  }

  private CentrifugeTestClient connect(String name) {
    return CentrifugeTestClient.of(gateway, name).connect();
  }

  private Room room(String name) {
    return chat.chat().room(name).orElseThrow();
  }

  @AfterEach
  void assertNothingIsLeft() {
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

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

  /** All SDKs say what they are. What does not may be a program of ten lines. */
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
        received.get(0).endsWith("\"conn_info\":{\"name\":\"Bob\"}},\"offset\":1}}}"),
        received.get(0));
    assertTrue(received.get(1).contains("\"data\":{\"json\": true},"), received.get(1));
    assertEquals(
        "{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":{\"x\": [1]},"
            + "\"info\":{\"user\":\"alice\",\"client\":\"@me\"},\"offset\":3}}}",
        received.get(2));
    assertEquals(List.of("hello \"all\"", "{\"json\": true}", "{\"x\": [1]}"), plain.received());
  }

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
    assertTrue(reply.contains("\"offset\":2,\"epoch\""), reply); // no epoch matches any
    assertTrue(reply.contains("\"recovered\":true,\"publications\":[{\"data\":3,"), reply);
    alice.send(
        "{\"id\":7,\"unsubscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":8," + channel + "\"flag\":2,\"epoch\":\"other:word\"}}");
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
            "{\"id\":4,\"error\":{\"code\":106,\"message\":\"the participant has reached the limit"
                + " of 1 rooms\"}}",
            "{\"id\":5,\"error\":{\"code\":107,\"message\":\"the room name has 129 characters: at"
                + " most 128\"}}",
            "{\"id\":6,\"unsubscribe\":{}}"),
        alice.received());
    assertEquals(3501, alice.closeCode());
  }

  @Test
  void joinsAndLeavesAreSentOnlyToClientsThatRequestThem() {
    CentrifugeTestClient alice = connect("alice");
    alice.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}}");
    CentrifugeTestClient withoutJoinLeave = connect("deaf").subscribe("lobby");
    TestClient plain = chat.connect("lobby", "bob");
    plain.close();
    withoutJoinLeave.loseConnection();
    List<String> received = alice.received();
    assertTrue(received.get(0).startsWith("{\"id\":2,\"subscribe\":"));
    assertEquals(
        "{\"push\":{\"channel\":\"lobby\",\"join\":{\"info\":{\"user\":\"alice\",\"client\":\"@me\"}}}}",
        received.get(1));
    assertEquals(
        List.of("\"join\" deaf", "\"join\" bob", "\"leave\" bob", "\"leave\" deaf"),
        received.subList(2, 6).stream()
            .map(
                line ->
                    line.replaceAll(".*\"lobby\",(\"[a-z]+\").*\"user\":\"([a-z]+)\".*", "$1 $2"))
            .toList());
    assertEquals(List.of(), withoutJoinLeave.received());
  }

  @Test
  void presenceListsEachConnectionAndStatsCountThem() {
    chat.connect("lobby", "bob");
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    CentrifugeTestClient other = connect("alice").subscribe("lobby");
    alice.send(
        "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}",
        "{\"id\":4,\"presence_stats\":{\"channel\":\"lobby\"}}",
        "{\"id\":5,\"presence\":{\"channel\":\"side\"}}");
    List<String> received = alice.received();
    assertTrue(
        received.get(0).contains("\"@me\":{\"user\":\"alice\",\"client\":\"@me\"}"),
        received.get(0));
    assertTrue(
        received.get(0).contains("\"" + other.id() + "\":{\"user\":\"alice\""), received.get(0));
    assertTrue(received.get(0).contains("{\"user\":\"bob\",\"client\":\""), received.get(0));
    assertEquals(
        "{\"id\":4,\"presence_stats\":{\"num_clients\":3,\"num_users\":2}}", received.get(1));
    assertEquals(
        "{\"id\":5,\"error\":{\"code\":103,\"message\":\"permission denied\"}}", received.get(2));
  }

  @Test
  void aPresenceThatIsTooLargeForAReplyIsAnErrorAndClosesNobody() {
    recreateChat(
        builder(RoomOptions.defaults())
            .limits(Limits.defaults().withOutboxBytes(64 * 1024).withMessageBytes(32_000)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    for (int i = 0; i < 199; i++) {
      chat.connect("lobby", "bob" + i);
    }
    String presence = "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}";
    alice.send(presence);
    assertEquals(200, alice.received().get(0).split("\"user\"", -1).length - 1);
    chat.chat()
        .participant("bob0")
        .orElseThrow()
        .update(Participant.INFO, "\"" + "x".repeat(20_000) + "\"");
    alice.send(presence);
    String tooLarge =
        "{\"id\":3,\"error\":{\"code\":106,\"message\":\"presence of %d connections is too large"
            + " for a reply: use presence_stats\"}}";
    assertEquals(List.of(tooLarge.formatted(200)), alice.received());
    for (int i = 199; i < 999; i++) {
      chat.connect("lobby", "bob" + i);
    }
    alice.send(presence, "{\"id\":4,\"presence_stats\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of(
            tooLarge.formatted(1000),
            "{\"id\":4,\"presence_stats\":{\"num_clients\":1000,\"num_users\":1000}}"),
        alice.received());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void anRpcResultThatIsTooLargeForAReplyIsAnErrorAndClosesNobody() {
    String large = "\"" + "x".repeat(2 * 1024 * 1024) + "\"";
    gateway = gateway.withRpc("large", (participant, data) -> RpcReply.of(large));
    CentrifugeTestClient alice = connect("alice");
    alice.send("{\"id\":2,\"rpc\":{\"method\":\"large\"}}");
    assertEquals(
        List.of(CentrifugeTestClient.error(2, 106, "the reply is too large for this connection")),
        alice.received());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void historyIsPagedFromBothEnds() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(10)));
    TestClient plain = chat.connect("lobby", "bob");
    for (int i = 1; i <= 5; i++) {
      plain.send("\"m" + i + "\"");
    }
    String epoch = room("lobby").position().epoch();
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    assertEquals("", history(alice, "\"limit\":0"));
    assertEquals("m1 m2 m3 m4 m5", history(alice, "\"limit\":-1"));
    assertEquals("m1 m2", history(alice, "\"limit\":2"));
    assertEquals("m5 m4", history(alice, "\"limit\":2,\"reverse\":true"));
    String since = ",\"since\":{\"offset\":3,\"epoch\":\"" + epoch + "\"}";
    assertEquals("m4 m5", history(alice, "\"limit\":-1" + since));
    assertEquals("m2 m1", history(alice, "\"limit\":-1,\"reverse\":true" + since));
    alice.send("{\"id\":9,\"history\":{\"channel\":\"lobby\",\"limit\":0}}");
    assertEquals(
        List.of(
            "{\"id\":9,\"history\":{\"publications\":[],\"offset\":5,\"epoch\":\""
                + epoch
                + "\"}}"),
        alice.received());
    alice.send(
        "{\"id\":10,\"history\":{\"channel\":\"lobby\",\"limit\":1,"
            + "\"since\":{\"offset\":1,\"epoch\":\"old\"}}}");
    assertEquals(
        List.of("{\"id\":10,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}"),
        alice.received());
  }

  private static String history(CentrifugeTestClient client, String more) {
    client.send("{\"id\":9,\"history\":{\"channel\":\"lobby\"," + more + "}}");
    StringBuilder found = new StringBuilder();
    var texts = Pattern.compile("\"data\":\"(m\\d)\"").matcher(client.received().get(0));
    while (texts.find()) {
      found.append(found.length() == 0 ? "" : " ").append(texts.group(1));
    }
    return found.toString();
  }

  @Test
  void aHistoryRequestForOneMessageReturnsTheNewestOrTheOldest() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(100)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    chat.connect("lobby", "bob").send("\"m1\"");
    for (int i = 0; i < 50; i++) {
      alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"m2\"}}");
    }
    alice.received();
    assertEquals("m2", history(alice, "\"limit\":1,\"reverse\":true"));
    assertEquals("m1", history(alice, "\"limit\":1"));
  }

  @Test
  void aRoomWithoutHistoryAnswersNotAvailable() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    alice.send("{\"id\":3,\"history\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of("{\"id\":3,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        alice.received());
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
    chat.chat().participant("alice").orElseThrow().send("plain words");
    assertEquals(
        List.of(
            "{\"push\":{\"message\":{\"data\":{\"help\":true}}}}",
            "{\"id\":3,\"publish\":{}}",
            "{\"push\":{\"message\":{\"data\":\"plain words\"}}}"),
        alice.received());
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

  @Test
  void rpcsAndSentMessagesReachTheApplication() {
    List<String> sent = new ArrayList<>();
    CentrifugeTestClient withoutHandlers = connect("nobody");
    withoutHandlers.send(
        "{\"id\":2,\"rpc\":{\"method\":\"add\",\"data\":1}}", "{\"send\":{\"data\":1}}");
    assertEquals(
        List.of("{\"id\":2,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        withoutHandlers.received());
    assertEquals(3508, withoutHandlers.closeCode());
    gateway =
        gateway
            .withRpc(
                "upper",
                (participant, data) -> RpcReply.of(data.text().toUpperCase(java.util.Locale.ROOT)))
            .withRpc("no", (participant, data) -> RpcReply.error(400, "no, " + participant.name()))
            .withRpc("bytes", (participant, data) -> RpcReply.of(Payload.bytes(new byte[] {1})))
            .withSendListener((participant, data) -> sent.add(participant.name() + " " + data));
    CentrifugeTestClient alice = connect("alice");
    alice.send(
        "{\"id\":2,\"rpc\":{\"method\":\"upper\",\"data\":{\"a\":\"b\"}}}",
        "{\"id\":3,\"rpc\":{\"method\":\"no\"}}",
        "{\"id\":4,\"rpc\":{\"method\":\"missing\"}}",
        "{\"id\":5,\"rpc\":{\"method\":\"bytes\"}}",
        "{\"send\":{\"data\":{\"n\":1}}}");
    assertEquals(
        List.of(
            "{\"id\":2,\"rpc\":{\"data\":{\"A\":\"B\"}}}",
            "{\"id\":3,\"error\":{\"code\":400,\"message\":\"no, alice\"}}",
            "{\"id\":4,\"error\":{\"code\":104,\"message\":\"method not found\"}}",
            "{\"id\":5,\"rpc\":{\"data\":{\"base64\":\"AQ==\"}}}"),
        alice.received());
    assertEquals(List.of("alice {\"n\":1}"), sent);
  }

  @Test
  void anRpcMethodHasOneHandler() {
    Centrifuge withEcho = gateway.withRpc("echo", (participant, data) -> RpcReply.of(data));
    assertThrows(
        IllegalArgumentException.class,
        () -> withEcho.withRpc("echo", (participant, data) -> RpcReply.of("{}")));
    gateway = gateway.withRpc("echo", (participant, data) -> RpcReply.of("{}")); // another copy
  }

  @Test
  void callbacksThatThrowAreLoggedOnceAndCloseNobody() {
    gateway =
        gateway
            .withRpc(
                "error",
                (participant, data) -> {
                  throw new AssertionError("got " + data.text().replace('_', '\n'));
                })
            .withRpc("null", (participant, data) -> nothing())
            .withSendListener(
                (participant, data) -> {
                  throw new StackOverflowError();
                });
    CentrifugeTestClient alice = connect("alice");
    try (LogRecorder log = new LogRecorder()) {
      alice.send(
          "{\"id\":2,\"rpc\":{\"method\":\"error\",\"data\":\"a_b\"}}",
          "{\"id\":3,\"rpc\":{\"method\":\"null\"}}",
          "{\"send\":{\"data\":1}}",
          "{\"id\":4,\"subscribe\":{\"channel\":\"lobby\"}}");
      List<String> messages = log.messages();
      assertEquals(3, messages.size(), messages.toString());
      for (String message : messages) {
        assertTrue(message.contains("alice"), message);
      }
      assertTrue(messages.get(0).startsWith("Rpc handler \"error\" threw"), messages.get(0));
      assertEquals(
          "java.lang.AssertionError: got \"a\\u000ab\"",
          log.records().get(0).getThrown().toString());
    }
    List<String> received = alice.received();
    String internal =
        ",\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}";
    assertEquals(List.of("{\"id\":2" + internal, "{\"id\":3" + internal), received.subList(0, 2));
    assertTrue(received.get(2).startsWith("{\"id\":4,\"subscribe\":"), received.get(2));
    assertEquals(0, alice.closeCode());
  }

  /** Code without nullness annotations may return it. */
  @SuppressWarnings({"NullAway", "DataFlowIssue"})
  private static RpcReply nothing() {
    return null;
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
  void aHandlerThatFailsRejectsTheMessageAndItsSenderStays() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    CentrifugeTestClient bob = connect("bob").subscribe("lobby");
    alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"fail\"}}");
    assertEquals(
        List.of(
            "{\"id\":3,\"error\":{\"code\":100,\"message\":\"internal"
                + " error\",\"temporary\":true}}"),
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
