package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guarantee 8: a rejection leaves no trace and has a stable code. */
class RejectionTest {
  /** Accepts everybody, by the name and the room of the query. */
  private static final Authenticator BY_NAME =
      handshake ->
          AcceptedAdmission.of(
              handshake.query("name").orElse("somebody"), handshake.query("room").orElse("lobby"));

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final List<TestChat> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(TestChat::close);
  }

  private TestChat chat(Limits limits, RoomOptions options) {
    TestChat chat =
        TestChat.of(Chat.builder(recorder).authenticator(BY_NAME).limits(limits).rooms(options));
    open.add(chat);
    return chat;
  }

  private static TestHandshake handshakeFor(String name, String room) {
    return TestHandshake.create().withQuery("name", name).withQuery("room", room);
  }

  private static Rejection rejectionOf(TestChat chat, Handshake handshake) {
    return assertInstanceOf(Rejection.class, chat.admit(handshake));
  }

  /** Asserts the counters, and that no callback ran. */
  private void assertNoTrace(TestChat chat, int participants, int connections, int rooms) {
    assertEquals(participants, chat.chat().participants());
    assertEquals(connections, chat.chat().connections());
    assertEquals(rooms, chat.chat().rooms().size());
    assertEquals(List.of(), recorder.takeEntries());
  }

  @Test
  void anAdmittedHandshakeReservesNothing() {
    TestChat chat = chat(Limits.defaults(), RoomOptions.defaults());
    AcceptedAdmission admission =
        assertInstanceOf(AcceptedAdmission.class, chat.admit(handshakeFor("alice", "lobby")));
    assertEquals("alice into lobby", admission.toString());
    assertNoTrace(chat, 0, 0, 0);
  }

  @Test
  void aFullRoomRejectsAnotherParticipantButNotAnotherConnection() {
    TestChat chat = chat(Limits.defaults(), RoomOptions.defaults().withCapacity(2));
    chat.connect("lobby", "alice");
    TestClient bob = chat.connect("lobby", "bob");
    recorder.takeEntries();

    Rejection rejection = rejectionOf(chat, handshakeFor("carol", "lobby"));
    assertEquals(new Rejection(503, "room-full", "room \"lobby\" is full"), rejection);
    assertNoTrace(chat, 2, 2, 1);
    assertInstanceOf(AcceptedAdmission.class, chat.admit(handshakeFor("alice", "lobby")));
    assertInstanceOf(AcceptedAdmission.class, chat.admit(handshakeFor("carol", "elsewhere")));

    TestClient late = chat.connect("lobby", "carol"); // admitted before the room was full
    assertEquals(Optional.of(CloseStatus.FULL.withReason("room-full")), late.closeStatus());
    assertNoTrace(chat, 2, 2, 1);

    bob.close();
    assertInstanceOf(AcceptedAdmission.class, chat.admit(handshakeFor("carol", "lobby")));
    assertTrue(chat.connect("lobby", "carol").isOpen());
  }

  @Test
  void atTheRoomLimitAnotherRoomIsRejected() {
    TestChat chat = chat(Limits.defaults().withRooms(2), RoomOptions.defaults());
    chat.connect("red", "alice");
    TestClient inBlue = chat.connect("blue", "alice");
    recorder.takeEntries();

    Rejection rejection = rejectionOf(chat, handshakeFor("bob", "green"));
    assertEquals(503, rejection.status());
    assertEquals("too-many-rooms", rejection.code());
    TestClient late = chat.connect("green", "bob");
    assertEquals(Optional.of(CloseStatus.FULL.withReason("too-many-rooms")), late.closeStatus());
    Optional<Rejection> join =
        chat.chat().participant("alice").orElseThrow().join("green").rejection();
    assertEquals(Optional.of(rejection), join);
    assertThrows(
        IllegalStateException.class, () -> chat.chat().open("green", RoomOptions.defaults()));
    assertNoTrace(chat, 1, 2, 2);

    inBlue.close();
    assertTrue(chat.connect("green", "bob").isOpen());
  }

  @Test
  void atTheConnectionLimitAnotherConnectionIsRejected() {
    TestChat chat = chat(Limits.defaults().withConnections(2), RoomOptions.defaults());
    chat.connect("lobby", "alice");
    TestClient tab = chat.connect("lobby", "alice");
    recorder.takeEntries();

    Rejection rejection = rejectionOf(chat, handshakeFor("alice", "lobby"));
    assertEquals(503, rejection.status());
    assertEquals("chat-full", rejection.code());
    TestClient late = chat.connect("lobby", "bob");
    assertEquals(Optional.of(CloseStatus.FULL.withReason("chat-full")), late.closeStatus());
    assertNoTrace(chat, 1, 2, 1);

    tab.close();
    assertTrue(chat.connect("lobby", "bob").isOpen());
  }

  @Test
  void aParticipantCannotJoinMoreRoomsThanAllowed() {
    TestChat chat = chat(Limits.defaults().withRoomsPerParticipant(2), RoomOptions.defaults());
    TestClient alice = chat.connect("red", "alice");
    Participant participant = chat.chat().participant("alice").orElseThrow();
    assertEquals(Outcome.done(), participant.join("blue"));
    recorder.takeEntries();

    Rejection rejection = rejectionOf(chat, handshakeFor("alice", "green"));
    assertEquals(403, rejection.status());
    assertEquals("too-many-rooms-joined", rejection.code());
    assertEquals(Outcome.rejected(rejection), participant.join("green"));
    assertFalse(chat.connect("green", "alice").isOpen());
    assertEquals(Outcome.done(), participant.join("blue"));
    assertNoTrace(chat, 1, 1, 2);

    assertTrue(participant.leave("blue").isDone());
    assertEquals(Outcome.done(), participant.join("green"));
    assertTrue(alice.isOpen());
  }

  @Tag("slow")
  @Test
  void theRoomLimitOfAParticipantHoldsForConcurrentJoins() throws InterruptedException {
    try (Chat threaded =
        Chat.builder(new RoomHandler() {})
            .limits(Limits.defaults().withRoomsPerParticipant(3))
            .build()) {
      for (int round = 0; round < 200; round++) {
        FakeConnection alice = FakeConnection.open(threaded, "home" + round, "alice" + round);
        Participant participant = threaded.participant("alice" + round).orElseThrow();
        AtomicInteger joined = new AtomicInteger();
        Concurrently.run(
            4,
            number -> {
              if (participant.join("room" + number).isDone()) {
                joined.incrementAndGet();
              }
            });
        assertEquals(2, joined.get());
        assertEquals(3, participant.rooms().size());
        alice.loseConnection();
      }
    }
  }

  @Tag("slow")
  @Test
  void roomCapacityHoldsForConcurrentJoins() throws InterruptedException {
    try (Chat threaded =
        Chat.builder(new RoomHandler() {})
            .rooms(RoomOptions.defaults().withCapacity(3))
            .limits(Limits.defaults().withRooms(1).withConnections(6))
            .build()) {
      for (int round = 0; round < 100; round++) {
        List<FakeConnection> all = new java.util.concurrent.CopyOnWriteArrayList<>();
        Concurrently.run(
            8,
            number -> all.add(FakeConnection.open(threaded, "lobby" + number % 2, "p" + number)));
        assertEquals(1, threaded.rooms().size());
        assertTrue(threaded.rooms().iterator().next().size() <= 3);
        eventually(
            "rejected connections are closed",
            () -> threaded.connections() == threaded.rooms().iterator().next().size());
        assertEquals(threaded.connections(), all.stream().filter(FakeConnection::isOpen).count());
        all.forEach(FakeConnection::loseConnection);
        assertEquals(0, threaded.rooms().size());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with\nline", "with\u0000nul", "with\u0085next line"})
  void emptyNamesAndControlCharactersAreRejected(String name) {
    TestChat chat = chat(Limits.defaults(), RoomOptions.defaults());
    assertEquals(
        List.of(400, "room-name"),
        List.of(
            rejectionOf(chat, handshakeFor("alice", name)).status(),
            rejectionOf(chat, handshakeFor("alice", name)).code()));
    assertEquals("participant-id", rejectionOf(chat, handshakeFor(name, "lobby")).code());
    assertThrows(
        IllegalArgumentException.class, () -> chat.chat().open(name, RoomOptions.defaults()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Chat.builder(recorder).room(name, RoomOptions.defaults()));
    chat.connect("lobby", "alice");
    recorder.takeEntries();
    Participant participant = chat.chat().participant("alice").orElseThrow();
    assertThrows(IllegalArgumentException.class, () -> participant.join(name));
    assertThrows(IllegalArgumentException.class, () -> chat.connect(name, "bob"));
    assertNoTrace(chat, 1, 1, 1);
  }

  @Test
  void namesHaveAtMost128Characters() {
    TestChat chat = chat(Limits.defaults(), RoomOptions.defaults());
    String longest = "x".repeat(128);
    assertInstanceOf(AcceptedAdmission.class, chat.admit(handshakeFor(longest, longest)));
    assertEquals(
        "the room name has 129 characters: at most 128",
        rejectionOf(chat, handshakeFor("alice", longest + "x")).reason());
    assertEquals(400, rejectionOf(chat, handshakeFor(longest + "x", "lobby")).status());
  }

  @Test
  void foreignOriginsAreRejectedBeforeAuthentication() {
    AtomicInteger asked = new AtomicInteger();
    TestChat chat =
        TestChat.of(
            Chat.builder(recorder)
                .allowOrigins("https://friend.example")
                .authenticator(
                    handshake -> {
                      asked.incrementAndGet();
                      return AcceptedAdmission.of("alice", "lobby");
                    }));
    open.add(chat);
    Rejection rejection =
        rejectionOf(chat, TestHandshake.create().withHeader("Origin", "https://evil.example"));
    assertEquals(403, rejection.status());
    assertEquals("origin", rejection.code());
    assertEquals(0, asked.get());
    assertNoTrace(chat, 0, 0, 0);
    assertInstanceOf(
        AcceptedAdmission.class,
        chat.admit(TestHandshake.create().withHeader("Origin", "https://friend.example")));
    assertInstanceOf(AcceptedAdmission.class, chat.admit(TestHandshake.create()));
  }

  @Test
  void theAuthenticatorsRejectionReachesTheClientUnchanged() {
    Rejection banned = Rejection.of(451, "banned by a court");
    TestChat chat = TestChat.of(Chat.builder(recorder).authenticator(handshake -> banned));
    open.add(chat);
    assertEquals(banned, chat.admit(TestHandshake.create()));
    IllegalStateException notIn =
        assertThrows(IllegalStateException.class, () -> chat.connect(TestHandshake.create()));
    assertTrue(String.valueOf(notIn.getMessage()).contains("banned by a court"));
    assertNoTrace(chat, 0, 0, 0);
  }

  @Test
  void aFailingAuthenticatorRejectsWithoutDetailsAndIsLoggedOnce() {
    for (Throwable failure :
        List.of(new IllegalStateException("db down"), new StackOverflowError())) {
      TestChat chat =
          TestChat.of(
              Chat.builder(recorder)
                  .authenticator(
                      handshake -> {
                        throw RejectionTest.<RuntimeException>sneakyThrow(failure);
                      }));
      open.add(chat);
      try (LogCapture log = new LogCapture()) {
        assertEquals(
            new Rejection(500, "failed", "internal error"),
            rejectionOf(chat, TestHandshake.create()));
        assertEquals(1, log.records().size());
        assertEquals(failure, log.records().get(0).getThrown());
      }
      assertNoTrace(chat, 0, 0, 0);
    }
  }

  @Tag("slow")
  @Test
  void aNullAdmissionIsAFailure() {
    TestChat chat = TestChat.of(Chat.builder(recorder).authenticator(mock(Authenticator.class)));
    open.add(chat);
    try (LogCapture log = new LogCapture()) {
      assertEquals(500, rejectionOf(chat, TestHandshake.create()).status());
      assertEquals(1, log.records().size());
    }
  }

  @Test
  void aChatThatIsShuttingDownRejects() {
    TestChat chat = chat(Limits.defaults(), RoomOptions.defaults());
    chat.close();
    Rejection rejection = rejectionOf(chat, handshakeFor("alice", "lobby"));
    assertEquals(List.of(503, "closing"), List.of(rejection.status(), rejection.code()));
    assertNoTrace(chat, 0, 0, 0);
  }

  @Test
  void aRejectionHasAnHttpErrorStatus() {
    for (int status : new int[] {0, 200, 302, 399, 600}) {
      IllegalArgumentException wrong =
          assertThrows(IllegalArgumentException.class, () -> Rejection.of(status, "no"));
      assertTrue(String.valueOf(wrong.getMessage()).contains(String.valueOf(status)));
    }
    assertEquals("rejected", Rejection.of(400, "no").code());
    assertEquals(599, Rejection.of(599, "no").status());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> RuntimeException sneakyThrow(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void withDeclaredRoomsAJoinCreatesNoRoom() {
    Chat.Builder builder =
        Chat.builder(new CallbackRecorder())
            .authenticator(
                handshake -> AcceptedAdmission.of("ann", handshake.query("room").orElseThrow()))
            .room("lobby", RoomOptions.defaults())
            .onlyDeclaredRooms();
    try (TestChat chat = TestChat.of(builder)) {
      Rejection unknown =
          new Rejection(404, Rejection.UNKNOWN_ROOM, "room \"attic\" does not exist");
      assertEquals(unknown, chat.admit(TestHandshake.create().withQuery("room", "attic")));
      assertEquals(
          Optional.of(CloseStatus.FULL.withReason("unknown-room")),
          chat.connect("attic", "ann").closeStatus());
      TestClient ann = chat.connect("lobby", "ann");
      Participant participant = chat.chat().participant("ann").orElseThrow();
      assertEquals(Outcome.rejected(unknown), participant.join("attic"));
      chat.chat().open("attic", RoomOptions.defaults());
      assertEquals(Outcome.done(), participant.join("attic"));
      ann.close();
      assertEquals(Optional.empty(), chat.connect("lobby", "bob").closeStatus());
    }
  }
}
