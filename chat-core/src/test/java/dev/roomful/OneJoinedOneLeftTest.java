package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
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

/** Promise 6. */
@Timeout(30)
class OneJoinedOneLeftTest {
  /** All the ways in which a stay in a room ends. */
  enum Ending {
    HANG_UP(1000),
    VANISH(1006),
    KICK(4003),
    ROOM_CLOSED(4004),
    DISCONNECT(4321),
    LEAVE(1000),
    CHAT_CLOSED(1012),
    TOO_MUCH_SAID(1008),
    TOO_LONG_A_MESSAGE(1009),
    OUTBOX_FULL(4002),
    WRITE_STUCK(4002),
    SILENCE(4001),
    HANDLER_FAILED(1011);

    final int code;

    Ending(int code) {
      this.code = code;
    }

    void of(TestChat chat, TestClient alice) {
      Room room = chat.chat().room("lobby").orElseThrow();
      Participant she = chat.chat().participant("alice").orElseThrow();
      switch (this) {
        case HANG_UP -> alice.close();
        case VANISH -> alice.abort();
        case KICK -> assertTrue(room.kick(she, "out").isDone());
        case ROOM_CLOSED -> room.close("over");
        case DISCONNECT -> she.disconnect(new CloseStatus(4321, "my own"));
        case LEAVE -> assertTrue(she.leave("lobby").isDone());
        case CHAT_CLOSED -> chat.close();
        case TOO_MUCH_SAID -> {
          for (int i = 0; i < 111; i++) {
            alice.send("quiet");
          }
        }
        case TOO_LONG_A_MESSAGE -> alice.send("x".repeat(64 * 1024 + 1));
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

  /** Speaks of nothing but coming and going, and fails when it is told to. */
  private static final class Doorkeeper extends Diary {
    @Override
    public void onMessage(Room room, Message message) {
      if (message.text().equals("fail")) {
        throw new IllegalStateException("as it was told");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachEndingIsToldOnceWithItsReason(Ending ending) {
    Doorkeeper diary = new Doorkeeper();
    try (LogCapture log = new LogCapture();
        TestChat chat =
            TestChat.of(Chat.builder(diary).onMessageFailure(Chat.OnFailure.CLOSE_CONNECTION))) {
      TestClient alice = chat.connect("lobby", "alice");
      ending.of(chat, alice);
      chat.advance(Duration.ofSeconds(20));
      assertFalse(alice.isOpen());
      assertEquals(
          List.of("alice joined lobby", "alice left lobby " + ending.code), diary.entries());
      assertEquals(ending == Ending.HANDLER_FAILED ? 1 : 0, log.messages().size());
    }
  }

  /** Whatever comes first decides, and what comes second is not told. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CHAT_CLOSED", "WRITE_STUCK", "SILENCE"})
  void aSecondEndingIsNotTold(Ending ending) {
    Doorkeeper diary = new Doorkeeper();
    try (LogCapture log = new LogCapture();
        TestChat chat = TestChat.of(diary)) {
      FakeConnection alice = FakeConnection.open(chat.chat(), "lobby", "alice").deaf();
      TestClient same = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      Participant she = chat.chat().participant("alice").orElseThrow();
      Room room = chat.chat().room("lobby").orElseThrow();
      ending.of(chat, same);
      alice.vanish();
      same.abort();
      alice.receiver().closed(1000, "again");
      she.disconnect(CloseStatus.NORMAL);
      assertFalse(room.kick(she, "again").isDone());
      assertFalse(she.leave("lobby").isDone());
      chat.advance(Duration.ofSeconds(20));
      assertEquals(
          1,
          diary.entries().stream().filter(entry -> entry.startsWith("alice left lobby")).count());
      assertEquals(ending == Ending.ROOM_CLOSED, !bob.isOpen());
      assertTrue(log.messages().size() <= 1);
    }
  }

  @Test
  void aParticipantComesWithItsFirstTabAndGoesWithItsLast() {
    Diary diary = new Diary();
    try (TestChat chat = TestChat.of(diary)) {
      TestClient first = chat.connect("lobby", "alice");
      TestClient second = chat.connect("lobby", "alice");
      assertEquals(1, chat.chat().participants());
      assertEquals(2, chat.chat().participant("alice").orElseThrow().connections());
      first.close();
      assertEquals(List.of("alice joined lobby"), diary.take());
      second.abort();
      assertEquals(List.of("alice left lobby 1006"), diary.take());
    }
  }

  @Test
  void whoLeavesIsStillTheOneWhoCame() {
    List<Participant> who = new ArrayList<>();
    RoomHandler remembering =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant participant) {
            who.add(participant);
            participant.update("seen", "yes");
            assertTrue(room.contains(participant));
          }

          @Override
          public void onLeave(Room room, Participant participant, CloseStatus why) {
            who.add(participant);
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
      assertEquals(2, who.size());
      assertSame(who.get(0), who.get(1));
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void eachRoomTellsOfItsOwnComingAndGoing() {
    Diary diary = new Diary();
    try (TestChat chat = TestChat.of(diary)) {
      TestClient alice = chat.connect("red", "alice");
      Participant she = chat.chat().participant("alice").orElseThrow();
      assertEquals(Outcome.done(), she.join("blue"));
      assertEquals(Outcome.done(), she.join("blue"));
      assertEquals(Outcome.done(), she.join("green"));
      assertEquals(
          List.of("alice joined red", "alice joined blue", "alice joined green"), diary.take());
      assertTrue(she.leave("blue").isDone());
      assertFalse(she.leave("blue").isDone());
      assertEquals(List.of("alice left blue 1000"), diary.take());
      assertTrue(alice.isOpen());
      alice.abort();
      assertEquals(List.of("alice left red 1006", "alice left green 1006"), diary.take());
    }
  }

  @Test
  void aReconnectIsToldAfterTheLeavingThatItOvertook() throws InterruptedException {
    CountDownLatch leaving = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Diary diary =
        new Diary() {
          @Override
          public void onLeave(Room room, Participant who, CloseStatus why) {
            leaving.countDown();
            try {
              assertTrue(goOn.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException stopped) {
              Thread.currentThread().interrupt();
            }
            super.onLeave(room, who, why);
          }
        };
    try (Chat chat = Chat.of(diary)) {
      FakeConnection first = FakeConnection.open(chat, "lobby", "alice");
      Thread server = new Thread(first::vanish);
      server.start();
      assertTrue(leaving.await(10, TimeUnit.SECONDS));
      FakeConnection second = FakeConnection.open(chat, "lobby", "alice");
      second.say("hello");
      assertEquals(List.of("alice joined lobby"), diary.entries());
      assertEquals(1, chat.room("lobby").orElseThrow().size());
      goOn.countDown();
      server.join();
      eventually("all is told", () -> diary.entries().size() == 4);
      assertEquals(
          List.of(
              "alice joined lobby",
              "alice left lobby 1006",
              "alice joined lobby",
              "alice said hello in lobby"),
          diary.entries());
    }
  }

  @Test
  void whatWasReadBeforeACutButComesAfterItIsNotToldAnyMore() {
    Diary diary = new Diary();
    try (TestChat chat = TestChat.of(diary)) {
      FakeConnection alice = FakeConnection.open(chat.chat(), "lobby", "alice").hold();
      chat.chat().room("lobby").orElseThrow().announce("hello");
      chat.advance(Duration.ofSeconds(11));
      assertEquals(1, alice.aborts());
      alice.say("too late");
      assertEquals(List.of("alice joined lobby", "alice left lobby 4002"), diary.take());

      FakeConnection bob = FakeConnection.open(chat.chat(), "lobby", "bob").deaf();
      assertTrue(
          chat.chat()
              .room("lobby")
              .orElseThrow()
              .kick(chat.chat().participant("bob").orElseThrow(), "out")
              .isDone());
      bob.say("too late");
      assertEquals(List.of("bob joined lobby", "bob left lobby 4003"), diary.take());
    }
  }

  @Test
  void whatWasSaidBeforeHangingUpIsStillTold() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Diary diary =
        new Diary() {
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().equals("first")) {
              busy.countDown();
              try {
                assertTrue(goOn.await(10, TimeUnit.SECONDS));
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            }
            super.onMessage(room, message);
          }
        };
    try (Chat chat = Chat.of(diary)) {
      FakeConnection tab = FakeConnection.open(chat, "lobby", "alice");
      FakeConnection other = FakeConnection.open(chat, "lobby", "alice");
      Thread server = new Thread(() -> tab.say("first"));
      server.start();
      assertTrue(busy.await(10, TimeUnit.SECONDS));
      other.say("last words");
      other.hangUp();
      tab.hangUp();
      goOn.countDown();
      server.join();
      eventually("all is told", () -> diary.entries().size() == 4);
      assertEquals(
          List.of(
              "alice joined lobby",
              "alice said first in lobby",
              "alice said last words in lobby",
              "alice left lobby 1000"),
          diary.entries());
    }
  }

  /** The room that comes under the name of a closed one is for the application the same place. */
  @Tag("slow")
  @Test
  void whoEntersARoomAgainWhileItClosesHasLeftItFirst() throws InterruptedException {
    Alternation alternation = new Alternation();
    try (Chat chat = Chat.of(alternation)) {
      for (int round = 0; round < 30; round++) {
        List<FakeConnection> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          all.add(FakeConnection.open(chat, "lobby", "p" + i)); // so that closing takes a while
        }
        FakeConnection elsewhere = FakeConnection.open(chat, "elsewhere", "p199");
        Participant last = chat.participant("p199").orElseThrow();
        Room lobby = chat.room("lobby").orElseThrow();
        Crowd.together(
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
        elsewhere.vanish();
        all.forEach(FakeConnection::vanish);
        eventually("all have left", () -> chat.participants() == 0);
        assertEquals(List.of(), alternation.violations());
      }
    }
  }

  @Test
  void whenAllRacesWithAllJoinedAndLeftStillAlternate() throws InterruptedException {
    Alternation alternation = new Alternation();
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
      Crowd.together(
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
                case 3 -> participant.ifPresent(who -> room.ifPresent(in -> in.kick(who, "")));
                case 4 -> room.ifPresent(in -> in.close(""));
                case 5 -> participant.ifPresent(who -> who.disconnect(CloseStatus.NORMAL));
                case 6 -> participant.ifPresent(who -> who.join(name));
                case 7 -> participant.ifPresent(who -> who.leave(name));
                case 8, 9 -> open.forEach(connection -> connection.say("hello"));
                default -> {
                  if (!open.isEmpty()) {
                    open.remove(random.nextInt(open.size())).vanish();
                  }
                }
              }
            }
          });
      all.forEach(FakeConnection::vanish);
      eventually("all have left", () -> chat.participants() == 0);
      assertEquals(List.of(), alternation.violations());
      assertTrue(alternation.stays.get() > 500, alternation.stays + " stays");
      assertEquals(Map.of(), alternation.inside);
      assertEquals(0, chat.connections());
      assertEquals(List.of(), List.copyOf(chat.rooms()));
      for (FakeConnection connection : all) {
        assertEquals(List.of(), connection.breaches());
      }
    }
  }

  /** Checks the order of callbacks, and that those about one participant do not overlap. */
  private static final class Alternation implements RoomHandler {
    final ConcurrentMap<String, Boolean> inside = new ConcurrentHashMap<>();
    final AtomicInteger stays = new AtomicInteger();
    private final ConcurrentMap<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    List<String> violations() {
      return violations.stream().limit(10).toList();
    }

    @Override
    public void onJoin(Room room, Participant who) {
      alone(
          who,
          () -> {
            if (inside.put(key(room, who), true) != null) {
              violations.add(who + " joined twice");
            }
            stays.incrementAndGet();
          });
    }

    @Override
    public void onMessage(Room room, Message message) {
      alone(
          message.participant(),
          () -> {
            if (!inside.containsKey(key(room, message.participant()))) {
              violations.add(message + " from outside");
            }
            room.publish(message);
          });
    }

    @Override
    public void onLeave(Room room, Participant who, CloseStatus why) {
      alone(
          who,
          () -> {
            if (inside.remove(key(room, who)) == null) {
              violations.add(who + " left without being in");
            }
          });
    }

    private void alone(Participant who, Runnable callback) {
      AtomicInteger now = running.computeIfAbsent(who.id(), id -> new AtomicInteger());
      if (now.incrementAndGet() != 1) {
        violations.add("two callbacks about " + who + " at once");
      }
      callback.run();
      LockSupport.parkNanos(1); // long enough for another thread to come in between
      now.decrementAndGet();
    }

    /**
     * By name and not by room: a room that comes again under the same name goes on where it was.
     */
    private static String key(Room room, Participant who) {
      return room.name() + "/" + who.id();
    }
  }
}
