package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.Phone.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Admission;
import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.History;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import java.security.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients whose tokens say who they are. */
class TokenDoorTest {
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .doorman(TokenDoorTest::admit)
              .rooms(RoomOptions.defaults().history(History.of(10))));
  private final Centrifuge door =
      Centrifuge.on(chat.chat())
          .tokens(Tokens.hs256(TokensTest.SECRET))
          .wall(InstantSource.fixed(NOW));

  /** Whoever owns a room may go there, and everybody into the lobby. */
  private static Admission admit(Handshake handshake) {
    String room = handshake.path("room").orElse("");
    Optional<String> user = handshake.principal().map(Principal::getName);
    if (user.isEmpty() || (!room.equals("lobby") && !room.equals("of " + user.get()))) {
      return new Refusal(403, "room", "not there");
    }
    return Entry.of("somebody", room).as(room.equals("lobby") ? Role.MEMBER : Role.OWNER);
  }

  private Phone phone() {
    return phone(door);
  }

  private static Phone phone(Centrifuge door) {
    return new Phone(door, TestHandshake.create().withQuery("room", "lobby"));
  }

  private Phone as(String user) {
    return phone().connected(TokensTest.hs256("{\"sub\":\"" + user + "\"}"));
  }

  @AfterEach
  void nothingIsLeft() {
    Phone.assertLeavesNothing(chat);
  }

  @Test
  void theTokenSaysWhoSomebodyIsAndTheDoormanWhere() {
    Phone alice =
        phone()
            .connected(
                TokensTest.hs256("{\"sub\":\"alice\",\"info\":{\"name\":\"Alice\",\"x\":1}}"));
    assertEquals("Alice", chat.chat().participant("alice").orElseThrow().name());
    alice.say(
        "{\"id\":2,\"subscribe\":{\"channel\":\"of alice\"}}",
        "{\"id\":3,\"subscribe\":{\"channel\":\"of bob\"}}",
        "{\"id\":4,\"publish\":{\"channel\":\"of alice\",\"data\":1}}");
    List<String> heard = alice.heard();
    assertTrue(heard.get(0).startsWith("{\"id\":2,\"subscribe\":{"));
    assertEquals(error(3, 103, "not there"), heard.get(1));
    assertTrue(
        heard.get(2).contains("\"client\":\"@me\",\"conn_info\":{\"name\":\"Alice\",\"x\":1}}"),
        heard.get(2));
    assertEquals(Optional.of(Role.OWNER), chat.chat().room("of alice").orElseThrow().role("alice"));
  }

  @Test
  void withoutAGoodTokenNobodyComesIn() {
    Phone none = phone();
    none.say("{\"id\":1,\"connect\":{}}");
    assertEquals(List.of(error(1, 101, "unauthorized")), none.heard());
    none.say("{\"id\":2,\"connect\":{}}");
    assertEquals(3501, none.closeCode());

    Phone old = phone();
    old.say("{\"id\":1,\"connect\":{\"token\":\"" + TokensTest.hs256("{\"exp\":999}") + "\"}}");
    assertEquals(List.of(error(1, 109, "token expired")), old.heard());

    Phone bad = phone();
    bad.say("{\"id\":1,\"connect\":{\"token\":\"x.y.z\"}}");
    assertEquals(3500, bad.closeCode());

    Phone unasked = new Phone(Centrifuge.on(openChat()), TestHandshake.create());
    unasked.say("{\"id\":1,\"connect\":{\"token\":\"x.y.z\"}}");
    assertEquals(3500, unasked.closeCode());
  }

  private static Chat openChat() {
    return TestChat.of(new RoomHandler() {}).chat();
  }

  @Test
  void theAnonymousComeInWithANameWhereTheyMay() {
    Phone guest = phone(door.anonymous());
    guest.say(
        "{\"id\":1,\"connect\":{\"data\":{\"name\":\"Guest\"}}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(2, guest.heard().size());
    assertEquals("Guest", chat.chat().room("lobby").orElseThrow().participants().get(0).name());
    Phone odd = phone(door.anonymous());
    odd.say("{\"id\":1,\"connect\":{\"data\":[1]}}");
    assertTrue(odd.heard().get(0).contains("\"connect\":{\"client\""));
  }

  private String guest(Phone phone, String data) {
    phone.say(
        "{\"id\":1,\"connect\":{\"data\":" + data + "}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(2, phone.heard().size());
    return chat.chat().room("lobby").orElseThrow().participants().stream()
        .reduce((before, last) -> last)
        .map(who -> who.id() + " " + who.name())
        .orElseThrow();
  }

  @Test
  void withoutTokensTheAnonymousAreAllThatCome() {
    Centrifuge open = Centrifuge.on(chat.chat()).anonymous();
    String key = "\"key\":\"0123456789abcdef\"";
    String ann = guest(phone(open), "{\"name\":\"Ann\"," + key + "}");
    assertTrue(ann.matches("guest-[0-9a-f]{32} Ann"), ann);
    assertTrue(guest(phone(open), "{\"name\":\"Ann\"," + key + "}").equals(ann), "the same one");
    String other = guest(phone(open), "{\"name\":\"Ann\",\"key\":\"fedcba9876543210\"}");
    assertFalse(other.equals(ann), "somebody else");
    String nobody = guest(phone(open), "[]");
    assertTrue(nobody.startsWith("guest-") && nobody.endsWith(" Guest"), nobody);
    Phone token = phone(open);
    token.say("{\"id\":1,\"connect\":{\"token\":\"x\"}}");
    assertEquals(3500, token.closeCode());
  }

  @Test
  void aConnectionLivesAsLongAsItsTokenAndIsRefreshed() {
    Phone alice = phone();
    alice.say(
        "{\"id\":1,\"connect\":{\"token\":\""
            + TokensTest.hs256("{\"sub\":\"alice\",\"exp\":1010}")
            + "\"}}");
    assertTrue(alice.heard().get(0).contains("\"expires\":true,\"ttl\":10"));
    alice.say(
        "{\"id\":2,\"refresh\":{\"token\":\""
            + TokensTest.hs256("{\"sub\":\"alice\",\"exp\":1020}")
            + "\"}}");
    String reply = alice.heard().get(0);
    assertTrue(reply.endsWith("\"expires\":true,\"ttl\":20}}"), reply);
    alice.live(chat, 44);
    assertEquals(0, alice.closeCode());
    alice.live(chat, 2);
    assertEquals(3005, alice.closeCode());
  }

  @Test
  void aRefreshThatIsNotGoodEndsTheConnection() {
    assertEquals(3501, refreshed(""));
    assertEquals(3500, refreshed("x"));
    assertEquals(3500, refreshed(TokensTest.hs256("{\"sub\":\"bob\"}")));
    assertEquals(3005, refreshed(TokensTest.hs256("{\"sub\":\"alice\",\"exp\":999}")));
  }

  private int refreshed(String token) {
    Phone alice = as("alice");
    alice.say("{\"id\":2,\"refresh\":{\"token\":\"" + token + "\"}}");
    return alice.closeCode();
  }

  private static String allowing(String more) {
    return TokensTest.hs256("{\"sub\":\"alice\",\"channel\":\"of bob\"" + more + "}");
  }

  private static String subscribe(int id, String token) {
    return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"of bob\",\"token\":\"" + token + "\"}}";
  }

  @Test
  void aSubscriptionTokenLetsIntoItsChannel() {
    Phone alice = as("alice");
    alice.say(
        subscribe(2, "x"), subscribe(3, allowing(",\"exp\":999")), subscribe(4, allowing("")));
    List<String> heard = alice.heard();
    assertEquals(error(2, 103, "permission denied"), heard.get(0));
    assertEquals(error(3, 109, "token expired"), heard.get(1));
    assertTrue(heard.get(2).startsWith("{\"id\":4,\"subscribe\":{\"recoverable\":true"));

    Phone bob = as("bob");
    bob.say(subscribe(2, allowing("")));
    assertEquals(3500, bob.closeCode());
    Phone other = as("alice");
    other.say(subscribe(2, allowing(",\"client\":\"another\"")));
    assertEquals(3500, other.closeCode());
    Phone mine = as("alice");
    mine.say(subscribe(2, allowing(",\"client\":\"" + mine.id() + "\"")));
    assertEquals(0, mine.closeCode());
  }

  @Test
  void aSubscriptionExpiresAndIsRefreshed() {
    Phone alice = as("alice");
    alice.say(subscribe(2, allowing(",\"exp\":1010")));
    assertTrue(alice.heard().get(0).contains("\"subscribe\":{\"expires\":true,\"ttl\":10,"));
    alice.say(
        "{\"id\":3,\"sub_refresh\":{\"channel\":\"of bob\",\"token\":\""
            + allowing(",\"exp\":1020")
            + "\"}}",
        "{\"id\":4,\"sub_refresh\":{\"channel\":\"of bob\"}}");
    assertEquals(
        List.of(
            "{\"id\":3,\"sub_refresh\":{\"expires\":true,\"ttl\":20}}",
            error(4, 107, "bad request")),
        alice.heard());
    alice.live(chat, 46);
    assertTrue(
        alice
            .heard()
            .contains(
                "{\"push\":{\"channel\":\"of bob\",\"unsubscribe\":"
                    + "{\"code\":2501,\"reason\":\"subscription expired\"}}}"));
    assertFalse(chat.chat().room("of bob").isPresent());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void aConnectionTokenSubscribesByItselfAndRecovers() {
    String token = TokensTest.hs256("{\"sub\":\"alice\",\"channels\":[\"news\"]}");
    Phone first = phone().connected(token);
    chat.chat().room("news").orElseThrow().announce("1");
    String epoch = chat.chat().room("news").orElseThrow().position().epoch();
    assertEquals(
        List.of("{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":1,\"offset\":1}}}"),
        first.heard());

    Phone again = phone();
    again.say(
        "{\"id\":1,\"connect\":{\"token\":\""
            + token
            + "\",\"subs\":{\"news\":{\"recover\":true,\"epoch\":\""
            + epoch
            + "\"}}}}");
    String reply = again.heard().get(0);
    assertTrue(
        reply.contains(
            "\"subs\":{\"news\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\""
                + epoch
                + "\",\"was_recovering\":true,\"recovered\":true,"
                + "\"publications\":[{\"data\":1,\"offset\":1}]}}"),
        reply);
  }
}
