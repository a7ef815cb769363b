package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantee 6: each join and leave is reported once, in that order. */
@Timeout(30)
class OneJoinOneLeaveTest {
  /** All the ways in which a membership ends. */
  enum Ending {
    CLIENT_CLOSE(1000),
    CONNECTION_LOST(1006),
    KICK(4003),
    ROOM_CLOSED(4004),
    DISCONNECT(4321),
    LEAVE(1000),
    CHAT_CLOSED(1012),
    RATE_EXCEEDED(1008),
    MESSAGE_TOO_LONG(1009),
    OUTBOX_FULL(4002),
    WRITE_STUCK(4002),
    SILENCE(4001),
    HANDLER_FAILED(1011);

    final int code;

    Ending(int code) {
      this.code = code;
    }

    void apply(TestChat chat, TestClient alice) {
      Room room = chat.chat().room("lobby").orElseThrow();
      Participant participant = chat.chat().participant("alice").orElseThrow();
      switch (this) {
        case CLIENT_CLOSE -> alice.close();
        case CONNECTION_LOST -> alice.abort();
        case KICK -> assertTrue(room.kick(participant, "out").isDone());
        case ROOM_CLOSED -> room.close("over");
        case DISCONNECT -> participant.disconnect(new CloseStatus(4321, "my own"));
        case LEAVE -> assertTrue(participant.leave("lobby").isDone());
        case CHAT_CLOSED -> chat.close();
        case RATE_EXCEEDED -> {
          for (int i = 0; i < 111; i++) {
            alice.send("quiet");
          }
        }
        case MESSAGE_TOO_LONG -> alice.send("x".repeat(64 * 1024 + 1));
        case OUTBOX_FULL -> {
          alice.stopReading();
          for (int i = 0; i < 40; i++) {
            room.announce("x".repeat(32 * 1024));
          }
        }
        case WRITE_STUCK -> {
          alice.stopReading();
          room.announce("hello");
          chat.advance(Duration.ofSeconds(11));
        }
        case SILENCE -> {
          alice.stopAnsweringPings();
          chat.advance(Duration.ofSeconds(61));
        }
        case HANDLER_FAILED -> alice.send("fail");
      }
    }
  }

  /** Records joins and leaves, and fails on the message "fail". */
  private static final class FailOnRequestRecorder extends CallbackRecorder {
    @Override
    public void onMessage(Room room, Message message) {
      if (message.text().equals("fail")) {
        throw new IllegalStateException("requested failure");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachEndingCausesOneLeaveWithItsStatus(Ending ending) {
    FailOnRequestRecorder recorder = new FailOnRequestRecorder();
    try (LogCapture log = new LogCapture();
        TestChat chat =
            TestChat.of(Chat.builder(recorder).onMessageFailure(Chat.OnFailure.CLOSE_CONNECTION))) {
      TestClient alice = chat.connect("lobby", "alice");
      ending.apply(chat, alice);
      chat.advance(Duration.ofSeconds(20));
      assertFalse(alice.isOpen());
      assertEquals(
          List.of("alice joined lobby", "alice left lobby " + ending.code), recorder.entries());
      assertEquals(ending == Ending.HANDLER_FAILED ? 1 : 0, log.messages().size());
    }
  }

  /** The first ending decides the status, and the second is not reported. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CHAT_CLOSED", "WRITE_STUCK", "SILENCE"})
  void aSecondEndingCausesNoLeave(Ending ending) {
    FailOnRequestRecorder recorder = new FailOnRequestRecorder();
    try (LogCapture log = new LogCapture();
        TestChat chat = TestChat.of(recorder)) {
      FakeConnection alice = FakeConnection.open(chat.chat(), "lobby", "alice").ignoreClose();
      TestClient same = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      Participant participant = chat.chat().participant("alice").orElseThrow();
      Room room = chat.chat().room("lobby").orElseThrow();
      ending.apply(chat, same);
      alice.loseConnection();
      same.abort();
      alice.receiver().closed(1000, "again");
      participant.disconnect(CloseStatus.NORMAL);
      assertFalse(room.kick(participant, "again").isDone());
      assertFalse(participant.leave("lobby").isDone());
      chat.advance(Duration.ofSeconds(20));
      assertEquals(
          1,
          recorder.entries().stream()
              .filter(entry -> entry.startsWith("alice left lobby"))
              .count());
      assertEquals(ending == Ending.ROOM_CLOSED, !bob.isOpen());
      assertTrue(log.messages().size() <= 1);
    }
  }

  @Test
  void aParticipantJoinsWithItsFirstConnectionAndLeavesWithItsLast() {
    CallbackRecorder recorder = new CallbackRecorder();
    try (TestChat chat = TestChat.of(recorder)) {
      TestClient first = chat.connect("lobby", "alice");
      TestClient second = chat.connect("lobby", "alice");
      assertEquals(1, chat.chat().participants());
      assertEquals(2, chat.chat().participant("alice").orElseThrow().connections());
      first.close();
      assertEquals(List.of("alice joined lobby"), recorder.takeEntries());
      second.abort();
      assertEquals(List.of("alice left lobby 1006"), recorder.takeEntries());
    }
  }

  @Test
  void leaveReceivesTheSameParticipantAsJoin() {
    List<Participant> seen = new ArrayList<>();
    RoomHandler remembering =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant participant) {
            seen.add(participant);
            participant.update("seen", "yes");
            assertTrue(room.contains(participant));
          }

          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            seen.add(participant);
            assertEquals("Alice", participant.name());
            assertEquals(Map.of("team", "red", "seen", "yes"), participant.attributes());
            assertEquals(0, participant.connections());
            assertFalse(room.contains(participant));
          }
        };
    try (LogCapture log = new LogCapture();
        TestChat chat = TestChat.of(remembering)) {
      TestClient alice =
          chat.connect(
              AcceptedAdmission.of("alice", "lobby")
                  .withName("Alice")
                  .withAttribute("team", "red"));
      alice.abort();
      assertEquals(2, seen.size());
      assertSame(seen.get(0), seen.get(1));
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void eachRoomReportsItsOwnJoinsAndLeaves() {
    CallbackRecorder recorder = new CallbackRecorder();
    try (TestChat chat = TestChat.of(recorder)) {
      TestClient alice = chat.connect("red", "alice");
      Participant participant = chat.chat().participant("alice").orElseThrow();
      assertEquals(Outcome.done(), participant.join("blue"));
      assertEquals(Outcome.done(), participant.join("blue"));
      assertEquals(Outcome.done(), participant.join("green"));
      assertEquals(
          List.of("alice joined red", "alice joined blue", "alice joined green"),
          recorder.takeEntries());
      assertTrue(participant.leave("blue").isDone());
      assertFalse(participant.leave("blue").isDone());
      assertEquals(List.of("alice left blue 1000"), recorder.takeEntries());
      assertTrue(alice.isOpen());
      alice.abort();
      assertEquals(List.of("alice left red 1006", "alice left green 1006"), recorder.takeEntries());
    }
  }

  @Test
  void aReconnectJoinsAfterTheLeaveItOvertook() throws InterruptedException {
    CountDownLatch leaving = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    CallbackRecorder recorder =
        new CallbackRecorder() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            leaving.countDown();
            try {
              assertTrue(proceed.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException stopped) {
              Thread.currentThread().interrupt();
            }
            super.onLeave(room, participant, status);
          }
        };
    try (Chat chat = Chat.of(recorder)) {
      FakeConnection first = FakeConnection.open(chat, "lobby", "alice");
      Thread server = new Thread(first::loseConnection);
      server.start();
      assertTrue(leaving.await(10, TimeUnit.SECONDS));
      FakeConnection second = FakeConnection.open(chat, "lobby", "alice");
      second.send("hello");
      assertEquals(List.of("alice joined lobby"), recorder.entries());
      assertEquals(1, chat.room("lobby").orElseThrow().size());
      proceed.countDown();
      server.join();
      eventually("all callbacks have run", () -> recorder.entries().size() == 4);
      assertEquals(
          List.of(
              "alice joined lobby",
              "alice left lobby 1006",
              "alice joined lobby",
              "alice published hello in lobby"),
          recorder.entries());
    }
  }

  @Test
  void inputThatArrivesAfterAnAbortIsIgnored() {
    CallbackRecorder recorder = new CallbackRecorder();
    try (TestChat chat = TestChat.of(recorder)) {
      FakeConnection alice = FakeConnection.open(chat.chat(), "lobby", "alice").hold();
      chat.chat().room("lobby").orElseThrow().announce("hello");
      chat.advance(Duration.ofSeconds(11));
      assertEquals(1, alice.aborts());
      alice.send("too late");
      assertEquals(List.of("alice joined lobby", "alice left lobby 4002"), recorder.takeEntries());

      FakeConnection bob = FakeConnection.open(chat.chat(), "lobby", "bob").ignoreClose();
      assertTrue(
          chat.chat()
              .room("lobby")
              .orElseThrow()
              .kick(chat.chat().participant("bob").orElseThrow(), "out")
              .isDone());
      bob.send("too late");
      assertEquals(List.of("bob joined lobby", "bob left lobby 4003"), recorder.takeEntries());
    }
  }

  @Test
  void messagesSentBeforeADisconnectAreStillHandled() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    CallbackRecorder recorder =
        new CallbackRecorder() {
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().equals("first")) {
              busy.countDown();
              try {
                assertTrue(proceed.await(10, TimeUnit.SECONDS));
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            }
            super.onMessage(room, message);
          }
        };
    try (Chat chat = Chat.of(recorder)) {
      FakeConnection tab = FakeConnection.open(chat, "lobby", "alice");
      FakeConnection other = FakeConnection.open(chat, "lobby", "alice");
      Thread server = new Thread(() -> tab.send("first"));
      server.start();
      assertTrue(busy.await(10, TimeUnit.SECONDS));
      other.send("last message");
      other.closeFromClient();
      tab.closeFromClient();
      proceed.countDown();
      server.join();
      eventually("all callbacks have run", () -> recorder.entries().size() == 4);
      assertEquals(
          List.of(
              "alice joined lobby",
              "alice published first in lobby",
              "alice published last message in lobby",
              "alice left lobby 1000"),
          recorder.entries());
    }
  }

  /** A room that replaces a closed one of the same name continues its sequence of callbacks. */
  @Tag("slow")
  @Test
  void rejoiningAClosingRoomLeavesFirst() throws InterruptedException {
    AlternationCheck alternation = new AlternationCheck();
    try (Chat chat = Chat.of(alternation)) {
      for (int round = 0; round < 30; round++) {
        List<FakeConnection> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          all.add(FakeConnection.open(chat, "lobby", "p" + i)); // makes the close take longer
        }
        FakeConnection elsewhere = FakeConnection.open(chat, "elsewhere", "p199");
        Participant last = chat.participant("p199").orElseThrow();
        Room lobby = chat.room("lobby").orElseThrow();
        Concurrently.run(
            2,
            number -> {
              if (number == 0) {
                lobby.close("");
              } else {
                for (int i = 0; i < 2000 && last.join("lobby").isDone(); i++) {
                  if (!last.rooms().contains(lobby)) {
                    break;
                  }
                }
              }
            });
        elsewhere.loseConnection();
        all.forEach(FakeConnection::loseConnection);
        eventually("all have left", () -> chat.participants() == 0);
        assertEquals(List.of(), alternation.violations());
      }
    }
  }

  @Tag("slow")
  @Test
  void joinsAndLeavesAlternateUnderConcurrency() throws InterruptedException {
    AlternationCheck alternation = new AlternationCheck();
    Queue<FakeConnection> all = new ConcurrentLinkedQueue<>();
    String[] rooms = {"red", "blue"};
    try (Chat chat =
        Chat.builder(alternation)
            .limits(
                Limits.defaults()
                    .withMessagesPerSecond(0)
                    .withOutboxBytes(4096)
                    .withMessageBytes(2000))
            .build()) {
      Concurrently.run(
          6,
          number -> {
            Random random = new Random(number);
            List<FakeConnection> open = new ArrayList<>();
            for (int i = 0; i < 1500; i++) {
              String id = "p" + random.nextInt(4);
              String name = rooms[random.nextInt(2)];
              Optional<Room> room = chat.room(name);
              Optional<Participant> participant = chat.participant(id);
              switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                  FakeConnection connection = FakeConnection.open(chat, name, id);
                  open.add(connection);
                  all.add(connection);
                }
                case 3 ->
                    participant.ifPresent(member -> room.ifPresent(in -> in.kick(member, "")));
                case 4 -> room.ifPresent(in -> in.close(""));
                case 5 -> participant.ifPresent(member -> member.disconnect(CloseStatus.NORMAL));
                case 6 -> participant.ifPresent(member -> member.join(name));
                case 7 -> participant.ifPresent(member -> member.leave(name));
                case 8, 9 -> open.forEach(connection -> connection.send("hello"));
                default -> {
                  if (!open.isEmpty()) {
                    open.remove(random.nextInt(open.size())).loseConnection();
                  }
                }
              }
            }
          });
      all.forEach(FakeConnection::loseConnection);
      eventually("all have left", () -> chat.participants() == 0);
      assertEquals(List.of(), alternation.violations());
      assertTrue(alternation.joinCount.get() > 500, alternation.joinCount + " joins");
      assertEquals(Map.of(), alternation.joined);
      assertEquals(0, chat.connections());
      assertEquals(List.of(), List.copyOf(chat.rooms()));
      for (FakeConnection connection : all) {
        assertEquals(List.of(), connection.violations());
      }
    }
  }

  /**
   * Checks that joins and leaves alternate, and that callbacks of one participant never overlap.
   */
  private static final class AlternationCheck implements RoomHandler {
    final ConcurrentMap<String, Boolean> joined = new ConcurrentHashMap<>();
    final AtomicInteger joinCount = new AtomicInteger();
    private final ConcurrentMap<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    List<String> violations() {
      return violations.stream().limit(10).toList();
    }

    @Override
    public void onJoin(Room room, Participant participant) {
      runExclusively(
          participant,
          () -> {
            if (joined.put(key(room, participant), true) != null) {
              violations.add(participant + " joined twice");
            }
            joinCount.incrementAndGet();
          });
    }

    @Override
    public void onMessage(Room room, Message message) {
      runExclusively(
          message.participant(),
          () -> {
            if (!joined.containsKey(key(room, message.participant()))) {
              violations.add(message + " from a participant that has not joined");
            }
            room.publish(message);
          });
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      runExclusively(
          participant,
          () -> {
            if (joined.remove(key(room, participant)) == null) {
              violations.add(participant + " left without a join");
            }
          });
    }

    private void runExclusively(Participant participant, Runnable callback) {
      AtomicInteger now = running.computeIfAbsent(participant.id(), id -> new AtomicInteger());
      if (now.incrementAndGet() != 1) {
        violations.add("two callbacks of " + participant + " at once");
      }
      callback.run();
      LockSupport.parkNanos(1); // widens the window for an overlap
      now.decrementAndGet();
    }

    /** By name and not by room object: a room that replaces a closed one continues its sequence. */
    private static String key(Room room, Participant participant) {
      return room.name() + "/" + participant.id();
    }
  }
}
