package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Admission;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of the protocol in a chat, in memory, known by the doorman. */
class CentrifugeTest {
  private final List<String> told = new ArrayList<>();

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onJoin(Room room, Participant who) {
          told.add(who.name() + " joined " + room.name());
        }

        @Override
        public void onMessage(Room room, Message message) {
          if (message.isText() && message.text().equals("\"help\"")) {
            message.reply("{\"help\":true}");
          } else if (message.isText() && message.text().equals("\"fail\"")) {
            throw new IllegalStateException("as asked");
          } else {
            room.broadcast(message);
          }
        }

        @Override
        public void onLeave(Room room, Participant who, CloseStatus why) {
          told.add(who.name() + " left " + room.name());
        }
      };

  private TestChat chat = chat(RoomOptions.defaults());
  private Centrifuge door = Centrifuge.on(chat.chat());

  private TestChat chat(RoomOptions options) {
    return TestChat.of(builder(options));
  }

  private Chat.Builder builder(RoomOptions options) {
    return Chat.builder(handler).doorman(CentrifugeTest::admit).rooms(options);
  }

  private static Admission admit(Handshake handshake) {
    String room = handshake.path("room").orElse("lobby");
    Optional<String> name = handshake.query("name");
    if (name.isEmpty()) {
      return new Refusal(401, "who", "who are you?");
    }
    return switch (room) {
      case "secret" -> new Refusal(403, "secret", "not for you");
      case "moved" -> Entry.of(name.get(), "elsewhere");
      case "balcony" -> Entry.of(name.get(), room).as(Role.VISITOR);
      default -> Entry.of(name.get(), room);
    };
  }

  private void with(RoomOptions options) {
    with(builder(options));
  }

  private void with(Chat.Builder builder) {
    chat.close();
    chat = TestChat.of(builder);
    door = Centrifuge.on(chat.chat());
  }

  private Phone phone(String name) {
    return Phone.of(door, name).connected();
  }

  private Room room(String name) {
    return chat.chat().room(name).orElseThrow();
  }

  @AfterEach
  void nothingIsLeft() {
    Phone.assertLeavesNothing(chat);
  }

  @Test
  void aClientConnectsAndIsToldWhichOneItIs() {
    Phone alice = Phone.of(door, "alice");
    alice.say("{\"id\":7,\"connect\":{\"name\":\"js\"}}");
    String reply = alice.heard().get(0);
    assertTrue(chat.chat().participant("alice").isPresent());
    assertTrue(
        reply.matches(
            "\\{\"id\":7,\"connect\":\\{\"client\":\"[^\"]+\",\"version\":\"Roomful [^\"]+\",\"ping\":25,"
                + "\"pong\":true,\"session\":\"[^\"]+\",\"node\":\"[^\"]+\"}}"),
        reply);
  }

  /** All SDKs say what they are. What does not may be a program of ten lines. */
  @Test
  void repliesAndPushesShareAFrameWithClientsThatSayWhatTheyAre() {
    String[] commands = {
      "{\"id\":1,\"connect\":{\"name\":\"js\"}}",
      "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}",
      "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}"
    };
    Phone sdk = Phone.of(door, "sdk").stall();
    sdk.say(commands);
    sdk.recover(chat);
    List<String> frames = sdk.frames();
    assertEquals(2, frames.size());
    assertTrue(frames.get(0).startsWith("{\"id\":1,\"connect\""));
    List<String> lines = frames.get(1).lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("{\"id\":2,\"subscribe\""));
    assertTrue(lines.get(1).startsWith("{\"push\""));
    assertEquals("{\"id\":3,\"publish\":{}}", lines.get(2));

    Phone simple = Phone.of(door, "simple").stall();
    commands[0] = "{\"id\":1,\"connect\":{}}";
    simple.say(commands);
    simple.recover(chat);
    assertEquals(4, simple.frames().size());
  }

  @Test
  void theFirstCommandIsConnectAndThereIsNoSecond() {
    Phone early = Phone.of(door, "early");
    early.say("{\"id\":1,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(Optional.of(new CloseStatus(3501, "bad request")), early.closeStatus());
    Phone twice = phone("twice");
    twice.say("{\"id\":2,\"connect\":{}}");
    assertEquals(3501, twice.closeCode());
    Phone odd = Phone.of(door, "odd");
    odd.say("hello");
    assertEquals(3501, odd.closeCode());
    Phone pong = Phone.of(door, "pong");
    pong.say("{}");
    assertEquals(3501, pong.closeCode());
  }

  @Test
  void whoDoesNotConnectInTimeIsStale() {
    Phone silent = Phone.of(door, "silent");
    Phone alice = phone("alice");
    chat.advance(Duration.ofSeconds(14));
    assertEquals(0, silent.closeCode());
    chat.advance(Duration.ofSeconds(2));
    assertEquals(3502, silent.closeCode());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void theDoormanRefusesTheHandshakeOrTheRoom() {
    assertEquals(401, ((Refusal) door.admit(TestHandshake.create())).status());
    assertEquals(
        403,
        ((Refusal)
                door.admit(
                    TestHandshake.create()
                        .withQuery("name", "eve")
                        .withHeader("host", "here")
                        .withHeader("origin", "https://elsewhere")))
            .status());
    Phone alice = phone("alice");
    alice.say(
        "{\"id\":2,\"subscribe\":{\"channel\":\"secret\"}}",
        "{\"id\":3,\"subscribe\":{\"channel\":\"moved\"}}",
        "{\"id\":4,\"subscribe\":{\"channel\":\"lobby\",\"token\":\"x\"}}");
    assertEquals(
        List.of(
            "{\"id\":2,\"error\":{\"code\":103,\"message\":\"not for you\"}}",
            "{\"id\":3,\"error\":{\"code\":103,\"message\":\"permission denied\"}}",
            "{\"id\":4,\"error\":{\"code\":103,\"message\":\"permission denied\"}}"),
        alice.heard());
    assertEquals(0, chat.chat().rooms().size());
  }

  @Test
  void connectAndSubscribesInOneFrameAreDoneInOrder() {
    Phone alice = Phone.of(door, "alice");
    alice.say(
        "{\"id\":1,\"connect\":{}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":3,\"subscribe\":{\"channel\":\"side\"}}",
        "{\"id\":4,\"publish\":{\"channel\":\"lobby\",\"data\":{\"a\": 1}}}");
    List<String> heard = alice.heard();
    assertEquals(5, heard.size());
    assertTrue(heard.get(1).startsWith("{\"id\":2,\"subscribe\":{"), heard.get(1));
    assertTrue(
        heard.get(3).startsWith("{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":{\"a\": 1}"));
    assertEquals("{\"id\":4,\"publish\":{}}", heard.get(4));
    assertEquals(List.of("alice joined lobby", "alice joined side"), told);
  }

  @Test
  void plainTextAndProtocolClientsAreInOneRoom() {
    TestClient plain = chat.enter(Entry.of("bob", "lobby").named("Bob"));
    Phone alice = phone("alice").in("lobby");
    plain.say("hello \"all\"");
    plain.say("{\"json\": true}");
    alice.say("{\"id\":5,\"publish\":{\"channel\":\"lobby\",\"data\":{\"x\": [1]}}}");

    String bob = "\"info\":{\"user\":\"bob\",\"client\":\"";
    List<String> heard = alice.heard();
    assertTrue(
        heard
            .get(0)
            .startsWith(
                "{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":\"hello \\\"all\\\"\"," + bob),
        heard.get(0));
    assertTrue(
        heard.get(0).endsWith("\"conn_info\":{\"name\":\"Bob\"}},\"offset\":1}}}"), heard.get(0));
    assertTrue(heard.get(1).contains("\"data\":{\"json\": true},"), heard.get(1));
    assertEquals(
        "{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":{\"x\": [1]},"
            + "\"info\":{\"user\":\"alice\",\"client\":\"@me\"},\"offset\":3}}}",
        heard.get(2));
    assertEquals(List.of("hello \"all\"", "{\"json\": true}", "{\"x\": [1]}"), plain.heard());
  }

  @Test
  void excludingTheSenderHoldsLiveAndInRecovery() {
    with(RoomOptions.defaults().history(History.of(10)).policy(BroadcastPolicy.excludingSender()));
    TestClient plain = chat.enter("lobby", "bob");
    Phone alice = phone("alice").in("lobby");
    String epoch = room("lobby").position().epoch();
    alice.say("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
    assertEquals(List.of("{\"id\":3,\"publish\":{}}"), alice.heard());
    plain.say("2");
    alice.vanish();

    Phone again = phone("alice");
    again.say(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"recover\":true,\"epoch\":\""
            + epoch
            + "\"}}");
    String reply = again.heard().get(0);
    assertTrue(
        reply.startsWith(
            "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\""
                + epoch
                + "\",\"was_recovering\":true,\"recovered\":true,\"publications\":[{\"data\":2,"),
        reply);
    assertTrue(reply.endsWith("\"offset\":2}]}}"), reply);
  }

  @Test
  void recoveryIsHonest() {
    with(RoomOptions.defaults().history(History.of(2)));
    TestClient plain = chat.enter("lobby", "bob");
    plain.say("1");
    plain.say("2");
    plain.say("3");
    Position top = room("lobby").position();
    Phone alice = phone("alice");
    String gone =
        "{\"recoverable\":true,\"positioned\":true,\"offset\":3,\"epoch\":\""
            + top.epoch()
            + "\",\"was_recovering\":true}}";
    String channel = "\"subscribe\":{\"channel\":\"lobby\",\"recover\":true,";
    alice.say("{\"id\":2," + channel + "\"epoch\":\"" + top.epoch() + "\"}}");
    assertEquals(List.of("{\"id\":2,\"subscribe\":" + gone), alice.heard());
    alice.say("{\"id\":3,\"unsubscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(List.of("{\"id\":3,\"unsubscribe\":{}}"), alice.heard());
    alice.say("{\"id\":4," + channel + "\"offset\":3,\"epoch\":\"_\"}}");
    assertEquals(List.of("{\"id\":4,\"subscribe\":" + gone), alice.heard());
    alice.say(
        "{\"id\":5,\"unsubscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":6," + channel + "\"offset\":2}}");
    String reply = alice.heard().get(1);
    assertTrue(reply.contains("\"offset\":2,\"epoch\""), reply); // no epoch matches any
    assertTrue(reply.contains("\"recovered\":true,\"publications\":[{\"data\":3,"), reply);
    alice.say(
        "{\"id\":7,\"unsubscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":8," + channel + "\"flag\":2,\"epoch\":\"other:word\"}}");
    assertEquals(
        "{\"id\":8,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}",
        alice.heard().get(1));
    assertEquals(List.of("bob joined lobby", "alice joined lobby"), told.subList(0, 2));
  }

  @Test
  void subscribingTwiceOrTooOftenOrToNothingIsRefused() {
    with(builder(RoomOptions.defaults()).limits(Limits.defaults().roomsPerParticipant(1)));
    Phone alice = phone("alice").in("lobby");
    alice.say(
        "{\"id\":3,\"subscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":4,\"subscribe\":{\"channel\":\"side\"}}",
        "{\"id\":5,\"subscribe\":{\"channel\":\"" + "x".repeat(129) + "\"}}",
        "{\"id\":6,\"unsubscribe\":{\"channel\":\"never\"}}",
        "{\"id\":7,\"subscribe\":{\"channel\":\"\"}}",
        "{\"id\":8,\"unsubscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of(
            "{\"id\":3,\"error\":{\"code\":105,\"message\":\"already subscribed\"}}",
            "{\"id\":4,\"error\":{\"code\":106,\"message\":\"it is in 1 rooms, which is the limit\"}}",
            "{\"id\":5,\"error\":{\"code\":107,\"message\":\"the room name has 129 characters: at most 128\"}}",
            "{\"id\":6,\"unsubscribe\":{}}"),
        alice.heard());
    assertEquals(3501, alice.closeCode());
  }

  @Test
  void joinsAndLeavesAreToldToThoseWhoWantThem() {
    Phone alice = phone("alice");
    alice.say("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}}");
    Phone deaf = phone("deaf").in("lobby");
    TestClient plain = chat.enter("lobby", "bob");
    plain.hangUp();
    deaf.vanish();
    List<String> heard = alice.heard();
    assertTrue(heard.get(0).startsWith("{\"id\":2,\"subscribe\":"));
    assertEquals(
        "{\"push\":{\"channel\":\"lobby\",\"join\":{\"info\":{\"user\":\"alice\",\"client\":\"@me\"}}}}",
        heard.get(1));
    assertEquals(
        List.of("\"join\" deaf", "\"join\" bob", "\"leave\" bob", "\"leave\" deaf"),
        heard.subList(2, 6).stream()
            .map(
                line ->
                    line.replaceAll(".*\"lobby\",(\"[a-z]+\").*\"user\":\"([a-z]+)\".*", "$1 $2"))
            .toList());
    assertEquals(List.of(), deaf.heard());
  }

  @Test
  void presenceTellsEachConnectionAndStatsCountThem() {
    chat.enter("lobby", "bob");
    Phone alice = phone("alice").in("lobby");
    Phone other = phone("alice").in("lobby");
    alice.say(
        "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}",
        "{\"id\":4,\"presence_stats\":{\"channel\":\"lobby\"}}",
        "{\"id\":5,\"presence\":{\"channel\":\"side\"}}");
    List<String> heard = alice.heard();
    assertTrue(
        heard.get(0).contains("\"@me\":{\"user\":\"alice\",\"client\":\"@me\"}"), heard.get(0));
    assertTrue(heard.get(0).contains("\"" + other.id() + "\":{\"user\":\"alice\""), heard.get(0));
    assertTrue(heard.get(0).contains("{\"user\":\"bob\",\"client\":\""), heard.get(0));
    assertEquals("{\"id\":4,\"presence_stats\":{\"num_clients\":3,\"num_users\":2}}", heard.get(1));
    assertEquals(
        "{\"id\":5,\"error\":{\"code\":103,\"message\":\"permission denied\"}}", heard.get(2));
  }

  @Test
  void historyComesInPagesFromBothEnds() {
    with(RoomOptions.defaults().history(History.of(10)));
    TestClient plain = chat.enter("lobby", "bob");
    for (int i = 1; i <= 5; i++) {
      plain.say("\"m" + i + "\"");
    }
    String epoch = room("lobby").position().epoch();
    Phone alice = phone("alice").in("lobby");
    assertEquals("", history(alice, "\"limit\":0"));
    assertEquals("m1 m2 m3 m4 m5", history(alice, "\"limit\":-1"));
    assertEquals("m1 m2", history(alice, "\"limit\":2"));
    assertEquals("m5 m4", history(alice, "\"limit\":2,\"reverse\":true"));
    String since = ",\"since\":{\"offset\":3,\"epoch\":\"" + epoch + "\"}";
    assertEquals("m4 m5", history(alice, "\"limit\":-1" + since));
    assertEquals("m2 m1", history(alice, "\"limit\":-1,\"reverse\":true" + since));
    alice.say("{\"id\":9,\"history\":{\"channel\":\"lobby\",\"limit\":0}}");
    assertEquals(
        List.of(
            "{\"id\":9,\"history\":{\"publications\":[],\"offset\":5,\"epoch\":\""
                + epoch
                + "\"}}"),
        alice.heard());
    alice.say(
        "{\"id\":10,\"history\":{\"channel\":\"lobby\",\"limit\":1,"
            + "\"since\":{\"offset\":1,\"epoch\":\"old\"}}}");
    assertEquals(
        List.of("{\"id\":10,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}"),
        alice.heard());
  }

  private static String history(Phone phone, String more) {
    phone.say("{\"id\":9,\"history\":{\"channel\":\"lobby\"," + more + "}}");
    StringBuilder found = new StringBuilder();
    var texts =
        java.util.regex.Pattern.compile("\"data\":\"(m\\d)\"").matcher(phone.heard().get(0));
    while (texts.find()) {
      found.append(found.length() == 0 ? "" : " ").append(texts.group(1));
    }
    return found.toString();
  }

  @Test
  void aRoomThatKeepsNothingHasNoHistory() {
    Phone alice = phone("alice").in("lobby");
    alice.say("{\"id\":3,\"history\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of("{\"id\":3,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        alice.heard());
  }

  @Test
  void publishingHasTheRoomsRules() {
    Phone alice = phone("alice").in("lobby").in("balcony");
    room("lobby").mute("alice", Duration.ofMinutes(1), "hush");
    alice.say(
        "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}",
        "{\"id\":4,\"publish\":{\"channel\":\"balcony\",\"data\":1}}",
        "{\"id\":5,\"publish\":{\"channel\":\"other\",\"data\":1}}",
        "{\"id\":6,\"publish\":{\"channel\":\"lobby\"}}");
    String denied = ",\"error\":{\"code\":103,\"message\":";
    assertEquals(
        List.of(
            "{\"id\":3" + denied + "\"hush\"}}",
            "{\"id\":4" + denied + "\"a visitor may not speak\"}}",
            "{\"id\":5" + denied + "\"it is not in room \\\"other\\\"\"}}",
            "{\"id\":6,\"error\":{\"code\":107,\"message\":\"bad request\"}}"),
        alice.heard());
  }

  @Test
  void whatTheApplicationTellsOneClientIsAMessagePush() {
    Phone alice = phone("alice").in("lobby");
    alice.say("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"help\"}}");
    chat.chat().participant("alice").orElseThrow().tell("plain words");
    assertEquals(
        List.of(
            "{\"push\":{\"message\":{\"data\":{\"help\":true}}}}",
            "{\"id\":3,\"publish\":{}}",
            "{\"push\":{\"message\":{\"data\":\"plain words\"}}}"),
        alice.heard());
  }

  @Test
  void whoIsThrownOutIsUnsubscribed() {
    Phone alice = phone("alice").in("lobby").in("side");
    room("lobby").kick("alice", "rude");
    room("side").ban("alice", Duration.ofMinutes(1), "");
    alice.say("{\"id\":3,\"subscribe\":{\"channel\":\"side\"}}");
    assertEquals(
        List.of(
            "{\"push\":{\"channel\":\"lobby\",\"unsubscribe\":{\"code\":2000,\"reason\":\"rude\"}}}",
            "{\"push\":{\"channel\":\"side\",\"unsubscribe\":"
                + "{\"code\":2000,\"reason\":\"server unsubscribe\"}}}",
            "{\"id\":3,\"error\":{\"code\":103,\"message\":\"permission denied\"}}"),
        alice.heard());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void theApplicationSubscribesAClientByBringingItIntoARoom() {
    with(RoomOptions.defaults().history(History.of(3)));
    chat.enter("lobby", "bob").say("1");
    Phone alice = phone("alice");
    chat.chat().participant("alice").orElseThrow().join("lobby", dev.roomful.Page.last(1));
    List<String> heard = alice.heard();
    assertTrue(
        heard
            .get(0)
            .startsWith(
                "{\"push\":{\"channel\":\"lobby\",\"subscribe\":{\"recoverable\":true,"
                    + "\"positioned\":true,\"offset\":1,\"epoch\":"),
        heard.get(0));
    assertTrue(heard.get(1).startsWith("{\"push\":{\"channel\":\"lobby\",\"pub\":{\"data\":1,"));
  }

  @Test
  void aGreetingIsTheDataOfTheSubscription() {
    with(RoomOptions.defaults().greeting(arrival -> Payload.text("welcome")));
    Phone alice = phone("alice");
    alice.say("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    String reply = alice.heard().get(0);
    assertTrue(reply.endsWith(",\"data\":\"welcome\"}}"), reply);
  }

  @Test
  void callsAndMessagesReachTheApplication() {
    List<String> sent = new ArrayList<>();
    Phone nobody = phone("nobody");
    nobody.say("{\"id\":2,\"rpc\":{\"method\":\"add\",\"data\":1}}", "{\"send\":{\"data\":1}}");
    assertEquals(
        List.of("{\"id\":2,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        nobody.heard());
    assertEquals(3508, nobody.closeCode());
    door =
        door.rpc(
                "upper",
                (who, data) -> Payload.text(data.text().toUpperCase(java.util.Locale.ROOT)))
            .rpc(
                "no",
                (who, data) -> {
                  throw new CallRefused(400, "no, " + who.name());
                })
            .rpc("bytes", (who, data) -> Payload.bytes(new byte[] {1}))
            .onSend((who, data) -> sent.add(who.name() + " " + data));
    Phone alice = phone("alice");
    alice.say(
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
            "{\"id\":5,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        alice.heard());
    assertEquals(List.of("alice {\"n\":1}"), sent);
  }

  @Test
  void pingsComeOnBusyConnectionsTooAndHaveToBeAnswered() {
    Phone alice = phone("alice").in("lobby");
    Phone dead = phone("dead");
    int pings = 0;
    for (int i = 0; i < 60; i++) {
      alice.say("{\"id\":9,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
      pings += alice.live(chat, 1);
    }
    assertEquals(2, pings); // the first after 12.5 to 25 s
    assertEquals(0, alice.closeCode());
    assertEquals(3012, dead.closeCode());
    assertEquals(List.of("{}"), dead.heard());
    alice.say("{}");
    assertEquals(3501, alice.closeCode());
  }

  @Test
  void whatTheChatClosesWithIsSaidInTheProtocolsCodes() {
    with(builder(RoomOptions.defaults()).limits(Limits.defaults().rate(1, 2).patience(1)));
    Phone fast = phone("fast");
    fast.say(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}",
        "{\"id\":3,\"rpc\":{}}",
        "{\"id\":4,\"rpc\":{}}",
        "{\"id\":5,\"rpc\":{}}",
        "{\"id\":6,\"rpc\":{}}");
    String slower = fast.heard().get(3);
    assertTrue(
        slower.startsWith("{\"id\":5,\"error\":{\"code\":111,\"message\":\"too fast: wait 1"),
        slower);
    assertTrue(slower.endsWith("\"temporary\":true}}"), slower);
    assertEquals(3013, fast.closeCode());
    Phone restarted = phone("restarted");
    Phone ended = phone("ended");
    chat.chat().participant("ended").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(3503, ended.closeCode());
    chat.chat().close();
    assertEquals(Optional.of(new CloseStatus(3001, "shutdown")), restarted.closeStatus());
  }

  @Test
  void aHandlerThatFailsCostsTheConnectionAndNobodyElse() {
    Phone alice = phone("alice").in("lobby");
    Phone bob = phone("bob").in("lobby");
    alice.say("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"fail\"}}");
    assertEquals(3004, alice.closeCode());
    bob.say("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
    assertEquals(2, bob.heard().size());
  }

  @Test
  void bytesThatAreNoJsonEndClientsThatSpeakIt() {
    Phone alice = phone("alice").in("lobby");
    TestClient plain = chat.enter("lobby", "bob");
    plain.say("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    assertTrue(alice.heard().get(0).contains("\"data\":{\"n\":1}"));
    plain.say(new byte[] {1, 2});
    assertEquals(3506, alice.closeCode());
    assertTrue(plain.isOpen());
  }

  @Test
  void protobufClientsAreInTheSameRooms() throws Exception {
    Phone alice = phone("alice").in("lobby");
    Phone proto =
        new Phone(
            door,
            TestHandshake.create()
                .withQuery("name", "proto")
                .withHeader("sec-websocket-protocol", "centrifuge-protobuf"));
    proto.say(ProtobufFrames.connect(1));
    proto.say(ProtobufFrames.subscribe(2, "lobby"));
    proto.say(ProtobufFrames.publish(3, "lobby", "{\"p\":1}".getBytes(StandardCharsets.UTF_8)));
    assertEquals(4, proto.heardBytes().size());
    assertTrue(alice.heard().get(0).contains("\"pub\":{\"data\":{\"p\":1},"));
    alice.say("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":{\"j\":2}}}");
    String heard = new String(proto.heardBytes().get(0), StandardCharsets.UTF_8);
    assertTrue(heard.contains("{\"j\":2}"), heard);
    proto.say(ProtobufFrames.publish(4, "lobby", new byte[] {1, 2}));
    assertEquals(3506, alice.closeCode());
    assertEquals(0, proto.closeCode());
  }
}
