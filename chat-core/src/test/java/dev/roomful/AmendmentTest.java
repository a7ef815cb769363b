package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Edits, deletions, reactions and pins of messages that were published before. */
class AmendmentTest {
  private static final HistoryRange FOLDED = HistoryRange.last(100).folded();
  private static final HistoryRange RAW = HistoryRange.last(100);

  /** A handler whose clients write "edit 3 text", "delete 3", "react 3 text", and so on. */
  private static final RoomHandler HANDLER =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          String[] words = message.text().split(" ", 3);
          boolean amends = words.length > 1 && words[1].matches("[0-9]+");
          room.publish(amends ? amending(room, message, words) : message)
              .toCompletableFuture()
              .join();
        }

        private Message amending(Room room, Message message, String[] words) {
          Position target = at(room, Long.parseLong(words[1]));
          return switch (words[0]) {
            case "edit" -> message.withPayload(words[2]).withAmendment(Amendment.edit(target));
            case "delete" -> message.withAmendment(Amendment.delete(target));
            case "react" -> message.withAmendment(Amendment.react(target, words[2]));
            case "unreact" -> message.withAmendment(Amendment.unreact(target, words[2]));
            case "pin" -> message.withAmendment(Amendment.pin(target));
            default -> message.withAmendment(Amendment.unpin(target));
          };
        }

        @Override
        public void onRejected(Room room, Message message, Rejection rejection) {
          message.reply("rejected: " + rejection.code());
        }
      };

  private final TestChat chat =
      TestChat.of(
          Chat.builder(HANDLER)
              .limits(Limits.defaults().withMessagesPerSecond(0))
              .room(
                  "lobby", RoomOptions.defaults().withPermanent().withHistory(History.of(2_000))));

  @AfterEach
  void close() {
    chat.close();
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  private static Position at(Room room, long offset) {
    return new Position(room.position().epoch(), offset);
  }

  private Position at(long offset) {
    return at(lobby(), offset);
  }

  private TestClient connect(String id, Role role) {
    return chat.connect(AcceptedAdmission.of(id, "lobby").withRole(role));
  }

  private List<String> texts(HistoryRange range) {
    return history(range).stream().map(Message::text).toList();
  }

  private List<Message> history(HistoryRange range) {
    return lobby().history(range).orElseThrow();
  }

  private static String code(CompletionStage<Position> published) {
    CompletionException failure =
        assertThrows(CompletionException.class, () -> published.toCompletableFuture().join());
    return ((RejectedException) failure.getCause()).rejection().code();
  }

  @Test
  void anEditReachesThoseWhoAreHereAndReplacesThePayloadForLaterReaders() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient bob = connect("bob", Role.MEMBER);
    ann.send("helo");
    ann.send("edit 1 hello");
    assertEquals(List.of("helo", "hello"), bob.received());
    Message edited = history(FOLDED).get(0);
    assertEquals("hello", edited.text());
    assertTrue(edited.isEdited());
    assertEquals(at(1), edited.position().orElseThrow());
    assertEquals(Amendment.edit(at(1)), history(RAW).get(1).amendment().orElseThrow());
    assertEquals(List.of("hello"), texts(FOLDED));
  }

  @Test
  void anEditedMessageKeepsItsHeaders() {
    Sender bot = Sender.of("bot", "Bot");
    lobby().publish(lobby().messageFrom(bot, Payload.text("a")).withHeader("language", "de"));
    lobby()
        .publish(
            lobby()
                .messageFrom(bot, Payload.text("b"))
                .withHeader("language", "en")
                .withAmendment(Amendment.edit(at(1))));
    assertEquals(Map.of("language", "de"), history(FOLDED).get(0).headers());
  }

  @Test
  void aClientThatWasAwayReceivesTheAmendmentsThatItMissed() {
    TestClient ann = connect("ann", Role.MEMBER);
    ann.send("one");
    ann.send("two");
    Position known = lobby().position();
    ann.send("edit 1 ONE");
    ann.send("react 2 +1");
    ann.send("delete 1");
    TestClient bob =
        chat.connect(AcceptedAdmission.of("bob", "lobby").withReplay(HistoryRange.since(known)));
    assertEquals(List.of("react 2 +1", "delete 1"), bob.received(), "no edit of what is deleted");
  }

  @Test
  void aDeletionWithoutANoticeReachesNobody() {
    TestClient ann = connect("ann", Role.MEMBER);
    ann.send("one");
    assertEquals(Outcome.done(), lobby().deleteMessage(at(1)));
    assertEquals(List.of("one"), ann.received());
    assertEquals(2, lobby().position().offset());
  }

  @Test
  void onlyTheAuthorEditsAMessage() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient mia = connect("mia", Role.OWNER);
    ann.send("one");
    mia.send("edit 1 ONE");
    assertEquals(List.of("one", "rejected: not-allowed"), mia.received());
    lobby().announce("two");
    ann.send("edit 2 TWO");
    assertEquals(List.of("one", "two", "rejected: not-allowed"), ann.received());
    assertEquals(List.of("one", "two"), texts(FOLDED));
  }

  @Test
  void aRoleThatMayEditsMessagesOfOthers() {
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withRoles(
                (role, action) ->
                    action == Role.Action.EDIT_MESSAGES
                        ? role == Role.OWNER
                        : Role.defaultRule().allows(role, action));
    try (TestChat other = TestChat.of(Chat.builder(HANDLER).rooms(options))) {
      TestClient ann = other.connect("lobby", "ann");
      TestClient mia = other.connect(AcceptedAdmission.of("mia", "lobby").withRole(Role.OWNER));
      ann.send("one");
      mia.send("edit 1 ONE");
      assertEquals(List.of("one", "ONE"), ann.received());
    }
  }

  @Test
  void aVisitorMayNeitherReactNorPin() {
    connect("ann", Role.MEMBER).send("one");
    Sender vic = Sender.of("vic", "Vic");
    connect("vic", Role.VISITOR);
    for (Amendment amendment : List.of(Amendment.react(at(1), "+1"), Amendment.pin(at(1)))) {
      Message message = lobby().messageFrom(vic, Payload.text("")).withAmendment(amendment);
      assertEquals(Rejection.NOT_ALLOWED, code(lobby().publish(message)), amendment.toString());
    }
  }

  @Test
  void theAuthorDeletesItsMessageAndAModeratorThoseOfOthers() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient bob = connect("bob", Role.MEMBER);
    TestClient mia = connect("mia", Role.MODERATOR);
    ann.send("one");
    ann.send("two");
    bob.send("delete 1");
    ann.send("delete 1");
    mia.send("delete 2");
    assertEquals(
        List.of("one", "two", "rejected: not-allowed", "delete 1", "delete 2"), bob.received());
    assertEquals(List.of(), texts(FOLDED));
  }

  @Test
  void aDeletionRemovesEarlierTextsAndReactionsOfTheMessage() {
    TestClient ann = connect("ann", Role.MEMBER);
    ann.send("secret");
    ann.send("edit 1 less secret");
    ann.send("react 1 +1");
    ann.send("delete 1");
    assertEquals(List.of("delete 1"), texts(RAW));
  }

  @Test
  void aLaterAmendmentReplacesEarlierOnesInTheHistory() {
    TestClient ann = connect("ann", Role.MODERATOR);
    TestClient bob = connect("bob", Role.MEMBER);
    ann.send("one");
    ann.send("edit 1 two");
    ann.send("pin 1");
    ann.send("react 1 +1");
    bob.send("react 1 +1");
    ann.send("edit 1 three");
    ann.send("unpin 1");
    ann.send("unreact 1 +1");
    assertEquals(List.of("three", "react 1 +1", "three", "unpin 1", "unreact 1 +1"), texts(RAW));
    assertEquals(Map.of("+1", Set.of("bob")), history(FOLDED).get(0).reactions());
  }

  @Test
  void eachParticipantReactsOnceWithTheSameReactionAndMayTakeItBack() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient bob = connect("bob", Role.MEMBER);
    ann.send("one");
    bob.send("react 1 heart");
    ann.send("react 1 +1");
    bob.send("react 1 +1");
    bob.send("react 1 +1");
    Map<String, Set<String>> reactions = history(FOLDED).get(0).reactions();
    assertEquals(Map.of("heart", Set.of("bob"), "+1", Set.of("ann", "bob")), reactions);
    assertEquals(List.of("heart", "+1"), List.copyOf(reactions.keySet()), "in their order");
    bob.send("unreact 1 heart");
    bob.send("unreact 1 never-added");
    assertEquals(Map.of("+1", Set.of("ann", "bob")), history(FOLDED).get(0).reactions());
  }

  @Test
  void reactionsToOneMessageAreBounded() {
    connect("ann", Role.MEMBER).send("one");
    for (int i = 0; i < Amendment.MAX_REACTION_KINDS; i++) {
      react("ann", "kind " + i);
    }
    assertEquals(Rejection.TOO_MANY_REACTIONS, code(reactAs("ann", "one kind more")));
    for (int i = Amendment.MAX_REACTION_KINDS; i < Amendment.MAX_REACTIONS; i++) {
      react("id" + i, "kind 0");
    }
    assertEquals(Rejection.TOO_MANY_REACTIONS, code(reactAs("bob", "kind 0")));
    react("ann", "kind 0"); // again
    assertEquals(Amendment.MAX_REACTION_KINDS, history(FOLDED).get(0).reactions().size());
  }

  private void react(String id, String reaction) {
    reactAs(id, reaction).toCompletableFuture().join();
  }

  private CompletionStage<Position> reactAs(String id, String reaction) {
    return lobby()
        .publish(
            lobby()
                .messageFrom(Sender.of(id, id), Payload.text("reaction"))
                .withAmendment(Amendment.react(at(1), reaction)));
  }

  @Test
  void moderatorsPinMessages() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient mia = connect("mia", Role.MODERATOR);
    ann.send("one");
    ann.send("pin 1");
    assertEquals(List.of("one", "rejected: not-allowed"), ann.received());
    mia.send("pin 1");
    assertTrue(history(FOLDED).get(0).isPinned());
    mia.send("unpin 1");
    assertFalse(history(FOLDED).get(0).isPinned());
  }

  @Test
  void anAmendmentNeedsAStoredMessage() {
    TestClient ann = connect("ann", Role.MODERATOR);
    ann.send("one");
    ann.send("react 1 +1");
    assertEquals(
        Rejection.NOT_FOUND, code(lobby().amend(Amendment.pin(at(2)), Payload.text("pinned"))));
    assertEquals(
        Rejection.NOT_FOUND, code(lobby().amend(Amendment.edit(at(9)), Payload.text("nine"))));
    assertEquals(
        Rejection.NOT_FOUND,
        code(lobby().amend(Amendment.edit(new Position("other", 1)), Payload.text("x"))));
    assertEquals(
        Rejection.NOT_FOUND, lobby().deleteMessage(at(2)).rejection().orElseThrow().code());
    assertEquals(2, lobby().position().offset());
  }

  @Test
  void aRoomWithoutHistoryHasNothingToAmend() {
    try (TestChat other = TestChat.of(Chat.builder(HANDLER))) {
      TestClient ann = other.connect("lobby", "ann");
      ann.send("one");
      ann.send("edit 1 ONE");
      assertEquals(List.of("one", "rejected: not-found"), ann.received());
    }
  }

  @Test
  void anAmendmentReachesOnlyThoseWhomTheMessageWasPublishedTo() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient bob = connect("bob", Role.MEMBER);
    TestClient eve = connect("eve", Role.MEMBER);
    Message whisper = lobby().messageFrom(Sender.of("ann", "ann"), Payload.text("psst"));
    lobby().publish(whisper, BroadcastPolicy.onlyIds(Set.of("ann", "bob")));
    lobby().announce(Payload.text("not you"), BroadcastPolicy.exceptIds(Set.of("eve")));
    ann.send("edit 1 psssst");
    lobby().amend(Amendment.edit(at(2)), Payload.text("nor you"));
    assertEquals(List.of("psst", "not you", "psssst", "nor you"), bob.received());
    assertEquals(List.of(), eve.received());
  }

  @Test
  void aMutedParticipantMayNotAmend() {
    TestClient ann = connect("ann", Role.MEMBER);
    ann.send("one");
    lobby().mute("ann", Duration.ofMinutes(1), "hush");
    ann.send("edit 1 ONE");
    assertEquals(List.of("one", "rejected: muted"), ann.received());
    Message message = lobby().messageFrom(Sender.of("ann", "ann"), Payload.text("ONE"));
    assertEquals(
        Rejection.MUTED, code(lobby().publish(message.withAmendment(Amendment.edit(at(1))))));
  }

  @Test
  void anAmendmentThatIsSentAgainIsPublishedOnce() {
    connect("ann", Role.MEMBER).send("one");
    Message edit =
        lobby()
            .messageFrom(Sender.of("ann", "ann"), Payload.text("two"))
            .withAmendment(Amendment.edit(at(1)))
            .withIdempotencyKey("edit-1");
    Position first = lobby().publish(edit).toCompletableFuture().join();
    assertEquals(first, lobby().publish(edit).toCompletableFuture().join());
    assertEquals(2, lobby().position().offset());
  }

  @Test
  void aFoldedRangeCountsMessagesAndARawOneAmendmentsToo() {
    TestClient ann = connect("ann", Role.MEMBER);
    ann.send("one");
    ann.send("two");
    ann.send("edit 1 ONE");
    ann.send("edit 2 TWO");
    assertEquals(List.of("ONE", "TWO"), texts(HistoryRange.last(2).folded()));
    assertEquals(List.of("ONE", "TWO"), texts(HistoryRange.last(2)), "the edits");
    assertEquals(List.of("ONE"), texts(HistoryRange.before(at(2), 9).folded()));
    assertEquals(List.of(), texts(HistoryRange.since(at(2)).folded()));
  }

  @Test
  void aFoldedRangeIsNoReplay() {
    AcceptedAdmission admission = AcceptedAdmission.of("ann", "lobby");
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> admission.withReplay(FOLDED));
    assertTrue(error.getMessage().contains("folded()"), error.getMessage());
  }

  @Test
  void aReactionNeedsASenderAndAShortText() {
    assertThrows(
        IllegalArgumentException.class,
        () -> lobby().amend(Amendment.react(at(1), "+1"), Payload.text("")));
    Position target = at(1);
    assertThrows(IllegalArgumentException.class, () -> Amendment.react(target, ""));
    assertThrows(IllegalArgumentException.class, () -> Amendment.unreact(target, "x".repeat(65)));
  }

  @Test
  void storedBytesFollowEditsReactionsAndDeletions() {
    connect("ann", Role.MEMBER).send("one");
    long before = storedBytes();
    react("ann", "+1");
    react("bob", "+1");
    assertTrue(storedBytes() > before);
    lobby().deleteMessage(at(1));
    lobby().deleteMessage(at(1));
    long tombstone = storedBytes();
    connect("bob", Role.MEMBER).send("one");
    assertEquals(tombstone + before, storedBytes());
  }

  private long storedBytes() {
    return chat.chat().snapshot().rooms().get(0).historyBytes();
  }

  @Test
  void aBotPublishesInItsOwnName() {
    TestClient ann = connect("ann", Role.MEMBER);
    lobby().publish(lobby().messageFrom(Sender.of("bot", "Weather"), Payload.text("sunny")));
    assertEquals(List.of("sunny"), ann.received());
    Message message = history(FOLDED).get(0);
    assertEquals(Sender.of("bot", "Weather"), message.sender());
    assertThrows(IllegalStateException.class, message::participant);
    assertThrows(
        IllegalArgumentException.class,
        () -> lobby().messageFrom(Sender.of("", "Nobody"), Payload.text("x")));
  }
}
