package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guarantee 10: nothing leaks. */
@Timeout(30)
class NothingLeaksTest {
  private static final Limits TIGHT =
      Limits.defaults()
          .withOutboxBytes(2048)
          .withMessageBytes(1000)
          .withRooms(4)
          .withConnections(12)
          .withRoomsPerParticipant(2);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void countersReturnToZeroAfterAnyMix(long seed) {
    Random random = new Random(seed);
    List<Participant> participants = new ArrayList<>();
    List<FakeConnection> open = new ArrayList<>();
    CallbackRecorder recorder =
        new CallbackRecorder() {
          @Override
          public void onJoin(Room room, Participant member) {
            super.onJoin(room, member);
            participants.add(member);
            if (random.nextInt(20) == 0) {
              throw new IllegalStateException("a handler that fails sometimes");
            }
          }
        };
    try (LogCapture log = new LogCapture();
        TestChat chat =
            TestChat.of(
                Chat.builder(recorder)
                    .limits(TIGHT)
                    .rooms(RoomOptions.defaults().withCapacity(3))
                    .room("r0", RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST)))) {
      for (int i = 0; i < 1000; i++) {
        String name = "r" + random.nextInt(6);
        String id = "p" + random.nextInt(8);
        Optional<Room> room = chat.chat().room(name);
        Optional<Participant> participant = chat.chat().participant(id);
        Optional<FakeConnection> one =
            open.isEmpty() ? Optional.empty() : Optional.of(open.get(random.nextInt(open.size())));
        switch (random.nextInt(14)) {
          case 0, 1, 2, 3 -> {
            FakeConnection connection = FakeConnection.open(chat.chat(), name, id);
            open.add(random.nextInt(4) == 0 ? connection.ignoreClose() : connection);
          }
          case 4 -> one.ifPresent(FakeConnection::closeFromClient);
          case 5 -> one.ifPresent(FakeConnection::loseConnection);
          case 6 -> one.ifPresent(FakeConnection::hold);
          case 7 -> one.ifPresent(FakeConnection::release);
          case 8 -> one.ifPresent(connection -> connection.send("x".repeat(random.nextInt(900))));
          case 9 -> participant.ifPresent(member -> room.ifPresent(in -> in.kick(member, "out")));
          case 10 -> room.filter(in -> random.nextInt(4) == 0).ifPresent(in -> in.close("over"));
          case 11 -> participant.ifPresent(member -> member.join(name));
          case 12 -> participant.ifPresent(member -> member.leave(name));
          default -> chat.advance(Duration.ofMillis(random.nextInt(3000)));
        }
      }
      open.forEach(FakeConnection::loseConnection);

      assertEquals(0, chat.chat().participants());
      assertEquals(0, chat.chat().connections());
      assertEquals(0, chat.chat().rooms().size());
      for (Participant member : participants) {
        assertEquals(0, member.connections());
        assertEquals(0, ((LiveParticipant) member).roomCount());
        assertEquals(0, member.rooms().size());
      }
      assertTrue(participants.size() > 50, participants.size() + " participants");
      assertEquals(
          recorder.entries().stream().filter(entry -> entry.contains(" joined ")).count(),
          recorder.entries().stream().filter(entry -> entry.contains(" left ")).count());
      for (FakeConnection connection : open) {
        assertEquals(List.of(), connection.violations());
      }
      assertTrue(log.messages().stream().allMatch(text -> text.startsWith("onJoin threw")));
      for (int i = 0; i < 4; i++) { // all slots are free
        assertTrue(chat.connect("free" + i, "p" + i).isOpen());
      }
    }
  }

  @Test
  void participantsThatLeftAreGarbageCollected() {
    try (Chat chat = Chat.of(new CallbackRecorder())) {
      FakeConnection remaining = FakeConnection.open(chat, "lobby", "remaining");
      List<WeakReference<?>> references = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        references.addAll(joinAndLeave(chat, "member" + i));
      }
      remaining.send("still here");
      eventually(
          "participants, connections and rooms are collected",
          () -> {
            System.gc();
            return references.stream().allMatch(reference -> reference.get() == null);
          });
      assertEquals(1, chat.participants());
      assertTrue(remaining.isOpen());
    }
  }

  /** A participant joins two rooms, publishes, receives and leaves. */
  private static List<WeakReference<?>> joinAndLeave(Chat chat, String id) {
    FakeConnection connection = FakeConnection.open(chat, "lobby", id);
    Participant participant = chat.participant(id).orElseThrow();
    assertEquals(Outcome.done(), participant.join("room of " + id));
    Room room = chat.room("room of " + id).orElseThrow();
    connection.send("hello");
    eventually("the message arrives", () -> !connection.received().isEmpty());
    connection.loseConnection();
    return List.of(
        new WeakReference<>(connection),
        new WeakReference<>(participant),
        new WeakReference<>(room));
  }

  @Test
  void aClosedChatLeavesNoThread() {
    Chat chat = Chat.of(new CallbackRecorder());
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
    chat.participant("alice").orElseThrow().disconnect(CloseStatus.NORMAL);
    eventually("the connection is closed", () -> !alice.isOpen());
    assertTrue(threads().size() >= 3, "write loop, callback, timer: " + threads());
    assertTrue(threads().stream().allMatch(Thread::isDaemon));
    chat.close();
    eventually("no thread is left: " + threads(), () -> threads().isEmpty());
  }

  @Test
  void anUnusedChatHasOnlyItsTimerThread() {
    try (Chat chat = Chat.of(new CallbackRecorder())) {
      assertEquals(0, chat.connections());
      assertEquals(List.of("roomful-timer-1"), threads().stream().map(Thread::getName).toList());
    }
    eventually("no thread is left: " + threads(), () -> threads().isEmpty());
  }

  @Test
  void aPermanentRoomExistsUntilItIsClosedAndThenFreesItsSlot() {
    RoomOptions permanent = RoomOptions.defaults().withPermanent();
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new CallbackRecorder())
                .limits(Limits.defaults().withRooms(2))
                .room("hall", permanent))) {
      Room hall = chat.chat().room("hall").orElseThrow();
      TestClient alice = chat.connect("hall", "alice");
      alice.close();
      assertEquals(Optional.of(hall), chat.chat().room("hall"));
      Room tower = chat.chat().open("tower", RoomOptions.defaults());
      assertEquals(2, chat.chat().rooms().size());
      hall.close("over");
      tower.close("over");
      tower.close("over again");
      assertEquals(0, chat.chat().rooms().size());
      assertTrue(chat.connect("one", "alice").isOpen());
      assertTrue(chat.connect("two", "alice").isOpen());
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("roomful-"))
        .toList();
  }
}
