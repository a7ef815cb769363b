package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.Received;
import dev.roomful.tokens.Tokens;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** {@link RoomsExample} with clients of the Centrifuge protocol, over real sockets. */
class RoomsExampleTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static String textMessage(String text, String id) {
    return "{\"text\":\"" + text + "\",\"id\":\"" + id + "\"}";
  }

  @ParameterizedTest
  @EnumSource
  void everyChannelIsARoomWhosePublicationsAreDeliveredUnchanged(Host.Kind server)
      throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS);
        RoomsClient ann = RoomsClient.join(chat, "Ann", "any:name #1");
        RoomsClient bob = RoomsClient.join(chat, "Bob", "any:name #1")) {
      assertTrue(bob.publish("any:name #1", "{\"a\": [1, \"x\"]}").has("publish"));
      JsonNode push = ann.nextPush();
      while (!push.path("pub").has("offset")) {
        push = ann.nextPush();
      }
      assertEquals("{\"a\":[1,\"x\"]}", push.path("pub").path("data").toString());
      assertEquals("Bob", push.path("pub").at("/info/conn_info/name").asString());
      assertEquals(1, push.path("pub").path("offset").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTextWithAnIdIsPublishedOnceAndTypingIsNotStored(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS);
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby")) {
      for (String data :
          new String[] {textMessage("one", "1"), textMessage("one", "1"), "{\"typing\":true}"}) {
        assertTrue(ann.publish("lobby", data).has("publish"), data);
      }
      assertTrue(ann.publish("lobby", textMessage("two", "2")).has("publish"));
      assertEquals("one", ann.nextPublicationData().path("text").asString());
      assertTrue(ann.nextPublicationData().path("typing").asBoolean());
      assertEquals("two", ann.nextPublicationData().path("text").asString());
      JsonNode history =
          ann.request("\"history\":{\"channel\":\"lobby\",\"limit\":100}").path("history");
      assertEquals(2, history.path("publications").size());
      assertEquals(2, history.path("offset").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReturningUserKeepsItsIdItsRoomAndTheHistory(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS)) {
      String annId;
      try (RoomsClient ann = RoomsClient.join(chat, "Ann", "kitchen")) {
        annId = ann.userId();
        ann.publish("kitchen", textMessage("soup", "1"));
        assertEquals(
            "{}", ann.call("topic", "{\"room\":\"kitchen\",\"topic\":\"food\"}").toString());
      }
      try (RoomsClient returned = RoomsClient.connect(chat, "Ann")) {
        assertEquals(annId, returned.userId());
        assertFalse(annId.contains(RoomsClient.KEY));
        JsonNode kitchen = returned.subscribe("kitchen");
        assertEquals("food", kitchen.at("/data/topic").asString());
        assertEquals(1, kitchen.path("offset").asInt());
        assertEquals("owner", returned.nextPush().at("/pub/data/role").asString("owner"));
        try (RoomsClient other = RoomsClient.join(chat, "Ann B", "kitchen")) {
          assertFalse(annId.equals(other.userId()));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOwnerModeratesAndOthersMayNot(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS);
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby");
        RoomsClient bob = RoomsClient.join(chat, "Bob", "lobby")) {
      String toAnn = "{\"room\":\"lobby\",\"user\":\"" + ann.userId() + "\"";
      String toBob = "{\"room\":\"lobby\",\"user\":\"" + bob.userId() + "\"";
      assertEquals(403, bob.call("kick", toAnn + "}").path("code").asInt());
      assertEquals(403, bob.call("appoint", toBob + ",\"role\":\"owner\"}").path("code").asInt());
      assertEquals(400, ann.call("appoint", toBob + ",\"role\":\"king\"}").path("code").asInt());
      assertEquals(400, ann.call("mute", toBob + ",\"seconds\":0}").path("code").asInt());
      assertEquals(404, ann.call("kick", "{\"room\":\"none\"}").path("code").asInt());

      String muted = toBob + ",\"seconds\":60,\"reason\":\"too loud\"}";
      assertEquals("{}", ann.call("mute", muted).toString());
      JsonNode rejected = bob.publish("lobby", textMessage("x", "1")).path("error");
      assertEquals(103, rejected.path("code").asInt());
      assertEquals("too loud", rejected.path("message").asString());
      JsonNode seenByBob = bob.call("sanctions", "{\"room\":\"lobby\"}");
      assertEquals("too loud", seenByBob.at("/you/mute/reason").asString());
      assertFalse(seenByBob.has("mutes"), "only moderators see those of others");
      JsonNode listed = ann.call("sanctions", "{\"room\":\"lobby\"}").at("/mutes/0");
      assertEquals("Bob", listed.path("name").asString());
      assertEquals(60, listed.path("seconds").asInt());
      assertEquals("{}", ann.call("unmute", toBob + "}").toString());
      assertTrue(bob.publish("lobby", textMessage("sorry", "1")).has("publish"));
      assertEquals("sorry", ann.nextPublicationData().path("text").asString());

      String epoch =
          ann.request("\"history\":{\"channel\":\"lobby\"}").at("/history/epoch").asString();
      String first = "{\"room\":\"lobby\",\"offset\":1,\"epoch\":\"" + epoch + "\"}";
      assertEquals("{}", ann.call("remove", first).toString());
      assertEquals("{}", ann.nextPublicationData().toString());
      assertEquals("{}", ann.call("kick", toBob + ",\"reason\":\"enough\"}").toString());
      assertEquals("enough", ann.nextPublicationData().path("reason").asString());
      JsonNode push = bob.nextPush();
      while (!push.has("unsubscribe")) {
        push = bob.nextPush();
      }
      assertEquals("enough", push.at("/unsubscribe/reason").asString());
    }
  }

  @Test
  void theOwnerOfTheLobbyIsTheSameAfterARestart(@TempDir Path folder) throws Exception {
    ChatSettings settings = RunningExample.settings(Example.ROOMS);
    Supplier<ChatSettings> kept =
        () -> settings.withOwners(RoomOwners.in(folder.resolve("owners"), System::nanoTime));
    RunningExample before = start(kept.get());
    RoomsClient firstAnn = RoomsClient.join(before, "Ann", "lobby");
    RoomsClient firstBob = RoomsClient.join(before, "Bob", "lobby");
    before.close(); // ends both connections, in any order
    firstAnn.wire().awaitClose();
    firstBob.wire().awaitClose();
    try (RunningExample restarted = start(kept.get());
        RoomsClient bob = RoomsClient.connect(restarted, "Bob")) {
      assertEquals("member", bob.subscribe("lobby").at("/data/you/role").asString());
      try (RoomsClient ann = RoomsClient.join(restarted, "Ann", "lobby")) {
        String owners = "{\"" + ann.userId() + "\":\"owner\"}";
        try (RoomsClient cem = RoomsClient.connect(restarted, "Cem")) {
          assertEquals(owners, cem.subscribe("lobby").at("/data/roles").toString());
        }
      }
    }
  }

  private static RunningExample start(ChatSettings settings) throws Exception {
    return RunningExample.start(
        Host.Kind.JETTY, Example.ROOMS, RunningExample.listener(0), settings);
  }

  @Test
  void theNumberOfRoomsIsBoundedAndTheLobbyCanStillBeJoined() throws Exception {
    int rooms = RoomsExample.LIMITS.rooms();
    int perClient = 90; // within the burst of the message rate, which the free subscribes exceed
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS)) {
      for (int joined = 1; joined < rooms; ) { // the lobby is one of them
        try (RoomsClient client = RoomsClient.connect(chat, "client " + joined)) {
          for (int i = 0; i < perClient && joined < rooms; i++) {
            assertTrue(client.subscribe("room " + joined++).has("epoch"));
          }
        }
      }
      try (RoomsClient ann = RoomsClient.connect(chat, "Ann")) {
        // The rooms are empty, and the one that has been empty for longest makes place.
        assertTrue(ann.subscribe("one more").has("epoch"));
        assertTrue(ann.subscribe(RoomsExample.LOBBY).has("epoch"));
        assertEquals(RoomDirectory.MAX_ROOMS, ann.call("rooms", "{}").path("rooms").size());
      }
    }
  }

  @Test
  void allRoomsTogetherKeepABoundedHistory() {
    assertTrue((long) RoomsExample.LIMITS.rooms() * RoomsExample.HISTORY_BYTES <= 128 << 20);
  }

  @ParameterizedTest
  @EnumSource
  void aBanOrMuteWithAnArgumentOutOfRangeIsRejected(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS);
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby")) {
      String user = "{\"room\":\"lobby\",\"user\":\"%s\"";
      String absent = user.formatted("absent") + ",\"seconds\":2592000";
      for (String method : new String[] {"kick", "ban", "mute", "unmute", "appoint"}) {
        for (String id : new String[] {"", "x".repeat(129)}) {
          JsonNode error = ann.call(method, user.formatted(id) + ",\"seconds\":60}");
          assertEquals(400, error.path("code").asInt(), method);
          assertEquals(
              "user has " + id.length() + " characters: give an id of 1 to 128",
              error.path("message").asString(),
              method);
        }
      }
      for (String method : new String[] {"ban", "mute"}) {
        for (String seconds :
            new String[] {"2592001", "0", "-1", "1.5", "1e18", "\"60\"", "9".repeat(30)}) {
          JsonNode error =
              ann.call(method, user.formatted("absent") + ",\"seconds\":" + seconds + "}");
          assertEquals(400, error.path("code").asInt(), seconds);
          assertEquals(
              "seconds is out of range: give a whole number from 1 to 2592000 (30 days)",
              error.path("message").asString(),
              seconds);
        }
        JsonNode error = ann.call(method, absent + ",\"reason\":\"" + "x".repeat(257) + "\"}");
        assertEquals(400, error.path("code").asInt(), method);
        assertEquals(
            "reason has 257 characters: give at most 256", error.path("message").asString());
        assertEquals("{}", ann.call(method, absent + "}").toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDirectRoomIsClosedToOthersAndNotifiesTheAbsentParticipant(Host.Kind server)
      throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS);
        RoomsClient ann = RoomsClient.connect(chat, "Ann");
        RoomsClient bob = RoomsClient.connect(chat, "Bob");
        RoomsClient eve = RoomsClient.connect(chat, "Eve")) {
      String room = DirectRooms.roomName(ann.userId(), bob.userId());
      ann.subscribe(room);
      ann.publish(room, textMessage("psst", "1"));
      JsonNode notification = bob.nextPush().at("/message/data/direct");
      assertEquals(room, notification.path("room").asString());
      assertEquals("Ann", notification.path("name").asString());
      assertEquals("Ann", bob.call("rooms", "{}").at("/direct/0/name").asString());
      JsonNode rejected = eve.request("\"subscribe\":{\"channel\":\"" + room + "\"}").path("error");
      assertEquals(
          "this is a direct room of two other participants", rejected.path("message").asString());
      assertEquals(0, eve.call("rooms", "{}").path("direct").size());
      assertEquals(1, bob.subscribe(room).path("offset").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreNumberedAndCanBeChanged(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS);
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby");
        RoomsClient bob = RoomsClient.join(chat, "Bob", "lobby")) {
      assertEquals("{\"name\":\"Bea\"}", bob.call("name", "{\"name\":\"Bea\"}").toString());
      JsonNode changed = ann.nextPublicationData();
      assertEquals(
          "changed Bea", changed.path("notice").asString() + " " + changed.path("name").asString());
      assertEquals(400, bob.call("name", "{\"name\":\"\"}").path("code").asInt());
      try (RoomsClient other = RoomsClient.join(chat, "Ann ", "lobby")) {
        assertTrue(other.call("rooms", "{}").at("/you/name").asString().startsWith("Ann"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"JETTY", "UNDERTOW"})
  void withASecretOnlyTokensSignedWithItAreAccepted(Host.Kind server) throws Exception {
    ChatSettings settings = RunningExample.settings(Example.ROOMS).withTokens(Tokens.hs256(SECRET));
    try (RunningExample chat =
            RunningExample.start(server, Example.ROOMS, RunningExample.listener(0), settings);
        RoomsClient withoutToken = RoomsClient.open(chat);
        RoomsClient forger = RoomsClient.open(chat);
        RoomsClient ann = RoomsClient.open(chat)) {
      assertEquals(
          101,
          withoutToken
              .request("\"connect\":{\"data\":{\"name\":\"Ann\"}}")
              .at("/error/code")
              .asInt());
      forger.wire().text("{\"id\":1,\"connect\":{\"token\":\"" + token(SECRET + "x") + "\"}}");
      assertEquals(new Received.Close(3500, "invalid token"), forger.wire().next());
      assertTrue(ann.request("\"connect\":{\"token\":\"" + token(SECRET) + "\"}").has("connect"));
      ann.subscribe("lobby");
      assertEquals("ann", ann.userId());
    }
  }

  static String token(String secret) {
    return Hs256.sign(secret, "{\"sub\":\"ann\"}");
  }

  @ParameterizedTest
  @EnumSource
  void thePageServesTheSdkAndItsLicence(Host.Kind server) throws Exception {
    Map<String, String> parts =
        Map.of(
            "/", "text/html;charset=utf-8",
            "/rooms/main.js", "text/javascript;charset=utf-8",
            "/centrifuge/centrifuge.js", "text/javascript;charset=utf-8",
            "/centrifuge/LICENSE", "text/plain;charset=utf-8");
    try (RunningExample chat = RunningExample.start(server, Example.ROOMS)) {
      for (Map.Entry<String, String> part : parts.entrySet()) {
        var response = chat.get(part.getKey());
        assertEquals(200, response.statusCode(), part.getKey());
        assertEquals(part.getValue(), response.headers().firstValue("Content-Type").orElse("none"));
      }
      for (String path :
          new String[] {"/rooms/index.html", "/rooms/../rooms.html", "/centrifuge/"}) {
        assertEquals(404, chat.get(path).statusCode(), path);
      }
    }
  }
}
