package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a room keeps, and what those hear of it who come later. */
class HistoryTest {
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<TestChat> chats = new ArrayList<>();

  @AfterEach
  void close() {
    chats.forEach(TestChat::close);
  }

  private TestChat chat(RoomOptions options) {
    TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).room("lobby", options));
    chats.add(chat);
    return chat;
  }

  /** A permanent room that keeps so much, and says what it finds about who comes in. */
  private TestChat keeping(History history) {
    return chat(
        RoomOptions.defaults()
            .permanent()
            .history(history)
            .greeting(
                arrival -> {
                  arrivals.add(arrival);
                  return Payload.text(arrival.recovered() + " " + arrival.position().offset());
                }));
  }

  private static Room lobby(TestChat chat) {
    return chat.chat().room("lobby").orElseThrow();
  }

  private static TestClient back(TestChat chat, String id, Page missed) {
    return chat.enter(Entry.of(id, "lobby").replay(missed));
  }

  private static Position at(TestChat chat, long offset) {
    return new Position(lobby(chat).position().epoch(), offset);
  }

  private static void announce(TestChat chat, String... texts) {
    for (String text : texts) {
      lobby(chat).announce(text);
    }
  }

  private static List<String> texts(Optional<List<Message>> messages) {
    return messages.orElseThrow().stream().map(Message::text).toList();
  }

  @Test
  void aRoomKeepsNothingUnlessItIsToldTo() {
    TestChat chat = chat(RoomOptions.defaults().permanent());
    announce(chat, "one");
    assertEquals(List.of(), texts(lobby(chat).history(Page.last(10))));
    assertEquals(List.of(), back(chat, "ann", Page.last(10)).heard());
  }

  @Test
  void whoComesInHearsTheGreetingThenTheLastMessagesThenWhatIsSaid() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "one", "two", "three");
    TestClient ann = back(chat, "ann", Page.last(2));
    announce(chat, "four");
    assertEquals(List.of("false 3", "two", "three", "four"), ann.heard());
    assertEquals(2, arrivals.get(0).replayed());
    assertEquals("ann", arrivals.get(0).participants().get(0).id());
  }

  @Test
  void whoComesBackHearsEverythingSinceItsPositionOnce() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "one", "two", "three");
    TestClient ann = back(chat, "ann", Page.since(at(chat, 1)));
    assertEquals(List.of("true 3", "two", "three"), ann.heard());
    assertEquals(List.of("true 3"), back(chat, "ann", Page.since(at(chat, 3))).heard());
  }

  @Test
  void aReplayIsNeverAPartOfWhatWasMissed() {
    TestChat chat = keeping(History.of(2));
    announce(chat, "one", "two", "three");
    assertEquals(
        List.of("true 3", "two", "three"), back(chat, "a", Page.since(at(chat, 1))).heard());
    assertEquals(List.of("false 3"), back(chat, "b", Page.since(at(chat, 0))).heard(), "trimmed");
    assertEquals(List.of("false 3"), back(chat, "c", Page.since(at(chat, 4))).heard(), "future");
    assertEquals(
        List.of("false 3"),
        back(chat, "d", Page.since(new Position("elsewhere", 3))).heard(),
        "another epoch");
  }

  @Test
  void whatHasExpiredIsNotReplayedAndNotKept() {
    TestChat chat = keeping(History.of(10).age(Duration.ofMinutes(5)));
    announce(chat, "one");
    chat.advance(Duration.ofMinutes(3));
    announce(chat, "two");
    chat.advance(Duration.ofMinutes(3));
    assertEquals(List.of("two"), texts(lobby(chat).history(Page.last(10))));
    assertEquals(List.of("false 2"), back(chat, "ann", Page.since(at(chat, 0))).heard());
    assertEquals(List.of("true 2", "two"), back(chat, "bob", Page.since(at(chat, 1))).heard());
  }

  @Test
  void historyIsBoundedInBytes() {
    TestChat chat = keeping(History.of(100).bytes(10));
    announce(chat, "12345", "äöü", "1234");
    assertEquals(List.of("äöü", "1234"), texts(lobby(chat).history(Page.last(10))));
    announce(chat, "12345678901");
    assertEquals(List.of(), texts(lobby(chat).history(Page.last(10))));
  }

  @Test
  void moreThanHalfAnOutboxIsNotReplayed() {
    TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().outboxBytes(1024))
                .room("lobby", RoomOptions.defaults().permanent().history(History.of(100))));
    chats.add(chat);
    String text = "~".repeat(200);
    announce(chat, text, text, text, text);
    assertEquals(List.of(), back(chat, "ann", Page.since(at(chat, 0))).heard());
    assertEquals(List.of(text, text), back(chat, "bob", Page.since(at(chat, 2))).heard());
    assertEquals(List.of(text, text), back(chat, "cem", Page.last(4)).heard());
  }

  @Test
  void aSilentRoomHasAPositionToo() {
    TestChat chat = keeping(History.of(10));
    assertEquals(0, lobby(chat).position().offset());
    assertEquals(List.of("true 0"), back(chat, "ann", Page.since(at(chat, 0))).heard());
  }

  @Test
  void aRoomThatWasForgottenHasAnotherEpoch() {
    TestChat chat = chat(RoomOptions.defaults().history(History.of(10)));
    chat.enter("lobby", "ann").say("hello");
    Position first = lobby(chat).position();
    chat.chat().participant("ann").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(List.of(), back(chat, "bob", Page.since(first)).heard());
    assertNotEquals(first.epoch(), lobby(chat).position().epoch());
  }

  @Test
  void whoWasLeftOutThenIsLeftOutOfTheReplay() {
    TestChat chat = keeping(History.of(10));
    TestClient ann = chat.enter("lobby", "ann");
    chat.enter("lobby", "bob");
    chat.enter("lobby", "cem");
    Room lobby = lobby(chat);
    Participant bob = chat.chat().participant("bob").orElseThrow();
    ann.say("to all");
    lobby.announce(Payload.text("only bob"), BroadcastPolicy.only(bob));
    lobby.announce(Payload.text("not bob"), BroadcastPolicy.allBut(bob));
    Page all = Page.since(at(chat, 0));
    assertEquals(List.of("true 3", "to all", "only bob"), back(chat, "bob", all).heard());
    assertEquals(List.of("true 3", "to all", "not bob"), back(chat, "cem", all).heard());
    assertEquals(List.of("to all", "only bob"), texts(lobby.history(all, bob)));
    assertEquals(List.of("to all", "only bob", "not bob"), texts(lobby.history(all)));
  }

  @Test
  void theSenderIsLeftOutOfTheReplayWhereThePolicyExcludesItOrItsConnection() {
    for (BroadcastPolicy policy :
        List.of(BroadcastPolicy.excludingSender(), BroadcastPolicy.excludingOrigin())) {
      TestChat chat =
          chat(RoomOptions.defaults().permanent().history(History.of(10)).policy(policy));
      TestClient ann = chat.enter("lobby", "ann");
      ann.say("mine");
      ann.vanish();
      announce(chat, "ours");
      Page all = Page.since(at(chat, 0));
      assertEquals(List.of("ours"), back(chat, "ann", all).heard(), policy::toString);
      assertEquals(List.of("mine", "ours"), back(chat, "bob", all).heard(), policy::toString);
    }
  }

  @Test
  void theRulesOfTheRoomAreAskedAboutWhatIsReplayed() {
    BroadcastPolicy rule =
        BroadcastPolicy.rule((message, listener) -> message.text().contains(listener.id()));
    TestChat chat = chat(RoomOptions.defaults().permanent().history(History.of(10)).policy(rule));
    TestClient ann = chat.enter("lobby", "ann");
    ann.say("for bob");
    ann.say("for cem");
    Page all = Page.since(at(chat, 0));
    TestClient bob = back(chat, "bob", all);
    assertEquals(List.of("for bob"), bob.heard());
    Participant who = chat.chat().participant("bob").orElseThrow();
    assertEquals(List.of("for bob"), texts(lobby(chat).history(all, who)));
  }

  @Test
  void historyIsPagedBackFromAPosition() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "1", "2", "3", "4", "5");
    List<Message> page = lobby(chat).history(Page.last(2)).orElseThrow();
    assertEquals(List.of("4", "5"), page.stream().map(Message::text).toList());
    Position first = page.get(0).position().orElseThrow();
    assertEquals(at(chat, 4), first);
    assertEquals(List.of("2", "3"), texts(lobby(chat).history(Page.before(first, 2))));
    assertEquals(List.of("1"), texts(lobby(chat).history(Page.before(at(chat, 2), 2))));
    assertEquals(List.of("4", "5"), texts(lobby(chat).history(Page.since(at(chat, 3)))));
    assertTrue(lobby(chat).history(Page.since(at(chat, 6))).isEmpty());
    Position elsewhere = new Position("elsewhere", 4);
    assertEquals(List.of(), texts(lobby(chat).history(Page.before(elsewhere, 2))));
  }

  @Test
  void aKeptMessageKnowsWhoSaidItAndAnAnnouncementThatNobodyDid() {
    TestChat chat = keeping(History.of(10));
    TestClient ann = chat.enter("lobby", "ann");
    ann.say("hello");
    announce(chat, "welcome");
    List<Message> all = lobby(chat).history(Page.last(2)).orElseThrow();
    assertEquals("ann", all.get(0).sender().id());
    assertFalse(all.get(0).reply("too late"), "a kept message has no connection");
    assertTrue(all.get(1).isAnnouncement());
    assertThrows(IllegalStateException.class, () -> all.get(1).sender());
  }

  @Test
  void publishingWithAKeyTwiceIsOneMessage() {
    List<Position> told = new ArrayList<>();
    RoomHandler publishing =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            told.add(room.publish(message.once("k")).toCompletableFuture().join());
          }
        };
    try (TestChat chat = TestChat.of(publishing)) {
      TestClient ann = chat.enter("lobby", "ann");
      TestClient bob = chat.enter("lobby", "bob");
      ann.say("hello");
      ann.say("hello");
      bob.say("hello");
      assertEquals(List.of("hello", "hello"), ann.heard(), "one of each sender");
      assertEquals(List.of(1L, 1L, 2L), told.stream().map(Position::offset).toList());
    }
  }

  @Test
  void offsetsAreDenseAlsoWhereNothingIsKept() {
    TestChat chat = chat(RoomOptions.defaults().permanent());
    announce(chat, "one", "two");
    chat.chat().announce("to all rooms");
    assertEquals(3, lobby(chat).position().offset());
  }

  @Test
  void anAnnouncementToSeveralRoomsIsKeptInEach() {
    TestChat chat = keeping(History.of(10));
    chat.chat().announce("to all rooms");
    assertEquals(List.of("to all rooms"), texts(lobby(chat).history(Page.last(1))));
  }

  @Test
  void whatIsSaidWhileTheGreetingIsMadeComesBehindTheMissed() {
    TestChat chat =
        chat(
            RoomOptions.defaults()
                .permanent()
                .history(History.of(10))
                .greeting(
                    arrival -> {
                      arrival.room().announce("meanwhile");
                      arrival.participant().tell("told");
                      return Payload.text("welcome");
                    }));
    announce(chat, "missed");
    assertEquals(
        List.of("welcome", "missed", "meanwhile", "told"), back(chat, "ann", Page.last(1)).heard());
  }

  @Test
  void aGreetingThatFailsCostsItsConnection() {
    TestChat chat =
        chat(
            RoomOptions.defaults()
                .greeting(
                    arrival -> {
                      throw new IllegalStateException("no words");
                    }));
    try (LogCapture log = new LogCapture()) {
      TestClient ann = chat.enter("lobby", "ann");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(
          List.of("the greeting failed for participant ann in room \"lobby\""), log.messages());
    }
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void aParticipantThatJoinsASecondRoomHearsWhatItMissedThere() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "one", "two");
    TestClient ann = chat.enter("hall", "ann");
    Participant who = chat.chat().participant("ann").orElseThrow();
    assertEquals(Optional.empty(), who.join("lobby", Page.since(at(chat, 1))));
    assertEquals(List.of("true 2", "two"), ann.heard());
  }

  @Test
  void aPageThatEndsBeforeThePresentIsNoReplay() {
    Page gap = Page.before(new Position("e", 3), 2);
    Entry entry = Entry.of("ann", "lobby");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> entry.replay(gap));
    assertEquals(
        "the last 2 before e:3 ends before the present: who comes in hears Page.last(...) or"
            + " Page.since(...)",
        refused.getMessage());
  }

  @Test
  void aPositionIsReadAsItWasWritten() {
    Position position = new Position("abc", 42);
    assertEquals("abc:42", position.toString());
    assertEquals(Optional.of(position), Position.parse("abc:42"));
    for (String wrong :
        List.of(
            "",
            "abc",
            "abc:",
            ":1",
            "abc:-1",
            "abc:1:2",
            "abc:99999999999999999999",
            "a".repeat(33) + ":1")) {
      assertEquals(Optional.empty(), Position.parse(wrong), wrong);
    }
    assertThrows(IllegalArgumentException.class, () -> new Position("abc", -1));
  }
}
