package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.ChatSnapshot.RoomEntry;
import dev.roomful.ChatSnapshot.SessionEntry;
import dev.roomful.ChatSnapshot.SessionState;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The figures of a chat, and its rooms and sessions for admin pages. */
class ChatStatsTest {
  private static final RoomHandler ECHO =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          room.publish(message);
        }
      };

  @Test
  void messagesDeliveriesAndBytesAreCounted() {
    try (TestChat chat = TestChat.of(ECHO)) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      ann.send("hello");
      ann.send("there");
      ChatStats stats = chat.chat().stats();
      assertEquals(2, stats.sessions());
      assertEquals(1, stats.rooms());
      assertEquals(2, stats.participants());
      assertEquals(2, stats.messagesReceived());
      assertEquals(2, stats.messagesPublished());
      assertEquals(4, stats.deliveries());
      assertEquals(4, stats.batches());
      assertEquals(4 * 7, stats.bytesWritten());
      assertEquals(0, stats.queuedBytes());
      assertEquals(Duration.ZERO, stats.outboxAge());
      assertTrue(stats.health().isConnected());
      assertEquals(Duration.ZERO, stats.clusterLag());
    }
  }

  @Test
  void theSessionsOfAParticipantAreListedOldestFirst() {
    try (TestChat chat = TestChat.of(ECHO)) {
      chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      chat.connect("attic", "ann");
      List<SessionInfo> sessions = chat.chat().sessions("ann");
      assertEquals(
          List.of(Set.of("lobby"), Set.of("attic")),
          sessions.stream().map(SessionInfo::rooms).toList());
      assertEquals(List.of(), chat.chat().sessions("eve"));
    }
  }

  @Test
  void framesThatWaitTogetherAreOneBatch() {
    try (TestChat chat = TestChat.of(ECHO)) {
      TestClient slow = chat.connect("lobby", "slow");
      slow.stopReading();
      Room room = chat.chat().room("lobby").orElseThrow();
      for (int i = 0; i < 5; i++) {
        room.announce("hello");
      }
      assertEquals(1, chat.chat().stats().batches(), "the first message is in flight");
      slow.resumeReading();
      assertEquals(2, chat.chat().stats().batches());
      assertEquals(5, chat.chat().stats().deliveries());
    }
  }

  @Test
  void queuedBytesAndTheAgeOfTheOldestWriteAreThoseOfThisMoment() {
    try (TestChat chat = TestChat.of(ECHO)) {
      TestClient slow = chat.connect("lobby", "slow");
      slow.stopReading();
      Room room = chat.chat().room("lobby").orElseThrow();
      room.announce("hello");
      room.announce("hello");
      assertEquals(2 * (7 + 16), chat.chat().stats().queuedBytes());
      chat.advance(Duration.ofSeconds(4));
      assertEquals(Duration.ofSeconds(4), chat.chat().stats().outboxAge());
      slow.resumeReading();
      assertEquals(0, chat.chat().stats().queuedBytes());
      assertEquals(Duration.ZERO, chat.chat().stats().outboxAge());
    }
  }

  @Test
  void sessionsAreCountedWhenTheyOpenAndWhenTheyClose() {
    Limits limits = Limits.defaults().withResumeWindow(Duration.ofSeconds(10));
    TestChat chat = TestChat.of(Chat.builder(ECHO).limits(limits));
    chat.connect("lobby", "ann").close();
    chat.connect("lobby", "bob").abort();
    ChatStats stats = chat.chat().stats();
    assertEquals(2, stats.sessionsOpened());
    assertEquals(2, stats.sessionsClosed());
    assertEquals(0, stats.sessions());
    assertEquals(1, stats.suspendedSessions());
    chat.close();
    assertEquals(2, chat.chat().stats().sessionsClosed());
    assertEquals(0, chat.chat().stats().suspendedSessions());
  }

  @Test
  void aSessionThatIsSuspendedWhileItsConnectionIsBeingClosedIsOneSession() {
    Limits limits = Limits.defaults().withResumeWindow(Duration.ofMinutes(5));
    try (TestChat chat = TestChat.of(Chat.builder(ECHO).limits(limits))) {
      FakeConnection ann = FakeConnection.open(chat.chat(), "lobby", "ann").ignoreClose();
      chat.advance(limits.idleTimeout());
      assertEquals(CloseStatus.IDLE_TIMEOUT, ann.closeStatus());
      assertEquals(1, chat.chat().stats().sessions());
      assertEquals(0, chat.chat().stats().suspendedSessions());
      assertEquals(1, chat.chat().snapshot().sessionCount());
      assertEquals(
          List.of(SessionState.SUSPENDED),
          chat.chat().snapshot().sessions().stream().map(SessionEntry::state).toList());
    }
  }

  @Test
  void aSnapshotHasTheLargestRoomsAndTheFullestSessionsFirst() {
    try (TestChat chat = TestChat.of(ECHO)) {
      chat.connect("small", "ann");
      chat.connect("large", "bob");
      chat.connect("large", "cem").stopReading();
      Room large = chat.chat().room("large").orElseThrow();
      large.announce("hello");
      large.setTopic("chess");
      ChatSnapshot snapshot = chat.chat().snapshot();
      assertEquals(
          List.of("large", "small"), snapshot.rooms().stream().map(RoomEntry::name).toList());
      assertEquals(
          new RoomEntry("large", 2, 2, 0, large.position(), 0, "chess"), snapshot.rooms().get(0));
      assertEquals(
          List.of("cem", "ann", "bob"),
          snapshot.sessions().stream().map(SessionEntry::participantId).toList());
      SessionEntry cem = snapshot.sessions().get(0);
      assertEquals(Set.of("large"), cem.rooms());
      assertEquals(7 + 16, cem.queuedBytes());
      assertEquals(SessionState.OPEN, cem.state());
      assertEquals(2, snapshot.roomCount());
      assertEquals(3, snapshot.sessionCount());
    }
  }

  @Test
  void aSnapshotIsBounded() {
    try (TestChat chat = TestChat.of(ECHO)) {
      for (int i = 0; i < 5; i++) {
        chat.connect("room " + i, "user " + i);
      }
      chat.connect("room 3", "one more");
      ChatSnapshot snapshot = chat.chat().snapshot(2);
      assertEquals(
          List.of("room 3", "room 0"), snapshot.rooms().stream().map(RoomEntry::name).toList());
      assertEquals(
          List.of("user 0", "user 1"),
          snapshot.sessions().stream().map(SessionEntry::participantId).toList());
      assertEquals(5, snapshot.roomCount());
      assertEquals(6, snapshot.sessionCount());
      for (int limit : List.of(0, -1, 10_001)) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> chat.chat().snapshot(limit))
                .getMessage();
        assertEquals("the limit of a snapshot is " + limit + ": give 1 to 10000", message);
      }
    }
  }

  @Test
  void aSnapshotTellsSuspendedAndClosingSessions() {
    Limits limits = Limits.defaults().withResumeWindow(Duration.ofSeconds(10));
    try (TestChat chat = TestChat.of(Chat.builder(ECHO).limits(limits))) {
      chat.connect("lobby", "ann").abort();
      FakeConnection.open(chat.chat(), "lobby", "bob").hold();
      Room lobby = chat.chat().room("lobby").orElseThrow();
      assertEquals(1, chat.chat().snapshot().rooms().get(0).suspended());
      assertEquals(1, chat.chat().snapshot().rooms().get(0).connections());
      lobby.announce("in flight");
      chat.chat().participant("bob").orElseThrow().disconnect(CloseStatus.REVOKED);
      assertEquals(
          List.of("bob CLOSING", "ann SUSPENDED"),
          chat.chat().snapshot().sessions().stream()
              .map(entry -> entry.participantId() + " " + entry.state())
              .toList());
    }
  }
}
