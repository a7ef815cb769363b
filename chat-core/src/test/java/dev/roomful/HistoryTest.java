package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
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
  private final List<JoinInfo> arrivals = new ArrayList<>();
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
            .withPermanent()
            .withHistory(history)
            .withWelcome(
                arrival -> {
                  arrivals.add(arrival);
                  return Payload.text(arrival.recovered() + " " + arrival.position().offset());
                }));
  }

  private static Room lobby(TestChat chat) {
    return chat.chat().room("lobby").orElseThrow();
  }

  private static TestClient back(TestChat chat, String id, HistoryRange missed) {
    return chat.connect(AcceptedAdmission.of(id, "lobby").withReplay(missed));
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
    TestChat chat = chat(RoomOptions.defaults().withPermanent());
    announce(chat, "one");
    assertEquals(List.of(), texts(lobby(chat).history(HistoryRange.last(10))));
    assertEquals(List.of(), back(chat, "ann", HistoryRange.last(10)).received());
  }

  @Test
  void whoComesInHearsTheGreetingThenTheLastMessagesThenWhatIsSaid() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "one", "two", "three");
    TestClient ann = back(chat, "ann", HistoryRange.last(2));
    announce(chat, "four");
    assertEquals(List.of("false 3", "two", "three", "four"), ann.received());
    assertEquals(2, arrivals.get(0).replayed());
    assertEquals("ann", arrivals.get(0).participants().get(0).id());
  }

  @Test
  void whoComesBackHearsEverythingSinceItsPositionOnce() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "one", "two", "three");
    TestClient ann = back(chat, "ann", HistoryRange.since(at(chat, 1)));
    assertEquals(List.of("true 3", "two", "three"), ann.received());
    assertEquals(List.of("true 3"), back(chat, "ann", HistoryRange.since(at(chat, 3))).received());
  }

  @Test
  void aReplayIsNeverAPartOfWhatWasMissed() {
    TestChat chat = keeping(History.of(2));
    announce(chat, "one", "two", "three");
    assertEquals(
        List.of("true 3", "two", "three"),
        back(chat, "a", HistoryRange.since(at(chat, 1))).received());
    assertEquals(
        List.of("false 3"), back(chat, "b", HistoryRange.since(at(chat, 0))).received(), "trimmed");
    assertEquals(
        List.of("false 3"), back(chat, "c", HistoryRange.since(at(chat, 4))).received(), "future");
    assertEquals(
        List.of("false 3"),
        back(chat, "d", HistoryRange.since(new Position("elsewhere", 3))).received(),
        "another epoch");
  }

  @Test
  void whatHasExpiredIsNotReplayedAndNotKept() {
    TestChat chat = keeping(History.of(10).withAge(Duration.ofMinutes(5)));
    announce(chat, "one");
    chat.advance(Duration.ofMinutes(3));
    announce(chat, "two");
    chat.advance(Duration.ofMinutes(3));
    assertEquals(List.of("two"), texts(lobby(chat).history(HistoryRange.last(10))));
    assertEquals(List.of("false 2"), back(chat, "ann", HistoryRange.since(at(chat, 0))).received());
    assertEquals(
        List.of("true 2", "two"), back(chat, "bob", HistoryRange.since(at(chat, 1))).received());
  }

  @Test
  void historyIsBoundedInBytes() {
    TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().withMessageBytes(10))
                .room(
                    "lobby",
                    RoomOptions.defaults()
                        .withPermanent()
                        .withHistory(History.of(100).withBytes(10))));
    chats.add(chat);
    announce(chat, "12345", "äöü", "1234");
    assertEquals(List.of("äöü", "1234"), texts(lobby(chat).history(HistoryRange.last(10))));
    announce(chat, "12345678901");
    assertEquals(List.of(), texts(lobby(chat).history(HistoryRange.last(10))));
  }

  @Test
  void moreThanHalfAnOutboxIsNotReplayed() {
    TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().withOutboxBytes(1024).withMessageBytes(500))
                .room(
                    "lobby", RoomOptions.defaults().withPermanent().withHistory(History.of(100))));
    chats.add(chat);
    String text = "~".repeat(200);
    announce(chat, text, text, text, text);
    assertEquals(List.of(), back(chat, "ann", HistoryRange.since(at(chat, 0))).received());
    assertEquals(
        List.of(text, text), back(chat, "bob", HistoryRange.since(at(chat, 2))).received());
    assertEquals(List.of(text, text), back(chat, "cem", HistoryRange.last(4)).received());
  }

  @Test
  void aSilentRoomHasAPositionToo() {
    TestChat chat = keeping(History.of(10));
    assertEquals(0, lobby(chat).position().offset());
    assertEquals(List.of("true 0"), back(chat, "ann", HistoryRange.since(at(chat, 0))).received());
  }

  @Test
  void aRoomThatWasForgottenHasAnotherEpoch() {
    TestChat chat = chat(RoomOptions.defaults().withHistory(History.of(10)));
    chat.connect("lobby", "ann").send("hello");
    Position first = lobby(chat).position();
    chat.chat().participant("ann").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(List.of(), back(chat, "bob", HistoryRange.since(first)).received());
    assertNotEquals(first.epoch(), lobby(chat).position().epoch());
  }

  @Test
  void whoWasLeftOutThenIsLeftOutOfTheReplay() {
    TestChat chat = keeping(History.of(10));
    TestClient ann = chat.connect("lobby", "ann");
    chat.connect("lobby", "bob");
    chat.connect("lobby", "cem");
    Room lobby = lobby(chat);
    Participant bob = chat.chat().participant("bob").orElseThrow();
    ann.send("to all");
    lobby.announce(Payload.text("only bob"), BroadcastPolicy.only(bob));
    lobby.announce(Payload.text("not bob"), BroadcastPolicy.except(bob));
    HistoryRange all = HistoryRange.since(at(chat, 0));
    assertEquals(List.of("true 3", "to all", "only bob"), back(chat, "bob", all).received());
    assertEquals(List.of("true 3", "to all", "not bob"), back(chat, "cem", all).received());
    assertEquals(List.of("to all", "only bob"), texts(lobby.history(all, bob)));
    assertEquals(List.of("to all", "only bob", "not bob"), texts(lobby.history(all)));
  }

  @Test
  void theSenderIsLeftOutOfTheReplayWhereThePolicyExcludesItOrItsConnection() {
    for (BroadcastPolicy policy :
        List.of(BroadcastPolicy.excludingSender(), BroadcastPolicy.excludingOrigin())) {
      TestChat chat =
          chat(
              RoomOptions.defaults()
                  .withPermanent()
                  .withHistory(History.of(10))
                  .withPolicy(policy));
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("mine");
      ann.abort();
      announce(chat, "ours");
      HistoryRange all = HistoryRange.since(at(chat, 0));
      assertEquals(List.of("ours"), back(chat, "ann", all).received(), policy::toString);
      assertEquals(List.of("mine", "ours"), back(chat, "bob", all).received(), policy::toString);
    }
  }

  @Test
  void theRulesOfTheRoomAreAskedAboutWhatIsReplayed() {
    BroadcastPolicy rule =
        BroadcastPolicy.rule((message, listener) -> message.text().contains(listener.id()));
    TestChat chat =
        chat(RoomOptions.defaults().withPermanent().withHistory(History.of(10)).withPolicy(rule));
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("for bob");
    ann.send("for cem");
    HistoryRange all = HistoryRange.since(at(chat, 0));
    TestClient bob = back(chat, "bob", all);
    assertEquals(List.of("for bob"), bob.received());
    Participant who = chat.chat().participant("bob").orElseThrow();
    assertEquals(List.of("for bob"), texts(lobby(chat).history(all, who)));
  }

  @Test
  void historyIsPagedBackFromAPosition() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "1", "2", "3", "4", "5");
    List<Message> page = lobby(chat).history(HistoryRange.last(2)).orElseThrow();
    assertEquals(List.of("4", "5"), page.stream().map(Message::text).toList());
    Position first = page.get(0).position().orElseThrow();
    assertEquals(at(chat, 4), first);
    assertEquals(List.of("2", "3"), texts(lobby(chat).history(HistoryRange.before(first, 2))));
    assertEquals(List.of("1"), texts(lobby(chat).history(HistoryRange.before(at(chat, 2), 2))));
    assertEquals(List.of("4", "5"), texts(lobby(chat).history(HistoryRange.since(at(chat, 3)))));
    assertTrue(lobby(chat).history(HistoryRange.since(at(chat, 6))).isEmpty());
    Position elsewhere = new Position("elsewhere", 4);
    assertEquals(List.of(), texts(lobby(chat).history(HistoryRange.before(elsewhere, 2))));
  }

  @Test
  void aKeptMessageKnowsWhoSaidItAndAnAnnouncementThatNobodyDid() {
    TestChat chat = keeping(History.of(10));
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("hello");
    announce(chat, "welcome");
    List<Message> all = lobby(chat).history(HistoryRange.last(2)).orElseThrow();
    assertEquals("ann", all.get(0).sender().id());
    assertFalse(all.get(0).reply("too late").isDone(), "a kept message has no connection");
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
            told.add(room.publish(message.withIdempotencyKey("k")).toCompletableFuture().join());
          }
        };
    try (TestChat chat = TestChat.of(publishing)) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      ann.send("hello");
      ann.send("hello");
      bob.send("hello");
      assertEquals(List.of("hello", "hello"), ann.received(), "one of each sender");
      assertEquals(List.of(1L, 1L, 2L), told.stream().map(Position::offset).toList());
    }
  }

  @Test
  void offsetsAreDenseAlsoWhereNothingIsKept() {
    TestChat chat = chat(RoomOptions.defaults().withPermanent());
    announce(chat, "one", "two");
    chat.chat().announce("to all rooms");
    assertEquals(3, lobby(chat).position().offset());
  }

  @Test
  void anAnnouncementToSeveralRoomsIsKeptInEach() {
    TestChat chat = keeping(History.of(10));
    chat.chat().announce("to all rooms");
    assertEquals(List.of("to all rooms"), texts(lobby(chat).history(HistoryRange.last(1))));
  }

  @Test
  void whatIsSaidWhileTheGreetingIsMadeComesBehindTheMissed() {
    TestChat chat =
        chat(
            RoomOptions.defaults()
                .withPermanent()
                .withHistory(History.of(10))
                .withWelcome(
                    arrival -> {
                      arrival.room().announce("meanwhile");
                      arrival.participant().send("told");
                      return Payload.text("welcome");
                    }));
    announce(chat, "missed");
    assertEquals(
        List.of("welcome", "missed", "meanwhile", "told"),
        back(chat, "ann", HistoryRange.last(1)).received());
  }

  @Test
  void aGreetingThatFailsCostsItsConnection() {
    TestChat chat =
        chat(
            RoomOptions.defaults()
                .withWelcome(
                    arrival -> {
                      throw new IllegalStateException("no words");
                    }));
    try (LogCapture log = new LogCapture()) {
      TestClient ann = chat.connect("lobby", "ann");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(
          List.of("WelcomeMessage threw an exception for participant ann in room \"lobby\""),
          log.messages());
    }
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void aParticipantThatJoinsASecondRoomHearsWhatItMissedThere() {
    TestChat chat = keeping(History.of(10));
    announce(chat, "one", "two");
    TestClient ann = chat.connect("hall", "ann");
    Participant who = chat.chat().participant("ann").orElseThrow();
    assertEquals(Outcome.done(), who.join("lobby", HistoryRange.since(at(chat, 1))));
    assertEquals(List.of("true 2", "two"), ann.received());
  }

  @Test
  void aPageThatEndsBeforeThePresentIsNoReplay() {
    HistoryRange gap = HistoryRange.before(new Position("e", 3), 2);
    AcceptedAdmission entry = AcceptedAdmission.of("ann", "lobby");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> entry.withReplay(gap));
    assertEquals(
        "the replay \"the last 2 before e:3\" ends before the newest message: use last(...) or"
            + " since(...)",
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
