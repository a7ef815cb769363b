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
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stored messages: bounds, replay at a join, and exclusion from replay (guarantee 3). */
class HistoryTest {
  private final List<JoinInfo> joinInfos = new ArrayList<>();
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

  /** A chat with a permanent room whose welcome shows the outcome of the replay. */
  private TestChat chatWithHistory(History history) {
    return chat(
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(history)
            .withWelcome(
                joinInfo -> {
                  joinInfos.add(joinInfo);
                  return Payload.text(joinInfo.recovered() + " " + joinInfo.position().offset());
                }));
  }

  private static Room lobby(TestChat chat) {
    return chat.chat().room("lobby").orElseThrow();
  }

  private static TestClient rejoin(TestChat chat, String id, HistoryRange replay) {
    return chat.connect(AcceptedAdmission.of(id, "lobby").withReplay(replay));
  }

  private static Position positionAt(TestChat chat, long offset) {
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
  void aRoomStoresNothingByDefault() {
    TestChat chat = chat(RoomOptions.defaults().withPermanent());
    announce(chat, "one");
    assertEquals(List.of(), texts(lobby(chat).history(HistoryRange.last(10))));
    assertEquals(List.of(), rejoin(chat, "ann", HistoryRange.last(10)).received());
  }

  @Test
  void joiningReceivesWelcomeThenReplayThenLiveMessages() {
    TestChat chat = chatWithHistory(History.of(10));
    announce(chat, "one", "two", "three");
    TestClient ann = rejoin(chat, "ann", HistoryRange.last(2));
    announce(chat, "four");
    assertEquals(List.of("false 3", "two", "three", "four"), ann.received());
    assertEquals(2, joinInfos.get(0).replayed());
    assertEquals("ann", joinInfos.get(0).participants().get(0).id());
  }

  @Test
  void rejoiningReceivesEachMessageSinceItsPositionOnce() {
    TestChat chat = chatWithHistory(History.of(10));
    announce(chat, "one", "two", "three");
    TestClient ann = rejoin(chat, "ann", HistoryRange.since(positionAt(chat, 1)));
    assertEquals(List.of("true 3", "two", "three"), ann.received());
    assertEquals(
        List.of("true 3"), rejoin(chat, "ann", HistoryRange.since(positionAt(chat, 3))).received());
  }

  @Test
  void aReplayIsCompleteOrNothing() {
    TestChat chat = chatWithHistory(History.of(2));
    announce(chat, "one", "two", "three");
    assertEquals(
        List.of("true 3", "two", "three"),
        rejoin(chat, "a", HistoryRange.since(positionAt(chat, 1))).received());
    assertEquals(
        List.of("false 3"),
        rejoin(chat, "b", HistoryRange.since(positionAt(chat, 0))).received(),
        "trimmed");
    assertEquals(
        List.of("false 3"),
        rejoin(chat, "c", HistoryRange.since(positionAt(chat, 4))).received(),
        "future");
    assertEquals(
        List.of("false 3"),
        rejoin(chat, "d", HistoryRange.since(new Position("elsewhere", 3))).received(),
        "another epoch");
  }

  @Test
  void expiredMessagesAreNeitherReplayedNorStored() {
    TestChat chat = chatWithHistory(History.of(10).withAge(Duration.ofMinutes(5)));
    announce(chat, "one");
    chat.advance(Duration.ofMinutes(3));
    announce(chat, "two");
    chat.advance(Duration.ofMinutes(3));
    assertEquals(List.of("two"), texts(lobby(chat).history(HistoryRange.last(10))));
    assertEquals(
        List.of("false 2"),
        rejoin(chat, "ann", HistoryRange.since(positionAt(chat, 0))).received());
    assertEquals(
        List.of("true 2", "two"),
        rejoin(chat, "bob", HistoryRange.since(positionAt(chat, 1))).received());
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
    assertEquals(
        List.of(), rejoin(chat, "ann", HistoryRange.since(positionAt(chat, 0))).received());
    assertEquals(
        List.of(text, text),
        rejoin(chat, "bob", HistoryRange.since(positionAt(chat, 2))).received());
    assertEquals(List.of(text, text), rejoin(chat, "cem", HistoryRange.last(4)).received());
  }

  @Test
  void aRoomWithoutMessagesHasAPosition() {
    TestChat chat = chatWithHistory(History.of(10));
    assertEquals(0, lobby(chat).position().offset());
    assertEquals(
        List.of("true 0"), rejoin(chat, "ann", HistoryRange.since(positionAt(chat, 0))).received());
  }

  @Test
  void aRecreatedRoomHasAnotherEpoch() {
    TestChat chat = chat(RoomOptions.defaults().withHistory(History.of(10)));
    chat.connect("lobby", "ann").send("hello");
    Position first = lobby(chat).position();
    chat.chat().participant("ann").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(List.of(), rejoin(chat, "bob", HistoryRange.since(first)).received());
    assertNotEquals(first.epoch(), lobby(chat).position().epoch());
  }

  @Test
  void aRecipientExcludedAtPublicationIsExcludedFromReplay() {
    TestChat chat = chatWithHistory(History.of(10));
    TestClient ann = chat.connect("lobby", "ann");
    chat.connect("lobby", "bob");
    chat.connect("lobby", "cem");
    Room lobby = lobby(chat);
    Participant bob = chat.chat().participant("bob").orElseThrow();
    ann.send("to all");
    lobby.announce(Payload.text("only bob"), BroadcastPolicy.only(bob));
    lobby.announce(Payload.text("not bob"), BroadcastPolicy.except(bob));
    HistoryRange all = HistoryRange.since(positionAt(chat, 0));
    assertEquals(List.of("true 3", "to all", "only bob"), rejoin(chat, "bob", all).received());
    assertEquals(List.of("true 3", "to all", "not bob"), rejoin(chat, "cem", all).received());
    assertEquals(List.of("to all", "only bob"), texts(lobby.history(all, bob)));
    assertEquals(List.of("to all", "only bob", "not bob"), texts(lobby.history(all)));
  }

  @Test
  void replayExcludesTheSenderWhereThePolicyExcludesItOrItsConnection() {
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
      HistoryRange all = HistoryRange.since(positionAt(chat, 0));
      assertEquals(List.of("ours"), rejoin(chat, "ann", all).received(), policy::toString);
      assertEquals(List.of("mine", "ours"), rejoin(chat, "bob", all).received(), policy::toString);
    }
  }

  @Test
  void roomRulesApplyToReplayedMessages() {
    BroadcastPolicy rule =
        BroadcastPolicy.rule((message, recipient) -> message.text().contains(recipient.id()));
    TestChat chat =
        chat(RoomOptions.defaults().withPermanent().withHistory(History.of(10)).withPolicy(rule));
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("for bob");
    ann.send("for cem");
    HistoryRange all = HistoryRange.since(positionAt(chat, 0));
    TestClient bob = rejoin(chat, "bob", all);
    assertEquals(List.of("for bob"), bob.received());
    Participant participant = chat.chat().participant("bob").orElseThrow();
    assertEquals(List.of("for bob"), texts(lobby(chat).history(all, participant)));
  }

  @Test
  void historyPagesBackwardsFromAPosition() {
    TestChat chat = chatWithHistory(History.of(10));
    announce(chat, "1", "2", "3", "4", "5");
    List<Message> page = lobby(chat).history(HistoryRange.last(2)).orElseThrow();
    assertEquals(List.of("4", "5"), page.stream().map(Message::text).toList());
    Position first = page.get(0).position().orElseThrow();
    assertEquals(positionAt(chat, 4), first);
    assertEquals(List.of("2", "3"), texts(lobby(chat).history(HistoryRange.before(first, 2))));
    assertEquals(
        List.of("1"), texts(lobby(chat).history(HistoryRange.before(positionAt(chat, 2), 2))));
    assertEquals(
        List.of("4", "5"), texts(lobby(chat).history(HistoryRange.since(positionAt(chat, 3)))));
    assertTrue(lobby(chat).history(HistoryRange.since(positionAt(chat, 6))).isEmpty());
    Position elsewhere = new Position("elsewhere", 4);
    assertEquals(List.of(), texts(lobby(chat).history(HistoryRange.before(elsewhere, 2))));
  }

  @Test
  void aStoredMessageHasItsSenderAndAnAnnouncementHasNone() {
    TestChat chat = chatWithHistory(History.of(10));
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("hello");
    announce(chat, "welcome");
    List<Message> all = lobby(chat).history(HistoryRange.last(2)).orElseThrow();
    assertEquals("ann", all.get(0).sender().id());
    assertFalse(all.get(0).reply("too late").isDone(), "a stored message has no connection");
    assertTrue(all.get(1).isAnnouncement());
    assertThrows(IllegalStateException.class, () -> all.get(1).sender());
  }

  @Test
  void publishingTwiceWithOneIdempotencyKeyStoresOneMessage() {
    List<Position> positions = new ArrayList<>();
    RoomHandler publishing =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            positions.add(
                room.publish(message.withIdempotencyKey("k")).toCompletableFuture().join());
          }
        };
    try (TestChat chat = TestChat.of(publishing)) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      ann.send("hello");
      ann.send("hello");
      bob.send("hello");
      assertEquals(List.of("hello", "hello"), ann.received(), "one message per sender");
      assertEquals(List.of(1L, 1L, 2L), positions.stream().map(Position::offset).toList());
    }
  }

  @Test
  void aStoredAnnouncementIsPublishedOnceMoreWithAnIdempotencyKey() {
    TestChat chat = chatWithHistory(History.of(10));
    announce(chat, "news");
    Message stored = lobby(chat).history(HistoryRange.last(1)).orElseThrow().get(0);
    for (int i = 0; i < 2; i++) {
      Position position =
          lobby(chat).publish(stored.withIdempotencyKey("k")).toCompletableFuture().join();
      assertEquals(2, position.offset());
    }
    assertEquals(List.of("news", "news"), texts(lobby(chat).history(HistoryRange.last(10))));
  }

  @Test
  void offsetsAreDenseEvenWithoutHistory() {
    TestChat chat = chat(RoomOptions.defaults().withPermanent());
    announce(chat, "one", "two");
    chat.chat().announce("to all rooms");
    assertEquals(3, lobby(chat).position().offset());
  }

  @Test
  void anAnnouncementToSeveralRoomsIsStoredInEach() {
    TestChat chat = chatWithHistory(History.of(10));
    chat.chat().announce("to all rooms");
    assertEquals(List.of("to all rooms"), texts(lobby(chat).history(HistoryRange.last(1))));
  }

  @Test
  void messagesPublishedDuringTheWelcomeFollowTheReplay() {
    TestChat chat =
        chat(
            RoomOptions.defaults()
                .withPermanent()
                .withHistory(History.of(10))
                .withWelcome(
                    joinInfo -> {
                      joinInfo.room().announce("meanwhile");
                      joinInfo.participant().send("direct");
                      return Payload.text("welcome");
                    }));
    announce(chat, "missed");
    assertEquals(
        List.of("welcome", "missed", "meanwhile", "direct"),
        rejoin(chat, "ann", HistoryRange.last(1)).received());
  }

  @Test
  void aFailingWelcomeClosesItsConnection() {
    TestChat chat =
        chat(
            RoomOptions.defaults()
                .withWelcome(
                    joinInfo -> {
                      throw new IllegalStateException("no welcome");
                    }));
    try (LogCapture log = new LogCapture()) {
      TestClient ann = chat.connect("lobby", "ann");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(
          List.of(
              "WelcomeMessage threw an exception at a join; closing the connection"
                  + " [event=join-callback-failed callback=WelcomeMessage participant=ann"
                  + " room=lobby]"),
          log.messages());
    }
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void joiningASecondRoomReplaysItsHistory() {
    TestChat chat = chatWithHistory(History.of(10));
    announce(chat, "one", "two");
    TestClient ann = chat.connect("hall", "ann");
    Participant participant = chat.chat().participant("ann").orElseThrow();
    assertEquals(
        Outcome.done(), participant.join("lobby", HistoryRange.since(positionAt(chat, 1))));
    assertEquals(List.of("true 2", "two"), ann.received());
  }

  @Test
  void aRangeThatEndsBeforeTheNewestMessageIsRejectedAsReplay() {
    HistoryRange gap = HistoryRange.before(new Position("e", 3), 2);
    AcceptedAdmission admission = AcceptedAdmission.of("ann", "lobby");
    IllegalArgumentException exception =
        assertThrows(IllegalArgumentException.class, () -> admission.withReplay(gap));
    assertEquals(
        "the replay \"the last 2 before e:3\" ends before the newest message: use last(...) or"
            + " since(...)",
        exception.getMessage());
  }

  @Test
  void aPositionRoundTripsThroughText() {
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
