package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomTest {
  private final Diary diary = new Diary();
  private final TestChat chat = TestChat.of(diary);

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
  void comesWithTheFirstAndGoesWithTheLast() {
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
    TestClient alice = chat.enter("lobby", "alice");
    Room first = room("lobby");
    alice.hangUp();
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
    chat.enter("lobby", "alice");
    assertNotSame(first, room("lobby"));
  }

  @Test
  void knowsWhoIsInItInTheOrderInWhichTheyCame() {
    chat.enter("lobby", "carol");
    TestClient alice = chat.enter("lobby", "alice");
    chat.enter("lobby", "bob");
    chat.enter("lobby", "carol");
    chat.enter("elsewhere", "dave");
    Room lobby = room("lobby");
    assertEquals("lobby", lobby.name());
    assertSame(chat.chat(), lobby.chat());
    assertEquals(3, lobby.size());
    assertEquals(
        List.of("carol", "alice", "bob"),
        lobby.participants().stream().map(Participant::id).toList());
    assertTrue(lobby.contains(participant("alice")));
    assertFalse(lobby.contains(participant("dave")));
    alice.hangUp();
    assertEquals(
        List.of("carol", "bob"), lobby.participants().stream().map(Participant::id).toList());
    assertEquals(
        Set.of("lobby", "elsewhere"),
        chat.chat().rooms().stream().map(Room::name).collect(Collectors.toSet()));
  }

  @Test
  void aKickClosesWhoEnteredHereAndOnlyTakesOutWhoJoinedHere() {
    TestClient home = chat.enter("lobby", "alice");
    TestClient guest = chat.enter("elsewhere", "alice");
    TestClient bob = chat.enter("lobby", "bob");
    assertEquals(Optional.empty(), participant("alice").join("lobby"));
    diary.take();

    assertTrue(room("lobby").kick(participant("alice"), "no spam"));
    assertEquals(Optional.of(CloseStatus.KICKED.because("no spam")), home.closeStatus());
    assertTrue(guest.isOpen());
    assertEquals(List.of("alice left lobby 4003"), diary.take());
    assertFalse(room("lobby").kick(participant("alice"), "again"));
    guest.say("still here");
    assertEquals(List.of("still here"), guest.heard());
    assertEquals(List.of(), bob.heard());
    assertThrows(
        IllegalArgumentException.class,
        () -> room("lobby").kick(participant("bob"), "x".repeat(124)));
    assertTrue(bob.isOpen());
  }

  @Test
  void closingARoomClosesWhoEnteredHereAndOnlyTakesOutWhoJoinedHere() {
    TestClient alice = chat.enter("lobby", "alice");
    TestClient bob = chat.enter("elsewhere", "bob");
    assertEquals(Optional.empty(), participant("bob").join("lobby"));
    diary.take();
    Room closed = room("lobby");
    assertThrows(IllegalArgumentException.class, () -> closed.close("x".repeat(124)));
    assertEquals(2, closed.size());

    closed.close("tea time");
    assertEquals(Optional.of(CloseStatus.ROOM_CLOSED.because("tea time")), alice.closeStatus());
    assertTrue(bob.isOpen());
    assertEquals(List.of("alice left lobby 4004", "bob left lobby 4004"), diary.take());
    assertEquals(Set.of(room("elsewhere")), participant("bob").rooms());
    assertTrue(chat.enter("lobby", "alice").isOpen());
    assertNotSame(closed, room("lobby"));
  }

  @Test
  void whatIsQueuedBeforeAKickIsStillHeard() {
    TestClient alice = chat.enter("lobby", "alice");
    alice.stopReading();
    room("lobby").announce("one");
    room("lobby").announce("two");
    assertTrue(room("lobby").kick(participant("alice"), ""));
    assertFalse(participantIsThere("alice"));
    alice.resumeReading();
    assertEquals(List.of("one", "two"), alice.heard());
    assertEquals(Optional.of(CloseStatus.KICKED.because("")), alice.closeStatus());
  }

  private boolean participantIsThere(String id) {
    return chat.chat().participant(id).isPresent();
  }

  @Test
  void aParticipantLeavesARoomAndIsClosedWhereItHasNoOther() {
    TestClient alice = chat.enter("lobby", "alice");
    Participant she = participant("alice");
    assertEquals(Optional.empty(), she.join("side"));
    assertEquals(Set.of(room("lobby"), room("side")), she.rooms());
    assertFalse(she.leave("nowhere"));
    assertTrue(she.leave("lobby"));
    assertEquals(Optional.of(CloseStatus.NORMAL), alice.closeStatus());
    assertEquals(
        List.of(
            "alice joined lobby",
            "alice joined side",
            "alice left lobby 1000",
            "alice left side 1000"),
        diary.entries());
    assertFalse(she.tell("gone"));
  }

  @Test
  void whatIsSaidIsSaidInTheRoomThatWasEnteredWhateverWasJoinedSince() {
    TestClient alice = chat.enter("lobby", "alice");
    TestClient tab = chat.enter("side", "alice");
    assertEquals(Optional.empty(), participant("alice").join("third"));
    alice.say("one");
    tab.say("two");
    assertEquals(
        List.of("alice said one in lobby", "alice said two in side"),
        diary.entries().stream().filter(entry -> entry.contains(" said ")).toList());
  }

  /** In the moment between the opening of a second tab and its entering, the first one joins. */
  @Test
  void aTabSpeaksInTheRoomOfItsEntryEvenIfItsParticipantJoinsAnotherMeanwhile() {
    Core core = (Core) chat.chat().gateway();
    chat.enter("lobby", "alice");
    Entry entry = Entry.of("alice", "side");
    FakeConnection connection = new FakeConnection();
    Visit tab =
        core.participants.attach(core.rooms, entry, who -> new Visit(core, entry, who, connection));
    assertEquals(Optional.empty(), participant("alice").join("third"));
    assertEquals(
        Optional.empty(), core.rooms.enter("side", new Coming(tab, Page.nothing(), Role.MEMBER)));
    tab.participant().turns.run();
    diary.take();
    tab.text("hello");
    assertEquals(List.of("alice said hello in side"), diary.take());
    tab.closed(1000, "");
  }

  /** As above, but in that moment the tab ends. */
  @Test
  void aTabThatEndsBeforeItHasEnteredTakesNoPlace() {
    Core core = (Core) chat.chat().gateway();
    chat.enter("lobby", "alice");
    diary.take();
    FakeConnection connection = new FakeConnection();
    Visit tab =
        core.participants.attach(
            core.rooms,
            Entry.of("alice", "side"),
            who -> new Visit(core, Entry.of("alice", "side"), who, connection));
    tab.end(CloseStatus.NORMAL, Visit.Farewell.AT_ONCE);
    assertEquals(
        410,
        core.rooms
            .enter("side", new Coming(tab, Page.nothing(), Role.MEMBER))
            .orElseThrow()
            .status());
    assertEquals(1, participant("alice").roomCount.get());
    assertEquals(Optional.empty(), chat.chat().room("side"));
    assertEquals(List.of(), diary.take());
    tab.closed(1000, "");
  }

  @Test
  void aPermanentRoomIsThereFromTheStartOrFromWhenItIsOpened() {
    RoomOptions options = RoomOptions.defaults().capacity(7).overflow(Overflow.DROP_OLDEST);
    try (TestChat other =
        TestChat.of(
            Chat.builder(diary).room("hall", options.permanent()).room("cellar", options))) {
      Room hall = other.chat().room("hall").orElseThrow();
      assertEquals(7, hall.options().capacity());
      assertTrue(hall.options().isPermanent());
      assertEquals(Optional.empty(), other.chat().room("cellar"));
      other.enter("cellar", "alice");
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
    chat.enter("lobby", "alice");
    Participant before = participant("alice");
    room("lobby").close("over");
    chat.enter(Entry.of("alice", "lobby").named("Alice"));
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
  void aMessageKnowsWhereItCameFrom() {
    RoomHandler asking =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            assertSame(room, message.room());
            assertEquals("alice", message.sender().id());
            assertEquals(message.isText(), message.payload().isText());
            if (message.isText()) {
              message.reply(message + " | " + message.text() + " | " + message.with("other"));
            } else {
              message.reply(Payload.bytes(message.bytes()));
              assertThrows(IllegalStateException.class, message::text);
            }
          }
        };
    try (TestChat other = TestChat.of(asking)) {
      TestClient alice = other.enter("lobby", "alice");
      alice.say("hi");
      assertEquals(
          List.of("alice in room \"lobby\": hi | hi | alice in room \"lobby\": other"),
          alice.heard());
      alice.say(new byte[3]);
      assertEquals(3, alice.heardBytes().get(0).remaining());
      assertTrue(alice.isOpen());
    }
  }
}
