package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.Refusal;
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

  private static TestHandshake as(String name) {
    return TestHandshake.create().withQuery("name", name);
  }

  /** The words of the welcome: star, "welcome", room, position, how many follow, key, ... */
  private static String[] welcome(TestClient client) {
    return client.heard().get(0).split(" ", -1);
  }

  private TestClient enter(String name) {
    TestClient client = chat.enter(as(name));
    client.heard();
    return client;
  }

  /** Says something, and gives back what is heard then. */
  private static List<String> heard(TestClient client, String said) {
    client.heard();
    client.say(said);
    return client.heard();
  }

  @Test
  void whatOneSaysAllInTheRoomHearUnderItsName() {
    TestClient ann = enter("Ann");
    TestClient bob = enter("Bob");
    TestClient cem = chat.enter(as("Cem").withQuery("room", "kitchen"));
    cem.heard();
    bob.say("hello");
    assertEquals(List.of("* Bob is here", "[lobby] Bob: hello"), ann.heard());
    assertEquals(List.of("[lobby] Bob: hello"), bob.heard());
    assertEquals(List.of(), cem.heard());
    bob.hangUp();
    assertEquals(List.of("* Bob has left"), ann.heard());
  }

  @Test
  void whoComesIsToldWhereItIsWhoIsHereAndWhatWasSaid() {
    TestClient ann = enter("Ann");
    for (int i = 1; i <= 25; i++) {
      ann.say("line " + i);
    }
    TestClient bob = chat.enter(as("Bob"));
    List<String> heard = bob.heard();
    assertTrue(
        heard.get(0).matches("\\* welcome lobby \\w+:25 20 [\\w-]+\\.[\\w-]+ here: Ann, Bob"),
        heard.get(0));
    assertEquals(21, heard.size());
    assertEquals("[lobby] Ann: line 6", heard.get(1));
    assertEquals("[lobby] Ann: line 25", heard.get(20));
  }

  @ParameterizedTest
  @CsvSource({"'a:b', lobby", "'', lobby", "Ann, 'a b'", "Ann, ''", "'* welcome', lobby"})
  void aNameThatCouldBeTakenForSomethingElseIsRefused(String name, String room) {
    assertEquals(
        Refusal.of(400, "letters and digits, please, in the name and the room; at most 32"),
        chat.ask(as(name).withQuery("room", room)));
  }

  @Test
  void whoHasANameThatLooksLikeAnotherOneGetsANumber() {
    TestClient ann = enter("Paul");
    enter("P\u0430ul"); // with a Cyrillic letter
    assertEquals(List.of("* P\u0430ul (2) is here"), ann.heard());
    assertEquals(List.of("* here: Paul (owner), P\u0430ul (2)"), heard(ann, "/who"));
  }

  @Test
  void aNameCanBeChangedUnlessSomebodyHasIt() {
    TestClient ann = enter("Ann");
    TestClient bob = enter("Bob");
    ann.heard();
    assertEquals(List.of("* Bob is now Bea", "* done"), sorted(heard(bob, "/name Bea")));
    assertEquals(List.of("* Bob is now Bea"), ann.heard());
    assertEquals(
        List.of("* somebody in room \"lobby\" is called \"ANN\""), heard(bob, "/name ANN"));
    assertEquals(List.of("* that cannot be: \"/\"; see /help"), heard(bob, "/name /"));
    assertEquals(List.of("[lobby] Bea: hi"), heard(bob, "hi"));
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  @Test
  void anotherRoomCanBeHeardToo() {
    TestClient ann = chat.enter(as("Ann").withQuery("room", "kitchen"));
    ann.say("soup?");
    TestClient bob = enter("Bob");
    ann.heard();
    List<String> heard = heard(bob, "/join kitchen");
    assertTrue(heard.get(0).startsWith("* welcome kitchen "), heard.get(0));
    assertEquals(List.of("[kitchen] Ann: soup?", "* done"), heard.subList(1, 3));
    ann.say("ready");
    assertEquals(List.of("[kitchen] Ann: ready"), bob.heard());
    assertEquals(List.of("[lobby] Bob: thanks"), heard(bob, "thanks"));
    assertEquals(List.of("* you left kitchen"), heard(bob, "/leave kitchen"));
    assertEquals(List.of("* you are not there: kitchen"), heard(bob, "/leave kitchen"));
    assertEquals(List.of("* Bob is here", "[kitchen] Ann: ready", "* Bob has left"), ann.heard());
    assertEquals(List.of("* that cannot be: \"a b\"; see /help"), heard(bob, "/join a b"));
    bob.say("/leave lobby");
    assertEquals(Optional.of(CloseStatus.NORMAL), bob.closeStatus());
  }

  @Test
  void typingIsToldAndNotKept() {
    TestClient ann = enter("Ann");
    TestClient bob = enter("Bob");
    ann.heard();
    bob.say("/typing");
    assertEquals(List.of("* Bob is typing"), ann.heard());
    assertEquals(List.of("* that was all"), heard(ann, "/history"));
  }

  @Test
  void theLastLinesCanBeReadAgain() {
    TestClient ann = enter("Ann");
    for (int i = 1; i <= 3; i++) {
      ann.say("line " + i);
    }
    assertEquals(
        List.of("* [lobby] Ann: line 2", "* [lobby] Ann: line 3", "* that was all"),
        heard(ann, "/history 2"));
    assertEquals(4, heard(ann, "/history").size());
    assertEquals(List.of("* that cannot be: \"all\"; see /help"), heard(ann, "/history all"));
    assertEquals(List.of("* that cannot be: \"0\"; see /help"), heard(ann, "/history 0"));
  }

  @Test
  void whoHasBeenThereForLongestIsTheOwner() {
    TestClient ann = enter("Ann");
    TestClient bob = enter("Bob");
    assertEquals(List.of("* a member may not change the topic"), heard(bob, "/topic tea"));
    assertEquals(List.of("* lobby is now about tea", "* done"), heard(ann, "/topic tea"));
    ann.hangUp();
    assertEquals(List.of("* here: Bob (owner)"), heard(bob, "/who"));
    assertEquals(List.of("* lobby is now about soup", "* done"), heard(bob, "/topic soup"));
    assertEquals(1, heard(bob, "/topic " + "x".repeat(257)).size());
    assertTrue(bob.isOpen());
  }

  @Test
  void theOwnerThrowsOut() {
    TestClient ann = enter("Ann");
    TestClient bob = enter("Bob");
    TestClient bobby = enter("Bob");
    assertEquals(List.of("* a member may not kick"), heard(bob, "/kick Ann bye"));
    ann.heard();
    assertEquals(
        List.of("* Bob (2) was thrown out: too loud", "* done"),
        heard(ann, "/kick Bob (2) too loud"));
    assertEquals(Optional.of(CloseStatus.KICKED.because("too loud")), bobby.closeStatus());
    assertEquals(List.of("* Bob was thrown out: spam", "* done"), heard(ann, "/ban Bob 60 spam"));
    assertEquals(Optional.of(CloseStatus.BANNED.because("spam")), bob.closeStatus());
    assertEquals(
        List.of("* nobody here has that name: /who tells all"), heard(ann, "/kick Bob again"));
    assertEquals(List.of("* nobody may kick itself"), heard(ann, "/kick Ann me"));
    enter("Dan");
    assertEquals(List.of("* that cannot be: \"spam\"; see /help"), heard(ann, "/ban Dan spam"));
    assertEquals(1, heard(ann, "/kick Dan " + "x".repeat(124)).size());
    assertTrue(ann.isOpen());
  }

  @Test
  void whoIsBannedDoesNotComeBackAsTheSameClient() {
    TestClient ann = enter("Ann");
    TestClient bob = chat.enter(as("Bob"));
    String key = welcome(bob)[5];
    ann.say("/ban Bob 60 spam");
    Refusal refusal = (Refusal) chat.ask(as("Bob").withQuery("resume", key));
    assertEquals("banned", refusal.code());
    chat.advance(Duration.ofMinutes(1));
    assertTrue(chat.enter(as("Bob").withQuery("resume", key)).isOpen());
  }

  @Test
  void theOwnerSilencesForAWhile() {
    TestClient ann = enter("Ann");
    TestClient bob = enter("Bob");
    ann.heard();
    assertEquals(List.of("* done"), heard(ann, "/mute Bob 60 calm down"));
    assertEquals(List.of("* calm down"), heard(bob, "but"));
    assertEquals(List.of("* done"), heard(ann, "/unmute Bob"));
    assertEquals(List.of("[lobby] Bob: thanks"), heard(bob, "thanks"));
    assertEquals(List.of("* it was not muted"), heard(ann, "/unmute Bob"));
    heard(ann, "/mute Bob 60");
    assertEquals(List.of("* no reason given"), heard(bob, "but"));
    chat.advance(Duration.ofSeconds(30));
    chat.advance(Duration.ofSeconds(30));
    assertEquals(List.of("[lobby] Bob: again"), heard(bob, "again"));
  }

  @Test
  void whatIsNoCommandIsSaidSo() {
    TestClient ann = enter("Ann");
    assertEquals(
        List.of("* there is no /dance: /help tells what there is"), heard(ann, "/dance now"));
    String help = heard(ann, "/help").get(0);
    assertTrue(help.lines().allMatch(line -> line.startsWith("* /")), help);
    ann.say(new byte[] {1});
    assertEquals(List.of("* text only, please"), ann.heard());
  }

  @Test
  void whoIsLostComesBackAndNobodyNotices() {
    TestClient ann = enter("Ann");
    TestClient bob = chat.enter(as("Bob"));
    String[] lobby = welcome(bob);
    bob.say("/join kitchen");
    String[] kitchen = welcome(bob);
    ann.say("one");
    ann.say("/join kitchen");
    assertEquals(List.of("[lobby] Ann: one", "* Ann is here"), bob.heard());
    bob.vanish();
    ann.heard();
    ann.say("two");
    TestClient again =
        chat.enter(
            as("Bob")
                .withQuery("resume", lobby[5])
                .withQuery("since", "lobby@" + after(lobby[3], 1) + ",kitchen@" + kitchen[3]));
    List<String> heard = again.heard();
    assertEquals(List.of("[lobby] Ann: two"), heard.subList(1, 2));
    assertTrue(heard.get(0).startsWith("* welcome lobby "), heard::toString);
    assertTrue(heard.get(2).startsWith("* welcome kitchen "), heard::toString);
    assertEquals(3, heard.size());
    again.say("back");
    assertEquals(List.of("[lobby] Ann: two", "[lobby] Bob: back"), ann.heard());
    again.vanish();
    chat.advance(Duration.ofSeconds(31));
    assertEquals(List.of("* Bob has left", "* Bob has left"), ann.heard());
  }

  @Test
  void thePlaceIsKeptForWhoHasTheSecretOnly() {
    TestClient ann = enter("Ann");
    TestClient bob = chat.enter(as("Bob"));
    String key = welcome(bob)[5];
    ann.heard();
    bob.vanish();
    chat.enter(as("Bob").withQuery("resume", key.replaceAll("\\..*", ".guess")));
    assertEquals(List.of("* Bob has left", "* Bob is here"), ann.heard());
    ann.say("/who");
    assertFalse(ann.heard().toString().contains(key.split("\\.", -1)[0]));
  }

  private static String after(String position, int lines) {
    String[] parts = position.split(":", -1);
    return parts[0] + ":" + (Long.parseLong(parts[1]) + lines);
  }
}
