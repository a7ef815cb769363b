package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Role;
import dev.roomful.internal.room.JoinAttempt;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.SessionCloseMode;
import dev.roomful.internal.runtime.ChatRuntime;
import dev.roomful.internal.session.Session;
import dev.roomful.internal.session.TextEndpoint;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.transport.Gateway;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomTest {
  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat = TestChat.of(recorder);

  @AfterEach
  void close() {
    chat.close();
  }

  private Room room(String name) {
    return chat.chat().room(name).orElseThrow();
  }

  private Participant participant(String id) {
    return chat.chat().participant(id).orElseThrow();
  }

  @Test
  void isCreatedByTheFirstJoinAndRemovedByTheLastLeave() {
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
    TestClient alice = chat.connect("lobby", "alice");
    Room first = room("lobby");
    alice.close();
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
    chat.connect("lobby", "alice");
    assertNotSame(first, room("lobby"));
  }

  @Test
  void theAttributesOfAParticipantAreAViewThatShowsLaterChanges() {
    chat.connect("lobby", "alice");
    Map<String, Object> view = participant("alice").attributes();
    assertEquals(Map.of(), view);
    participant("alice").update("mood", "good");
    assertEquals(Map.of("mood", "good"), view);
    assertEquals("good", view.get("mood"));
    assertTrue(view.containsKey("mood"));
    assertThrows(UnsupportedOperationException.class, () -> view.put("mood", "bad"));
    assertThrows(UnsupportedOperationException.class, view::clear);
    participant("alice").removeAttribute("mood");
    assertEquals(Map.of(), view);
  }

  @Test
  void listsParticipantsInJoinOrder() {
    chat.connect("lobby", "carol");
    TestClient alice = chat.connect("lobby", "alice");
    chat.connect("lobby", "bob");
    chat.connect("lobby", "carol");
    chat.connect("elsewhere", "dave");
    Room lobby = room("lobby");
    assertEquals("lobby", lobby.name());
    assertSame(chat.chat(), lobby.chat());
    assertEquals(3, lobby.size());
    assertEquals(
        List.of("carol", "alice", "bob"),
        lobby.participants().stream().map(Participant::id).toList());
    assertTrue(lobby.contains(participant("alice")));
    assertFalse(lobby.contains(participant("dave")));
    alice.close();
    assertEquals(
        List.of("carol", "bob"), lobby.participants().stream().map(Participant::id).toList());
    assertEquals(
        Set.of("lobby", "elsewhere"),
        chat.chat().rooms().stream().map(Room::name).collect(Collectors.toSet()));
  }

  @Test
  void aKickClosesPrimaryConnectionsAndOnlyUnsubscribesOthers() {
    TestClient primary = chat.connect("lobby", "alice");
    TestClient connection = chat.connect("elsewhere", "alice");
    TestClient bob = chat.connect("lobby", "bob");
    assertEquals(Outcome.done(), participant("alice").join("lobby"));
    recorder.takeEntries();

    assertTrue(room("lobby").kick(participant("alice"), "no spam").isDone());
    assertEquals(Optional.of(CloseStatus.KICKED.withReason("no spam")), primary.closeStatus());
    assertTrue(connection.isOpen());
    assertEquals(List.of("alice left lobby 4003"), recorder.takeEntries());
    assertFalse(room("lobby").kick(participant("alice"), "again").isDone());
    connection.send("still here");
    assertEquals(List.of("still here"), connection.received());
    assertEquals(List.of(), bob.received());
    assertThrows(
        IllegalArgumentException.class,
        () -> room("lobby").kick(participant("bob"), "x".repeat(124)));
    assertTrue(bob.isOpen());
  }

  @Test
  void closingARoomClosesPrimaryConnectionsAndOnlyUnsubscribesOthers() {
    TestClient alice = chat.connect("lobby", "alice");
    TestClient bob = chat.connect("elsewhere", "bob");
    assertEquals(Outcome.done(), participant("bob").join("lobby"));
    recorder.takeEntries();
    Room closed = room("lobby");
    assertThrows(IllegalArgumentException.class, () -> closed.close("x".repeat(124)));
    assertEquals(2, closed.size());

    closed.close("maintenance");
    assertEquals(
        Optional.of(CloseStatus.ROOM_CLOSED.withReason("maintenance")), alice.closeStatus());
    assertTrue(bob.isOpen());
    assertEquals(List.of("alice left lobby 4004", "bob left lobby 4004"), recorder.takeEntries());
    assertEquals(Set.of(room("elsewhere")), participant("bob").rooms());
    assertTrue(chat.connect("lobby", "alice").isOpen());
    assertNotSame(closed, room("lobby"));
  }

  @Test
  void messagesQueuedBeforeAKickAreStillDelivered() {
    TestClient alice = chat.connect("lobby", "alice");
    alice.stopReading();
    room("lobby").announce("one");
    room("lobby").announce("two");
    assertTrue(room("lobby").kick(participant("alice"), "").isDone());
    assertFalse(participantExists("alice"));
    alice.resumeReading();
    assertEquals(List.of("one", "two"), alice.received());
    assertEquals(Optional.of(CloseStatus.KICKED.withReason("")), alice.closeStatus());
  }

  private boolean participantExists(String id) {
    return chat.chat().participant(id).isPresent();
  }

  @Test
  void leavingTheOnlyRoomClosesTheConnection() {
    TestClient alice = chat.connect("lobby", "alice");
    Participant participant = participant("alice");
    assertEquals(Outcome.done(), participant.join("side"));
    assertEquals(Set.of(room("lobby"), room("side")), participant.rooms());
    assertFalse(participant.leave("nowhere").isDone());
    assertTrue(participant.leave("lobby").isDone());
    assertEquals(Optional.of(CloseStatus.NORMAL), alice.closeStatus());
    assertEquals(
        List.of(
            "alice joined lobby",
            "alice joined side",
            "alice left lobby 1000",
            "alice left side 1000"),
        recorder.entries());
    assertFalse(participant.send("late").isDone());
  }

  @Test
  void aConnectionPublishesToItsPrimaryRoomWhateverItJoinedSince() {
    TestClient alice = chat.connect("lobby", "alice");
    TestClient tab = chat.connect("side", "alice");
    assertEquals(Outcome.done(), participant("alice").join("third"));
    alice.send("one");
    tab.send("two");
    assertEquals(
        List.of("alice published one in lobby", "alice published two in side"),
        recorder.entries().stream().filter(entry -> entry.contains(" published ")).toList());
  }

  /** Copying them takes the room's lock for long in a large room. */
  @Test
  void aJoinCopiesTheParticipantsOnlyForAWelcomeMessage() {
    ChatRuntime runtime = (ChatRuntime) Gateway.of(chat.chat());
    AcceptedAdmission admission = AcceptedAdmission.of("alice", "lobby");
    Session session =
        runtime.participants.attach(
            runtime.rooms,
            admission,
            participant ->
                new Session(runtime.sessions, admission, participant, new FakeConnection()));
    JoinAttempt replaying = new JoinAttempt(session, HistoryRange.last(10), Role.MEMBER);
    RoomOptions greeting = RoomOptions.defaults().withWelcome(info -> Payload.text("welcome"));
    assertFalse(
        replaying.needsParticipants(
            (LiveRoom) chat.chat().open("plain", RoomOptions.defaults().withPermanent())));
    assertTrue(
        replaying.needsParticipants(
            (LiveRoom) chat.chat().open("greeting", greeting.withPermanent())));
    new TextEndpoint(session, runtime.sessions).closed(1000, "");
  }

  /**
   * The participant joins another room while its second connection is attached but has not joined.
   */
  @Test
  void aConnectionPublishesToItsAdmittedRoomDespiteAConcurrentJoin() {
    ChatRuntime runtime = (ChatRuntime) Gateway.of(chat.chat());
    chat.connect("lobby", "alice");
    AcceptedAdmission admission = AcceptedAdmission.of("alice", "side");
    FakeConnection connection = new FakeConnection();
    Session session =
        runtime.participants.attach(
            runtime.rooms,
            admission,
            participant -> new Session(runtime.sessions, admission, participant, connection));
    assertEquals(Outcome.done(), participant("alice").join("third"));
    assertEquals(
        Outcome.done(),
        runtime.rooms.join("side", new JoinAttempt(session, HistoryRange.none(), Role.MEMBER)));
    session.participant().callbacks.run();
    recorder.takeEntries();
    new TextEndpoint(session, runtime.sessions).text("hello");
    assertEquals(List.of("alice published hello in side"), recorder.takeEntries());
    new TextEndpoint(session, runtime.sessions).closed(1000, "");
  }

  /** The session is closed after it was attached and before it joins. */
  @Test
  void aSessionClosedBeforeItsJoinTakesNoSlot() {
    ChatRuntime runtime = (ChatRuntime) Gateway.of(chat.chat());
    chat.connect("lobby", "alice");
    recorder.takeEntries();
    FakeConnection connection = new FakeConnection();
    Session session =
        runtime.participants.attach(
            runtime.rooms,
            AcceptedAdmission.of("alice", "side"),
            participant ->
                new Session(
                    runtime.sessions,
                    AcceptedAdmission.of("alice", "side"),
                    participant,
                    connection));
    session.close(CloseStatus.NORMAL, SessionCloseMode.IMMEDIATELY);
    assertEquals(
        410,
        runtime
            .rooms
            .join("side", new JoinAttempt(session, HistoryRange.none(), Role.MEMBER))
            .rejection()
            .orElseThrow()
            .status());
    assertEquals(1, ((LiveParticipant) participant("alice")).roomCount());
    assertEquals(Optional.empty(), chat.chat().room("side"));
    assertEquals(List.of(), recorder.takeEntries());
    new TextEndpoint(session, runtime.sessions).closed(1000, "");
  }

  @Test
  void aPermanentRoomExistsFromTheStartOrFromItsOpening() {
    RoomOptions options = RoomOptions.defaults().withCapacity(7).withOverflow(Overflow.DROP_OLDEST);
    try (TestChat other =
        TestChat.of(
            Chat.builder(recorder).room("hall", options.withPermanent()).room("cellar", options))) {
      Room hall = other.chat().room("hall").orElseThrow();
      assertEquals(7, hall.options().capacity());
      assertTrue(hall.options().isPermanent());
      assertEquals(Optional.empty(), other.chat().room("cellar"));
      other.connect("cellar", "alice");
      assertEquals(7, other.chat().room("cellar").orElseThrow().options().capacity());
      assertSame(
          BroadcastPolicy.everyone(), other.chat().room("cellar").orElseThrow().options().policy());

      Room tower = other.chat().open("tower", options);
      assertTrue(tower.options().isPermanent());
      assertEquals(Overflow.DROP_OLDEST, tower.options().overflow());
      assertEquals(0, tower.size());
      IllegalStateException exists =
          assertThrows(IllegalStateException.class, () -> other.chat().open("tower", options));
      assertTrue(String.valueOf(exists.getMessage()).contains("\"tower\" exists already"));
      assertThrows(IllegalStateException.class, () -> other.chat().open("cellar", options));
    }
  }

  @Test
  void participantsAreTheSameIfTheirIdsAre() {
    chat.connect("lobby", "alice");
    Participant before = participant("alice");
    room("lobby").close("over");
    chat.connect(AcceptedAdmission.of("alice", "lobby").withName("Alice"));
    Participant after = participant("alice");
    assertNotSame(before, after);
    assertEquals(before, after);
    assertEquals(before.hashCode(), after.hashCode());
    assertTrue(room("lobby").contains(before));
    assertEquals("Alice (alice)", after.toString());
    assertEquals("alice", before.toString());
    assertEquals("room \"lobby\"", room("lobby").toString());
  }

  @Test
  void aMessageHasItsRoomAndSender() {
    RoomHandler asking =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            assertSame(room, message.room());
            assertEquals("alice", message.sender().id());
            assertEquals(message.isText(), message.payload().isText());
            if (message.isText()) {
              message.reply(
                  message + " | " + message.text() + " | " + message.withPayload("other"));
            } else {
              message.reply(Payload.bytes(message.bytes()));
              assertThrows(IllegalStateException.class, message::text);
            }
          }
        };
    try (TestChat other = TestChat.of(asking)) {
      TestClient alice = other.connect("lobby", "alice");
      alice.send("hi");
      assertEquals(
          List.of(
              "message of alice in room \"lobby\": hi | hi | message of alice in room \"lobby\":"
                  + " other"),
          alice.received());
      alice.send(new byte[3]);
      assertEquals(3, alice.receivedBytes().get(0).remaining());
      assertTrue(alice.isOpen());
    }
  }
}
