package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.centrifuge.Tokens;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What clients of the protocol meet in {@link Rooms}, over real sockets. */
class RoomsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String KEY = "a key that nobody else has, of ";

  /** A client that speaks JSON, and reads its frames line by line. */
  private static final class Phone implements AutoCloseable {
    private final WireClient wire;
    private final Deque<JsonNode> read = new ArrayDeque<>();
    private int last;

    private Phone(Running chat) throws IOException {
      this.wire = chat.enter("/connection/websocket");
    }

    static Phone of(Running chat, String name) throws IOException {
      Phone phone = new Phone(chat);
      String data = "{\"name\":\"%s\",\"key\":\"%s%s\"}".formatted(name, KEY, name);
      assertFalse(phone.ask("\"connect\":{\"data\":" + data + "}").has("error"));
      return phone;
    }

    static Phone in(Running chat, String name, String room) throws IOException {
      Phone phone = of(chat, name);
      phone.subscribe(room);
      return phone;
    }

    JsonNode subscribe(String room) {
      return ask("\"subscribe\":{\"channel\":\"" + room + "\"}").path("subscribe");
    }

    JsonNode publish(String room, String data) {
      return ask("\"publish\":{\"channel\":\"" + room + "\",\"data\":" + data + "}");
    }

    /** What a call is answered, or the error. */
    JsonNode call(String method, String data) {
      JsonNode reply = ask("\"rpc\":{\"method\":\"" + method + "\",\"data\":" + data + "}");
      return reply.has("error") ? reply.path("error") : reply.path("rpc").path("data");
    }

    /** The reply, whatever pushes come before it, which are read later. */
    JsonNode ask(String command) {
      int id = ++last;
      wire.text("{\"id\":" + id + "," + command + "}");
      Deque<JsonNode> pushes = new ArrayDeque<>();
      JsonNode line = line();
      while (line.path("id").asInt(0) != id) {
        pushes.add(line);
        line = line();
      }
      read.addAll(pushes);
      return line;
    }

    /** The data of the next publication that says something else than who is what. */
    JsonNode heard() {
      JsonNode data = push().path("pub").path("data");
      while (data.path("notice").asString("").equals("role")) {
        data = push().path("pub").path("data");
      }
      return data;
    }

    JsonNode push() {
      return line().path("push");
    }

    private JsonNode line() {
      if (read.isEmpty()) {
        wire.nextText().lines().map(Json::read).forEach(read::add);
      }
      return read.remove();
    }

    @Override
    public void close() {
      wire.close();
    }
  }

  private static String text(String text, String id) {
    return "{\"text\":\"" + text + "\",\"id\":\"" + id + "\"}";
  }

  private static String user(Phone phone) {
    return phone.call("rooms", "{}").path("you").path("user").asString();
  }

  @ParameterizedTest
  @EnumSource
  void everyChannelIsARoomWhereAllHearWhatIsPublishedLetterForLetter(Host.Kind server)
      throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Phone ann = Phone.in(chat, "Ann", "any:name #1");
        Phone bob = Phone.in(chat, "Bob", "any:name #1")) {
      assertTrue(bob.publish("any:name #1", "{\"a\": [1, \"x\"]}").has("publish"));
      JsonNode said = ann.push();
      while (!said.path("pub").has("offset")) {
        said = ann.push();
      }
      assertEquals("{\"a\":[1,\"x\"]}", said.path("pub").path("data").toString());
      assertEquals("Bob", said.path("pub").at("/info/conn_info/name").asString());
      assertEquals(1, said.path("pub").path("offset").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTextIsSaidOnceHoweverOftenItIsPublishedAndTypingIsNotKept(Host.Kind server)
      throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Phone ann = Phone.in(chat, "Ann", "lobby")) {
      for (String data : new String[] {text("one", "1"), text("one", "1"), "{\"typing\":true}"}) {
        assertTrue(ann.publish("lobby", data).has("publish"), data);
      }
      assertTrue(ann.publish("lobby", text("two", "2")).has("publish"));
      assertEquals("one", ann.heard().path("text").asString());
      assertTrue(ann.heard().path("typing").asBoolean());
      assertEquals("two", ann.heard().path("text").asString());
      JsonNode history =
          ann.ask("\"history\":{\"channel\":\"lobby\",\"limit\":100}").path("history");
      assertEquals(2, history.path("publications").size());
      assertEquals(2, history.path("offset").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesAgainIsTheSamePersonOwnsItsRoomAndFindsWhatWasSaid(Host.Kind server)
      throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      String user;
      try (Phone ann = Phone.in(chat, "Ann", "kitchen")) {
        user = user(ann);
        ann.publish("kitchen", text("soup", "1"));
        assertEquals(
            "{}", ann.call("topic", "{\"room\":\"kitchen\",\"topic\":\"food\"}").toString());
      }
      try (Phone again = Phone.of(chat, "Ann")) {
        assertEquals(user, user(again));
        assertFalse(user.contains(KEY));
        JsonNode kitchen = again.subscribe("kitchen");
        assertEquals("food", kitchen.at("/data/topic").asString());
        assertEquals(1, kitchen.path("offset").asInt());
        assertEquals("owner", again.push().at("/pub/data/role").asString("owner"));
        try (Phone other = Phone.in(chat, "Ann B", "kitchen")) {
          assertFalse(user.equals(user(other)));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOwnerKeepsOrderAndOthersMayNot(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Phone ann = Phone.in(chat, "Ann", "lobby");
        Phone bob = Phone.in(chat, "Bob", "lobby")) {
      String toAnn = "{\"room\":\"lobby\",\"user\":\"" + user(ann) + "\"";
      String toBob = "{\"room\":\"lobby\",\"user\":\"" + user(bob) + "\"";
      assertEquals(403, bob.call("kick", toAnn + "}").path("code").asInt());
      assertEquals(403, bob.call("appoint", toBob + ",\"role\":\"owner\"}").path("code").asInt());
      assertEquals(400, ann.call("appoint", toBob + ",\"role\":\"king\"}").path("code").asInt());
      assertEquals(400, ann.call("mute", toBob + ",\"seconds\":0}").path("code").asInt());
      assertEquals(404, ann.call("kick", "{\"room\":\"none\"}").path("code").asInt());

      String muted = toBob + ",\"seconds\":60,\"reason\":\"too loud\"}";
      assertEquals("{}", ann.call("mute", muted).toString());
      JsonNode refused = bob.publish("lobby", text("x", "1")).path("error");
      assertEquals(103, refused.path("code").asInt());
      assertEquals("too loud", refused.path("message").asString());
      assertEquals("{}", ann.call("unmute", toBob + "}").toString());
      assertTrue(bob.publish("lobby", text("sorry", "1")).has("publish"));
      assertEquals("sorry", ann.heard().path("text").asString());

      String epoch = ann.ask("\"history\":{\"channel\":\"lobby\"}").at("/history/epoch").asString();
      String first = "{\"room\":\"lobby\",\"offset\":1,\"epoch\":\"" + epoch + "\"}";
      assertEquals("{}", ann.call("remove", first).toString());
      assertEquals("{\"notice\":\"removed\",\"offset\":1}", ann.heard().toString());
      assertEquals("{}", ann.call("kick", toBob + ",\"reason\":\"enough\"}").toString());
      assertEquals("enough", ann.heard().path("reason").asString());
      JsonNode push = bob.push();
      while (!push.has("unsubscribe")) {
        push = bob.push();
      }
      assertEquals("enough", push.at("/unsubscribe/reason").asString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRoomForTwoIsForThemAloneAndRingsAtTheOther(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Phone ann = Phone.of(chat, "Ann");
        Phone bob = Phone.of(chat, "Bob");
        Phone eve = Phone.of(chat, "Eve")) {
      String room = ann.call("direct", "{\"user\":\"" + user(bob) + "\"}").path("room").asString();
      ann.subscribe(room);
      ann.publish(room, text("psst", "1"));
      JsonNode ring = bob.push().at("/message/data/direct");
      assertEquals(room, ring.path("room").asString());
      assertEquals("Ann", ring.path("name").asString());
      assertEquals("Ann", bob.call("rooms", "{}").at("/direct/0/name").asString());
      JsonNode refused = eve.ask("\"subscribe\":{\"channel\":\"" + room + "\"}").path("error");
      assertEquals("a room for two others", refused.path("message").asString());
      assertEquals(0, eve.call("rooms", "{}").path("direct").size());
      assertEquals(400, ann.call("direct", "{}").path("code").asInt());
      assertEquals(1, bob.subscribe(room).path("offset").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreNumberedAndCanBeChanged(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Phone ann = Phone.in(chat, "Ann", "lobby");
        Phone bob = Phone.in(chat, "Bob", "lobby")) {
      assertEquals("{\"name\":\"Bea\"}", bob.call("name", "{\"name\":\"Bea\"}").toString());
      JsonNode changed = ann.heard();
      assertEquals(
          "changed Bea", changed.path("notice").asString() + " " + changed.path("name").asString());
      assertEquals(400, bob.call("name", "{\"name\":\"\"}").path("code").asInt());
      try (Phone other = Phone.in(chat, "Ann ", "lobby")) {
        assertTrue(other.call("rooms", "{}").at("/you/name").asString().startsWith("Ann"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"JETTY", "UNDERTOW"})
  void withASecretOnlyTokensSignedWithItAreLetIn(Host.Kind server) throws Exception {
    Optional<Tokens> tokens = Optional.of(Tokens.hs256(SECRET));
    try (Running chat = Running.start(server, Example.ROOMS, 0, tokens);
        Phone nobody = new Phone(chat);
        Phone cheat = new Phone(chat);
        Phone ann = new Phone(chat)) {
      assertEquals(
          101, nobody.ask("\"connect\":{\"data\":{\"name\":\"Ann\"}}").at("/error/code").asInt());
      cheat.wire.text("{\"id\":1,\"connect\":{\"token\":\"" + token(SECRET + "x") + "\"}}");
      assertEquals(new Received.Close(3500, "invalid token"), cheat.wire.next());
      assertTrue(ann.ask("\"connect\":{\"token\":\"" + token(SECRET) + "\"}").has("connect"));
      ann.subscribe("lobby");
      assertEquals("ann", user(ann));
    }
  }

  static String token(String secret) throws Exception {
    String signed = part("{\"alg\":\"HS256\"}") + "." + part("{\"sub\":\"ann\"}");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  private static String part(String json) {
    return encoded(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void thePageBringsTheSdkAndItsLicence(Host.Kind server) throws Exception {
    Map<String, String> parts =
        Map.of(
            "/", "text/html;charset=utf-8",
            "/rooms/main.js", "text/javascript;charset=utf-8",
            "/centrifuge/index.mjs", "text/javascript;charset=utf-8",
            "/centrifuge/LICENSE", "text/plain;charset=utf-8");
    try (Running chat = Running.start(server, Example.ROOMS)) {
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
