package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainRoomsTest {
  private final TestChat chat = TestChat.of(PlainRooms.chat());

  @AfterEach
  void close() {
    chat.close();
  }

  private static TestHandshake handshakeNamed(String name) {
    return TestHandshake.create().withQuery("name", name);
  }

  /** {@return the words of the welcome line: star, "welcome", room, position, number, key, ...} */
  private static String[] welcome(TestClient client) {
    return client.received().get(0).split(" ", -1);
  }

  private TestClient join(String name) {
    TestClient client = chat.connect(handshakeNamed(name));
    client.received();
    return client;
  }

  /** Sends a text and returns what the client receives then. */
  private static List<String> sendAndReceive(TestClient client, String text) {
    client.received();
    client.send(text);
    return client.received();
  }

  @Test
  void allInTheRoomReceiveAMessageWithTheNameOfItsSender() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    TestClient cem = chat.connect(handshakeNamed("Cem").withQuery("room", "kitchen"));
    cem.received();
    bob.send("hello");
    assertEquals(List.of("* Bob is here", "[lobby] Bob: hello"), ann.received());
    assertEquals(List.of("[lobby] Bob: hello"), bob.received());
    assertEquals(List.of(), cem.received());
    bob.close();
    assertEquals(List.of("* Bob has left"), ann.received());
  }

  @Test
  void aJoiningClientReceivesItsPositionTheParticipantsAndTheHistory() {
    TestClient ann = join("Ann");
    for (int i = 1; i <= 25; i++) {
      ann.send("line " + i);
    }
    TestClient bob = chat.connect(handshakeNamed("Bob"));
    List<String> received = bob.received();
    assertTrue(
        received.get(0).matches("\\* welcome lobby \\w+:25 20 [\\w-]+\\.[\\w-]+ here: Ann, Bob"),
        received.get(0));
    assertEquals(21, received.size());
    assertEquals("[lobby] Ann: line 6", received.get(1));
    assertEquals("[lobby] Ann: line 25", received.get(20));
  }

  @ParameterizedTest
  @CsvSource({"'a:b', lobby", "'', lobby", "Ann, 'a b'", "Ann, ''", "'* welcome', lobby"})
  void anAmbiguousNameIsRejected(String name, String room) {
    assertEquals(
        Rejection.of(400, "a name or a room has 1 to 32 letters and digits"),
        chat.admit(handshakeNamed(name).withQuery("room", room)));
  }

  @Test
  void aNameThatLooksLikeAnotherGetsANumber() {
    TestClient ann = join("Paul");
    join("P\u0430ul"); // with a Cyrillic letter
    assertEquals(List.of("* P\u0430ul (2) is here"), ann.received());
    assertEquals(List.of("* here: Paul (owner), P\u0430ul (2)"), sendAndReceive(ann, "/who"));
  }

  @Test
  void aNameCanBeChangedUnlessAnotherParticipantUsesIt() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    ann.received();
    assertEquals(List.of("* Bob is now Bea", "* done"), sorted(sendAndReceive(bob, "/name Bea")));
    assertEquals(List.of("* Bob is now Bea"), ann.received());
    assertEquals(
        List.of("* another participant in room \"lobby\" uses the display name \"ANN\""),
        sendAndReceive(bob, "/name ANN"));
    assertEquals(List.of("* invalid value \"/\": see /help"), sendAndReceive(bob, "/name /"));
    assertEquals(List.of("[lobby] Bea: hi"), sendAndReceive(bob, "hi"));
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  @Test
  void aClientCanJoinASecondRoom() {
    TestClient ann = chat.connect(handshakeNamed("Ann").withQuery("room", "kitchen"));
    ann.send("soup?");
    TestClient bob = join("Bob");
    ann.received();
    List<String> received = sendAndReceive(bob, "/join kitchen");
    assertTrue(received.get(0).startsWith("* welcome kitchen "), received.get(0));
    assertEquals(List.of("[kitchen] Ann: soup?", "* done"), received.subList(1, 3));
    ann.send("ready");
    assertEquals(List.of("[kitchen] Ann: ready"), bob.received());
    assertEquals(List.of("[lobby] Bob: thanks"), sendAndReceive(bob, "thanks"));
    assertEquals(List.of("* you left kitchen"), sendAndReceive(bob, "/leave kitchen"));
    assertEquals(List.of("* you are not in kitchen"), sendAndReceive(bob, "/leave kitchen"));
    assertEquals(
        List.of("* Bob is here", "[kitchen] Ann: ready", "* Bob has left"), ann.received());
    assertEquals(List.of("* invalid value \"a b\": see /help"), sendAndReceive(bob, "/join a b"));
    bob.send("/leave lobby");
    assertEquals(Optional.of(CloseStatus.NORMAL), bob.closeStatus());
  }

  @Test
  void typingIsSignalledAndNotStored() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    ann.received();
    bob.send("/typing");
    assertEquals(List.of("* Bob is typing"), ann.received());
    assertEquals(List.of("* end of history"), sendAndReceive(ann, "/history"));
  }

  @Test
  void theLastLinesCanBeReadAgain() {
    TestClient ann = join("Ann");
    for (int i = 1; i <= 3; i++) {
      ann.send("line " + i);
    }
    assertEquals(
        List.of("* [lobby] Ann: line 2", "* [lobby] Ann: line 3", "* end of history"),
        sendAndReceive(ann, "/history 2"));
    assertEquals(4, sendAndReceive(ann, "/history").size());
    assertEquals(
        List.of("* invalid value \"all\": see /help"), sendAndReceive(ann, "/history all"));
    assertEquals(List.of("* invalid value \"0\": see /help"), sendAndReceive(ann, "/history 0"));
  }

  @Test
  void theParticipantThatJoinedFirstIsTheOwner() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    assertEquals(
        List.of("* role member may not change the topic"), sendAndReceive(bob, "/topic tea"));
    assertEquals(List.of("* topic of lobby: tea", "* done"), sendAndReceive(ann, "/topic tea"));
    ann.close();
    assertEquals(List.of("* here: Bob (owner)"), sendAndReceive(bob, "/who"));
    assertEquals(List.of("* topic of lobby: soup", "* done"), sendAndReceive(bob, "/topic soup"));
    assertEquals(1, sendAndReceive(bob, "/topic " + "x".repeat(257)).size());
    assertTrue(bob.isOpen());
  }

  @Test
  void theOwnerKicksAndBans() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    TestClient bobby = join("Bob");
    assertEquals(List.of("* role member may not kick"), sendAndReceive(bob, "/kick Ann bye"));
    ann.received();
    assertEquals(
        List.of("* Bob (2) was removed: too loud", "* done"),
        sendAndReceive(ann, "/kick Bob (2) too loud"));
    assertEquals(Optional.of(CloseStatus.KICKED.withReason("too loud")), bobby.closeStatus());
    assertEquals(
        List.of("* Bob was removed: spam", "* done"), sendAndReceive(ann, "/ban Bob 60 spam"));
    assertEquals(Optional.of(CloseStatus.BANNED.withReason("spam")), bob.closeStatus());
    assertEquals(
        List.of("* no participant here has that name: /who lists them"),
        sendAndReceive(ann, "/kick Bob again"));
    assertEquals(
        List.of("* a participant may not kick itself"), sendAndReceive(ann, "/kick Ann me"));
    join("Dan");
    assertEquals(
        List.of("* invalid value \"spam\": see /help"), sendAndReceive(ann, "/ban Dan spam"));
    assertEquals(1, sendAndReceive(ann, "/kick Dan " + "x".repeat(124)).size());
    assertTrue(ann.isOpen());
  }

  @Test
  void aBannedClientCannotResume() {
    TestClient ann = join("Ann");
    TestClient bob = chat.connect(handshakeNamed("Bob"));
    String key = welcome(bob)[5];
    ann.send("/ban Bob 60 spam");
    Rejection rejection = (Rejection) chat.admit(handshakeNamed("Bob").withQuery("resume", key));
    assertEquals("banned", rejection.code());
    chat.advance(Duration.ofMinutes(1));
    assertTrue(chat.connect(handshakeNamed("Bob").withQuery("resume", key)).isOpen());
  }

  @Test
  void theOwnerMutesForATime() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    ann.received();
    assertEquals(List.of("* done"), sendAndReceive(ann, "/mute Bob 60 calm down"));
    assertEquals(List.of("* calm down"), sendAndReceive(bob, "but"));
    assertEquals(List.of("* done"), sendAndReceive(ann, "/unmute Bob"));
    assertEquals(List.of("[lobby] Bob: thanks"), sendAndReceive(bob, "thanks"));
    List<String> notMuted = sendAndReceive(ann, "/unmute Bob");
    assertTrue(notMuted.get(0).endsWith("is not muted in room \"lobby\""), notMuted.toString());
    sendAndReceive(ann, "/mute Bob 60");
    assertEquals(List.of("* no reason given"), sendAndReceive(bob, "but"));
    chat.advance(Duration.ofSeconds(30));
    chat.advance(Duration.ofSeconds(30));
    assertEquals(List.of("[lobby] Bob: again"), sendAndReceive(bob, "again"));
  }

  @Test
  void aBanOrMuteIsBoundedInTimeAndLength() {
    TestClient ann = join("Ann");
    TestClient bob = join("Bob");
    ann.received();
    String range = "* seconds is out of range: give a whole number from 1 to 2592000 (30 days)";
    assertEquals(List.of(range), sendAndReceive(ann, "/ban Bob 2592001 spam"));
    assertEquals(List.of(range), sendAndReceive(ann, "/mute Bob 2592001 spam"));
    assertEquals(
        List.of("* reason has 257 characters: give at most 256"),
        sendAndReceive(ann, "/mute Bob 60 " + "x".repeat(257)));
    assertEquals(
        List.of("[lobby] Bob: hello"), sendAndReceive(bob, "hello"), "Bob was muted or banned");
    assertEquals(List.of("* done"), sendAndReceive(ann, "/mute Bob 2592000 " + "x".repeat(256)));
  }

  @Test
  void anUnknownCommandIsReported() {
    TestClient ann = join("Ann");
    assertEquals(
        List.of("* unknown command /dance: /help lists all commands"),
        sendAndReceive(ann, "/dance now"));
    String help = sendAndReceive(ann, "/help").get(0);
    assertTrue(help.lines().allMatch(line -> line.startsWith("* /")), help);
    ann.send(new byte[] {1});
    assertEquals(List.of("* only text is accepted"), ann.received());
  }

  @Test
  void aLostClientResumesUnnoticed() {
    TestClient ann = join("Ann");
    TestClient bob = chat.connect(handshakeNamed("Bob"));
    String[] lobby = welcome(bob);
    bob.send("/join kitchen");
    String[] kitchen = welcome(bob);
    ann.send("one");
    ann.send("/join kitchen");
    assertEquals(List.of("[lobby] Ann: one", "* Ann is here"), bob.received());
    bob.abort();
    ann.received();
    ann.send("two");
    TestClient resumed =
        chat.connect(
            handshakeNamed("Bob")
                .withQuery("resume", lobby[5])
                .withQuery("since", "lobby@" + after(lobby[3], 1) + ",kitchen@" + kitchen[3]));
    List<String> received = resumed.received();
    assertEquals(List.of("[lobby] Ann: two"), received.subList(1, 2));
    assertTrue(received.get(0).startsWith("* welcome lobby "), received::toString);
    assertTrue(received.get(2).startsWith("* welcome kitchen "), received::toString);
    assertEquals(3, received.size());
    resumed.send("back");
    assertEquals(List.of("[lobby] Ann: two", "[lobby] Bob: back"), ann.received());
    resumed.abort();
    chat.advance(Duration.ofSeconds(31));
    assertEquals(List.of("* Bob has left", "* Bob has left"), ann.received());
  }

  @Test
  void clientsThatMayResumeCountAsParticipantsOfTheRoom() {
    for (int i = 0; i < PlainRooms.CAPACITY; i++) {
      chat.connect(handshakeNamed("Visitor " + i)).abort();
    }
    Rejection rejection = (Rejection) chat.admit(handshakeNamed("Ann"));
    assertEquals(Rejection.ROOM_FULL, rejection.code());
    chat.advance(Duration.ofSeconds(31));
    assertTrue(chat.connect(handshakeNamed("Ann")).isOpen());
  }

  @Test
  void allRoomsTogetherKeepABoundedHistory() {
    assertTrue((long) PlainRooms.LIMITS.rooms() * PlainRooms.HISTORY_BYTES <= 128 << 20);
  }

  @Test
  void onlyTheHolderOfTheSecretResumes() {
    TestClient ann = join("Ann");
    TestClient bob = chat.connect(handshakeNamed("Bob"));
    String key = welcome(bob)[5];
    ann.received();
    bob.abort();
    chat.connect(handshakeNamed("Bob").withQuery("resume", key.replaceAll("\\..*", ".guess")));
    assertEquals(List.of("* Bob has left", "* Bob is here"), ann.received());
    ann.send("/who");
    assertFalse(ann.received().toString().contains(key.split("\\.", -1)[0]));
  }

  private static String after(String position, int lines) {
    String[] parts = position.split(":", -1);
    return parts[0] + ":" + (Long.parseLong(parts[1]) + lines);
  }
}
