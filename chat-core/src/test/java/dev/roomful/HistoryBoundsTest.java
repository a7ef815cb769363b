package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What histories may take, and what a replay may take of them. */
class HistoryBoundsTest {
  private static TestChat chat(Limits limits, RoomOptions options) {
    return TestChat.of(Chat.builder(new RoomHandler() {}).limits(limits).rooms(options));
  }

  private static int stored(TestChat chat, String room) {
    return chat.chat()
        .room(room)
        .orElseThrow()
        .history(HistoryRange.last(1_000_000))
        .orElseThrow()
        .size();
  }

  private static int storedInAll(TestChat chat) {
    return chat.chat().rooms().stream().mapToInt(room -> stored(chat, room.name())).sum();
  }

  @Tag("slow")
  @Test
  void aReplayOfMoreSmallMessagesThanFitIsShortenedAndClosesNobody() {
    RoomOptions options = RoomOptions.defaults().withHistory(History.of(100_000));
    try (TestChat chat = chat(Limits.defaults(), options)) {
      TestClient first = chat.connect("lobby", "first");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      Position start = lobby.position();
      for (int i = 0; i < 60_000; i++) {
        lobby.announce("ok");
      }
      assertTrue(first.isOpen());
      TestClient newest =
          chat.connect(AcceptedAdmission.of("a", "lobby").withReplay(HistoryRange.last(60_000)));
      int replayed = newest.received().size();
      assertTrue(newest.isOpen());
      assertTrue(replayed > 20_000 && replayed * (2 + 16) <= 512 * 1024, replayed + " messages");

      TestClient resumed =
          chat.connect(AcceptedAdmission.of("b", "lobby").withReplay(HistoryRange.since(start)));
      assertEquals(List.of(), resumed.received(), "all or nothing");
      assertTrue(resumed.isOpen());
    }
  }

  @Test
  void anAgeOfForEverIsForEver() {
    History forEver = History.of(10).withAge(ChronoUnit.FOREVER.getDuration());
    try (TestChat chat = chat(Limits.defaults(), RoomOptions.defaults().withHistory(forEver))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("hello");
      assertEquals(List.of("hello"), ann.received());
      chat.advance(Duration.ofHours(1));
      assertEquals(1, stored(chat, "lobby"));
      assertTrue(ann.isOpen());
    }
  }

  @Test
  void anEmptyRoomCanBeKeptForEver() {
    RoomOptions kept = RoomOptions.defaults().withKeepEmptyFor(ChronoUnit.FOREVER.getDuration());
    try (TestChat chat = chat(Limits.defaults(), kept)) {
      chat.connect("lobby", "ann").close();
      chat.advance(Duration.ofHours(1));
      assertTrue(chat.chat().room("lobby").isPresent());
    }
  }

  @Test
  void aMessageExpiresOnTimeAlthoughNobodyAsksForIt() {
    RoomOptions options =
        RoomOptions.defaults().withHistory(History.of(10).withAge(Duration.ofMinutes(5)));
    try (TestChat chat = chat(Limits.defaults().withHistoryBytes(1024 * 1024), options)) {
      TestClient ann = chat.connect("lobby", "ann");
      Position start = chat.chat().room("lobby").orElseThrow().position();
      ann.send("one");
      chat.advance(Duration.ofMinutes(3));
      ann.send("two");
      chat.advance(Duration.ofMinutes(3));
      assertEquals(1, stored(chat, "lobby"));
      chat.advance(Duration.ofMinutes(3));
      assertEquals(0, stored(chat, "lobby"));
      assertFalse(
          chat.chat().room("lobby").orElseThrow().history(HistoryRange.since(start)).isPresent());
    }
  }

  @Test
  void headersCountAgainstTheBytesOfAHistory() {
    RoomHandler tagging =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message.withHeader("key", "x".repeat(97)));
          }
        };
    try (TestChat chat =
        TestChat.of(
            Chat.builder(tagging)
                .limits(Limits.defaults().withMessageBytes(250))
                .rooms(RoomOptions.defaults().withHistory(History.of(10).withBytes(250))))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("one");
      ann.send("two");
      assertEquals(2, stored(chat, "lobby"));
      ann.send("three");
      assertEquals(2, stored(chat, "lobby"));
    }
  }

  @Test
  void amendmentsCountAgainstTheBytesOfAHistoryUntilLaterOnesSupersedeThem() {
    RoomOptions options = RoomOptions.defaults().withHistory(History.of(100));
    try (TestChat chat = chat(Limits.defaults(), options)) {
      chat.connect("lobby", "ann");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      lobby.announce("x".repeat(100));
      long message = storedBytes(chat);
      edit(lobby, 100);
      long edited = storedBytes(chat);
      assertTrue(edited > message + 100, "the edit is stored, too");
      edit(lobby, 100);
      assertEquals(edited, storedBytes(chat), "in place of the earlier one");
      edit(lobby, 150);
      assertEquals(edited + 2 * 50, storedBytes(chat), "the message and the edit are longer");
      assertTrue(lobby.deleteMessage(first(lobby)).isDone());
      long deletion = storedBytes(chat);
      assertTrue(deletion < message, "only the deletion is left");
      lobby.announce("x".repeat(100));
      assertEquals(deletion + message, storedBytes(chat));
    }
  }

  private static void edit(Room room, int length) {
    assertTrue(
        room.amend(Amendment.edit(first(room)), Payload.text("y".repeat(length)))
            .toCompletableFuture()
            .isDone());
  }

  private static Position first(Room room) {
    return new Position(room.position().epoch(), 1);
  }

  private static long storedBytes(TestChat chat) {
    return chat.chat().snapshot(1).rooms().get(0).historyBytes();
  }

  @Test
  void allHistoriesTogetherAreBoundedAndTheLargestLosesItsOldestMessages() {
    long bound = 40_000;
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(1000).withBytes(30_000))
            .withKeepEmptyFor(Duration.ofHours(1));
    Limits limits =
        Limits.defaults().withMessagesPerSecond(0).withMessageBytes(1000).withHistoryBytes(bound);
    try (TestChat chat = chat(limits, options)) {
      TestClient quiet = chat.connect("quiet", "quiet");
      quiet.send("stays");
      TestClient loud = chat.connect("loud", "loud");
      Position start = chat.chat().room("loud").orElseThrow().position();
      long cost = 1000 + 256;
      for (int i = 0; i < 200; i++) {
        loud.send("x".repeat(1000));
        TestClient other = chat.connect("room" + i % 20, "other");
        other.send("y".repeat(1000));
        other.close();
        assertTrue((storedInAll(chat) - 1) * cost <= bound, "message " + i);
      }
      assertEquals(1, stored(chat, "quiet"), "small histories are left alone");
      assertTrue(storedInAll(chat) * cost > bound / 3, "no more than needed is removed");
      assertFalse(
          chat.chat().room("loud").orElseThrow().history(HistoryRange.since(start)).isPresent(),
          "what was removed is not passed over in silence");
    }
  }

  @Test
  void aRoomThatIsRemovedGivesItsBytesBack() {
    RoomOptions options = RoomOptions.defaults().withHistory(History.of(10).withBytes(2000));
    Limits limits = Limits.defaults().withMessageBytes(1000).withHistoryBytes(8_000);
    try (TestChat chat = chat(limits, options)) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        TestClient ann = chat.connect("room" + i, "ann" + i);
        ann.send("x".repeat(1000));
        assertEquals(1, stored(chat, "room" + i));
        if (i % 2 == 0) {
          ann.close();
        } else {
          chat.chat().room("room" + i).orElseThrow().close("over");
        }
        clients.add(ann);
      }
      assertTrue(clients.stream().noneMatch(TestClient::isOpen));
      for (int i = 0; i < 5; i++) {
        chat.connect("last" + i, "ann" + i).send("x".repeat(1000));
      }
      assertEquals(5, storedInAll(chat), "nothing of the rooms before counts any more");
    }
  }
}
