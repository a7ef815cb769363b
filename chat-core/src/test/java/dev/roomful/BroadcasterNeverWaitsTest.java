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
import dev.roomful.internal.room.RoomMessage;
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

/** Promise 4. */
@Timeout(20)
class BroadcasterNeverWaitsTest {
  @Test
  void aReaderThatHasStoppedHoldsUpNeitherTheSpeakerNorTheOthers() {
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
  void evenAWriteThatBlocksHoldsUpNoSpeaker() {
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
      alice.say("one");
      eventually("the write blocks", blocked::get);
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () -> {
            for (int i = 0; i < 20; i++) {
              alice.say("more");
            }
          });
      unblock.countDown();
    }
  }

  @Test
  void aHandlerThatBlocksHoldsUpOnlyWhatItIsAbout() throws InterruptedException {
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
      Thread server = new Thread(() -> alice.say("block"));
      server.start();
      assertTrue(blocked.await(10, java.util.concurrent.TimeUnit.SECONDS));
      bob.say("hello");
      eventually("alice hears bob", () -> alice.heard().equals(List.of("hello")));
      FakeConnection carol = FakeConnection.open(chat, "lobby", "carol");
      carol.hangUp();
      unblock.countDown();
      server.join();
      eventually("bob hears both", () -> bob.heard().equals(List.of("hello", "block")));
    }
  }

  @Test
  void anyCallbackMayCallAnythingOfTheChat() {
    List<TestChat> itself = new ArrayList<>();
    AtomicInteger callbacks = new AtomicInteger();
    RoomHandler meddling =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant who) {
            meddle(room, who);
          }

          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message);
            message.reply("reply");
            meddle(room, message.participant());
          }

          @Override
          public void onLeave(Room room, Participant who, CloseStatus why) {
            meddle(room, who);
          }

          private void meddle(Room room, Participant who) {
            callbacks.incrementAndGet();
            Chat chat = itself.get(0).chat();
            if (room.name().startsWith("side")) {
              return;
            }
            chat.announce("to all");
            room.announce("to the room");
            who.send("to you");
            Optional<Rejection> refusal = who.join("side of " + who.id()).rejection();
            if (refusal.isEmpty() && who.connections() > 0) {
              assertTrue(who.leave("side of " + who.id()).isDone());
            }
            chat.participant("victim").ifPresent(victim -> room.kick(victim, "out"));
            chat.participant("guest").ifPresent(guest -> guest.disconnect(CloseStatus.NORMAL));
            chat.room("doomed").ifPresent(doomed -> doomed.close("doomed"));
            assertEquals(chat.rooms().size(), List.copyOf(chat.rooms()).size());
            assertTrue(chat.participants() >= room.size());
          }
        };
    try (TestChat chat = TestChat.of(meddling)) {
      itself.add(chat);
      TestClient bob = chat.connect("lobby", "bob");
      TestClient victim = chat.connect("lobby", "victim");
      TestClient guest = chat.connect("lobby", "guest");
      TestClient inDoomed = chat.connect("doomed", "doomed");
      TestClient alice = chat.connect("lobby", "alice");
      assertEquals(Optional.of(CloseStatus.KICKED.withReason("out")), victim.closeStatus());
      assertEquals(Optional.of(CloseStatus.NORMAL), guest.closeStatus());
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

  /**
   * Everything runs on one thread here, so that a lock held anywhere up the stack would be seen.
   */
  @Test
  void noLockIsHeldWhileApplicationCodeOrATransportRuns() {
    LockWatch watch = new LockWatch();
    BroadcastPolicy watched =
        BroadcastPolicy.rule(
            (message, listener) -> {
              watch.look(message);
              return true;
            });
    Authenticator doorman =
        handshake -> {
          watch.look();
          return AcceptedAdmission.of("knocking", "lobby");
        };
    Limits tight =
        Limits.defaults().withOutboxBytes(1024).withMessageBytes(500).withMessagesPerSecond(0);
    try (TestChat chat =
        TestChat.of(
            Chat.builder(watch)
                .authenticator(doorman)
                .limits(tight)
                .rooms(RoomOptions.defaults().withPolicy(watched)))) {
      List<FakeConnection> all = new ArrayList<>();
      for (String id : List.of("alice", "bob", "bob", "carol", "dave", "erin", "slow")) {
        all.add(
            new FakeConnection()
                .always(watch::look)
                .enter(chat.chat(), AcceptedAdmission.of(id, "lobby")));
      }
      FakeConnection alice = all.get(0);
      FakeConnection slow = all.get(6).hold();
      alice.say("hello");
      chat.connect(TestHandshake.create());
      Room room = chat.chat().room("lobby").orElseThrow();
      room.announce("hello");
      chat.chat().announce("hello");
      assertEquals(Outcome.done(), chat.chat().participant("alice").orElseThrow().join("side"));
      chat.chat().announce("hello");
      assertTrue(chat.chat().participant("alice").orElseThrow().leave("side").isDone());
      all.get(3).vanish();
      assertTrue(room.kick(chat.chat().participant("dave").orElseThrow(), "out").isDone());
      chat.chat().participant("erin").orElseThrow().disconnect(CloseStatus.NORMAL);
      for (int i = 0; i < 10; i++) {
        alice.say("x".repeat(200));
      }
      chat.advance(Duration.ofSeconds(30));
      assertFalse(slow.isOpen());
      assertEquals(1, alice.pings());
      room.close("enough");
      assertEquals(0, room.size());
      assertTrue(watch.looks.get() > 100, "looked " + watch.looks + " times");
    }
    assertEquals(List.of(), watch.held);
  }

  /** Looks in every callback for locks that the thread holds. */
  private static final class LockWatch implements RoomHandler {
    final List<String> held = new ArrayList<>();
    final AtomicInteger looks = new AtomicInteger();
    private final List<Room> seen = new ArrayList<>();
    private final List<Message> said = new ArrayList<>();

    @Override
    public void onJoin(Room room, Participant who) {
      if (!seen.contains(room)) {
        seen.add(room);
      }
      look();
    }

    @Override
    public void onMessage(Room room, Message message) {
      look(message);
      room.publish(message);
      look();
    }

    @Override
    public void onLeave(Room room, Participant who, CloseStatus why) {
      look();
    }

    void look(Message message) {
      said.add(message);
      look();
    }

    void look() {
      looks.incrementAndGet();
      for (Room room : seen) {
        if (((LiveRoom) room).lock.isHeldByCurrentThread()) {
          held.add(room + " at " + caller());
        }
      }
      for (Message message : said) {
        if (Thread.holdsLock(((RoomMessage) message).origin())) {
          held.add("a visit at " + caller());
        }
        if (Thread.holdsLock(((RoomMessage) message).origin().outbox())) {
          held.add("an outbox at " + caller());
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
