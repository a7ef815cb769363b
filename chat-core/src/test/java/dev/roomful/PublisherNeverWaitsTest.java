package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.RoomSession;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarantee 4: publishing never waits for a client's socket, and no lock is held in callbacks. */
@Timeout(20)
class PublisherNeverWaitsTest {
  @Test
  void aStalledReaderDelaysNeitherThePublisherNorOthers() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient stalled = chat.connect("lobby", "stalled");
      TestClient bob = chat.connect("lobby", "bob");
      stalled.stopReading();
      alice.send("one");
      alice.send("two");
      assertEquals(List.of("one", "two"), bob.received());
      stalled.resumeReading();
      assertEquals(List.of("one", "two"), stalled.received());
    }
  }

  @Test
  void aBlockingWriteDelaysNoPublisher() {
    CountDownLatch unblock = new CountDownLatch(1);
    try (Chat chat = Chat.of(new RoomHandler() {})) {
      FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
      AtomicBoolean blocked = new AtomicBoolean();
      FakeConnection.open(chat, "lobby", "blocking")
          .onWrite(
              () -> {
                blocked.set(true);
                awaitUninterrupted(unblock);
              });
      alice.send("one");
      eventually("the write blocks", blocked::get);
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () -> {
            for (int i = 0; i < 20; i++) {
              alice.send("more");
            }
          });
      unblock.countDown();
    }
  }

  @Test
  void aBlockingHandlerDelaysOnlyItsParticipant() throws InterruptedException {
    CountDownLatch unblock = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().equals("block")) {
              blocked.countDown();
              awaitUninterrupted(unblock);
            }
            room.publish(message);
          }
        };
    try (Chat chat = Chat.of(blocking)) {
      FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
      FakeConnection bob = FakeConnection.open(chat, "lobby", "bob");
      Thread server = new Thread(() -> alice.send("block"));
      server.start();
      assertTrue(blocked.await(10, java.util.concurrent.TimeUnit.SECONDS));
      bob.send("hello");
      eventually("alice receives bob's message", () -> alice.received().equals(List.of("hello")));
      FakeConnection carol = FakeConnection.open(chat, "lobby", "carol");
      carol.closeFromClient();
      unblock.countDown();
      server.join();
      eventually(
          "bob receives both messages", () -> bob.received().equals(List.of("hello", "block")));
    }
  }

  @Test
  void anyCallbackMayCallAnythingOfTheChat() {
    List<TestChat> itself = new ArrayList<>();
    AtomicInteger callbacks = new AtomicInteger();
    RoomHandler meddling =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant participant) {
            meddle(room, participant);
          }

          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message);
            message.reply("reply");
            meddle(room, message.participant());
          }

          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            meddle(room, participant);
          }

          private void meddle(Room room, Participant participant) {
            callbacks.incrementAndGet();
            Chat chat = itself.get(0).chat();
            if (room.name().startsWith("side")) {
              return;
            }
            chat.announce("to all");
            room.announce("to the room");
            participant.send("to you");
            Optional<Rejection> rejection =
                participant.join("side of " + participant.id()).rejection();
            if (rejection.isEmpty() && participant.connections() > 0) {
              assertTrue(participant.leave("side of " + participant.id()).isDone());
            }
            chat.participant("victim").ifPresent(victim -> room.kick(victim, "out"));
            chat.participant("eve")
                .ifPresent(connection -> connection.disconnect(CloseStatus.NORMAL));
            chat.room("doomed").ifPresent(doomed -> doomed.close("doomed"));
            assertEquals(chat.rooms().size(), List.copyOf(chat.rooms()).size());
            assertTrue(chat.participants() >= room.size());
          }
        };
    try (TestChat chat = TestChat.of(meddling)) {
      itself.add(chat);
      TestClient bob = chat.connect("lobby", "bob");
      TestClient victim = chat.connect("lobby", "victim");
      TestClient connection = chat.connect("lobby", "eve");
      TestClient inDoomed = chat.connect("doomed", "doomed");
      TestClient alice = chat.connect("lobby", "alice");
      assertEquals(Optional.of(CloseStatus.KICKED.withReason("out")), victim.closeStatus());
      assertEquals(Optional.of(CloseStatus.NORMAL), connection.closeStatus());
      assertEquals(
          Optional.of(CloseStatus.ROOM_CLOSED.withReason("doomed")), inDoomed.closeStatus());

      bob.received();
      alice.send("hello");
      assertEquals(List.of("hello", "to all", "to the room"), bob.received());
      alice.close();
      assertEquals(List.of("to all", "to the room"), bob.received());
      assertEquals(1, chat.chat().participants());
      assertTrue(callbacks.get() > 10);
    }
  }

  /** Everything runs on one thread, so that the check sees a lock that any caller holds. */
  @Test
  void noLockIsHeldWhileApplicationCodeOrATransportRuns() {
    LockCheck lockCheck = new LockCheck();
    BroadcastPolicy watched =
        BroadcastPolicy.rule(
            (message, recipient) -> {
              lockCheck.check(message);
              return true;
            });
    Authenticator authenticator =
        handshake -> {
          lockCheck.check();
          return AcceptedAdmission.of("new", "lobby");
        };
    Limits tight =
        Limits.defaults().withOutboxBytes(1024).withMessageBytes(500).withMessagesPerSecond(0);
    try (TestChat chat =
        TestChat.of(
            Chat.builder(lockCheck)
                .authenticator(authenticator)
                .limits(tight)
                .rooms(RoomOptions.defaults().withPolicy(watched)))) {
      List<FakeConnection> all = new ArrayList<>();
      for (String id : List.of("alice", "bob", "bob", "carol", "dave", "erin", "slow")) {
        all.add(
            new FakeConnection()
                .onAnyCall(lockCheck::check)
                .connect(chat.chat(), AcceptedAdmission.of(id, "lobby")));
      }
      FakeConnection alice = all.get(0);
      FakeConnection slow = all.get(6).hold();
      alice.send("hello");
      chat.connect(TestHandshake.create());
      Room room = chat.chat().room("lobby").orElseThrow();
      room.announce("hello");
      chat.chat().announce("hello");
      assertEquals(Outcome.done(), chat.chat().participant("alice").orElseThrow().join("side"));
      chat.chat().announce("hello");
      assertTrue(chat.chat().participant("alice").orElseThrow().leave("side").isDone());
      all.get(3).loseConnection();
      assertTrue(room.kick(chat.chat().participant("dave").orElseThrow(), "out").isDone());
      chat.chat().participant("erin").orElseThrow().disconnect(CloseStatus.NORMAL);
      for (int i = 0; i < 10; i++) {
        alice.send("x".repeat(200));
      }
      chat.advance(Duration.ofSeconds(30));
      assertFalse(slow.isOpen());
      assertEquals(1, alice.pings());
      room.close("enough");
      assertEquals(0, room.size());
      assertTrue(lockCheck.checkCount.get() > 100, lockCheck.checkCount + " checks");
    }
    assertEquals(List.of(), lockCheck.violations);
  }

  /** Checks in each callback that the thread holds no lock. */
  private static final class LockCheck implements RoomHandler {
    final List<String> violations = new ArrayList<>();
    final AtomicInteger checkCount = new AtomicInteger();
    private final List<Room> rooms = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();

    @Override
    public void onJoin(Room room, Participant participant) {
      if (!rooms.contains(room)) {
        rooms.add(room);
      }
      check();
    }

    @Override
    public void onMessage(Room room, Message message) {
      check(message);
      room.publish(message);
      check();
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      check();
    }

    void check(Message message) {
      messages.add(message);
      check();
    }

    void check() {
      checkCount.incrementAndGet();
      for (Room room : rooms) {
        if (((LiveRoom) room).lock.isHeldByCurrentThread()) {
          violations.add(room + " at " + caller());
        }
      }
      for (Message message : messages) {
        if (Thread.holdsLock(((RoomMessage) message).origin())) {
          violations.add("a session at " + caller());
        }
        if (Thread.holdsLock(((RoomSession) ((RoomMessage) message).origin()).outbox())) {
          violations.add("an outbox at " + caller());
        }
      }
    }

    private static String caller() {
      return List.of(Thread.currentThread().getStackTrace()).subList(2, 8).toString();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
