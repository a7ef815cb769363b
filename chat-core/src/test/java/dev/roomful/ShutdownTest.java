package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarantee 11: shutdown flushes output, tells clients to reconnect, and is bounded in time. */
@Timeout(20)
class ShutdownTest {
  private final CallbackRecorder recorder = new CallbackRecorder();

  private static Chat chat(RoomHandler handler, Duration timeout) {
    return Chat.builder(handler).limits(Limits.defaults().withShutdownTimeout(timeout)).build();
  }

  @Test
  void clientsReceiveRestartAndTheHandlerReceivesLeaves() {
    Chat chat = chat(recorder, Duration.ofHours(1)); // no client is slow, so it ends sooner
    List<FakeConnection> all =
        IntStream.range(0, 50)
            .mapToObj(i -> FakeConnection.open(chat, "room" + i % 3, "p" + i))
            .toList();
    chat.close();
    for (FakeConnection each : all) {
      assertEquals(CloseStatus.RESTART, each.closeStatus());
      assertEquals(0, each.aborts());
    }
    assertEquals(
        50,
        recorder.entries().stream().filter(entry -> entry.endsWith(" 1012")).distinct().count());
    assertEquals(100, recorder.entries().size());
    assertEquals(0, chat.connections());
    assertEquals(0, chat.participants());
    assertEquals(List.of(), List.copyOf(chat.rooms()));
  }

  @Test
  void queuedFramesAreWrittenBeforeTheCloseFrame() throws InterruptedException {
    Chat chat = chat(recorder, Duration.ofSeconds(10));
    FakeConnection slow = FakeConnection.open(chat, "lobby", "slow").hold();
    Room room = chat.room("lobby").orElseThrow();
    room.announce("one");
    eventually("it is being written", () -> slow.received().size() == 1);
    room.announce("two");
    room.announce("three");
    Thread closing = new Thread(chat::close);
    closing.start();
    eventually("everybody has left", () -> room.size() == 0);
    assertNull(slow.closeStatus());
    room.announce("nobody receives this");
    slow.release();
    closing.join();
    assertEquals(List.of("one", "two", "three"), slow.received());
    assertEquals(CloseStatus.RESTART, slow.closeStatus());
    assertEquals(0, slow.aborts());
    assertEquals(List.of(), slow.violations());
  }

  /** The handler has answered the sender, and is about to publish when the shutdown begins. */
  @Test
  void aMessageThatIsBeingHandledReachesAllItsRecipientsAndLaterInputIsDropped()
      throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            message.reply("accepted");
            answered.countDown();
            try {
              proceed.await();
            } catch (InterruptedException interrupted) {
              throw new IllegalStateException(interrupted);
            }
            room.publish(message);
          }
        };
    Chat chat = chat(handler, Duration.ofSeconds(20));
    FakeConnection ann = FakeConnection.open(chat, "lobby", "ann");
    FakeConnection bob = FakeConnection.open(chat, "lobby", "bob");
    Thread reading = new Thread(() -> ann.send("hello"));
    reading.start();
    answered.await();
    Thread closing = new Thread(chat::close);
    closing.start();
    eventually(
        "the shutdown has begun",
        () -> Gateway.of(chat).admit(TestHandshake.create()) instanceof Rejection);
    bob.send("too late");
    proceed.countDown();
    reading.join();
    closing.join();
    assertEquals(List.of("accepted", "hello"), ann.received());
    assertEquals(List.of("hello"), bob.received());
    assertEquals(CloseStatus.RESTART, bob.closeStatus());
  }

  @Test
  void aHandlerThatClosesTheChatDoesNotWaitForItself() {
    Chat[] chats = new Chat[1];
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            chats[0].close();
          }
        };
    TestChat chat = TestChat.of(handler);
    chats[0] = chat.chat();
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("close");
    assertEquals(Optional.of(CloseStatus.RESTART), ann.closeStatus());
  }

  @Test
  void connectionsThatDoNotCloseInTimeAreAborted() {
    Chat chat = chat(recorder, Duration.ofMillis(20));
    FakeConnection unresponsive = FakeConnection.open(chat, "lobby", "unresponsive").ignoreClose();
    FakeConnection stuck = FakeConnection.open(chat, "lobby", "stuck").hold();
    chat.room("lobby").orElseThrow().announce("hello");
    chat.close();
    assertEquals(CloseStatus.RESTART, unresponsive.closeStatus());
    assertEquals(1, unresponsive.aborts());
    assertEquals(1, stuck.aborts());
    assertEquals(0, chat.connections());
    assertTrue(recorder.entries().contains("stuck left lobby 1012"));
    assertTrue(recorder.entries().contains("unresponsive left lobby 1012"));
  }

  @Tag("slow")
  @Test
  void aBlockingHandlerDelaysShutdownOnlyUpToItsTimeout() throws InterruptedException {
    CountDownLatch unblock = new CountDownLatch(1);
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            boolean done = false;
            while (!done) {
              try {
                unblock.await();
                done = true;
              } catch (InterruptedException interrupted) {
                // Keeps blocking: the test needs a handler that ignores interrupts.
              }
            }
          }
        };
    Chat chat = chat(blocking, Duration.ofMillis(200));
    for (int i = 0; i < 20; i++) {
      FakeConnection.open(chat, "lobby", "p" + i);
    }
    chat.close();
    unblock.countDown();
    eventually("its threads end when the handler returns", () -> roomfulThreads() == 0);
  }

  @Test
  void leavingMembersReceiveNoLeaveNotices() {
    Chat chat =
        chat(
            new RoomHandler() {
              @Override
              public void onLeave(Room room, Participant participant, CloseStatus status) {
                room.announce(participant + " left");
              }
            },
            Duration.ofSeconds(10));
    List<FakeConnection> all =
        IntStream.range(0, 20).mapToObj(i -> FakeConnection.open(chat, "lobby", "p" + i)).toList();
    chat.close();
    for (FakeConnection each : all) {
      assertEquals(List.of(), each.received());
    }
  }

  @Test
  void joinsAreRejectedDuringShutdownEvenIfAdmittedBefore() {
    Chat chat = chat(recorder, Duration.ofSeconds(10));
    AcceptedAdmission admission =
        assertInstanceOf(AcceptedAdmission.class, Gateway.of(chat).admit(TestHandshake.create()));
    chat.close();
    assertInstanceOf(Rejection.class, Gateway.of(chat).admit(TestHandshake.create()));
    FakeConnection late = new FakeConnection().connect(chat, admission);
    assertEquals(CloseStatus.RESTART, late.closeStatus());
    assertFalse(late.isOpen());
    assertEquals(List.of(), recorder.entries());
    assertEquals(0, chat.connections());
    assertEquals(0, chat.participants());
  }

  @Tag("slow")
  @Test
  void noThreadIsLeftAfterJoinsDuringShutdown() throws InterruptedException {
    for (int round = 0; round < 10; round++) {
      Chat chat = chat(recorder, Duration.ofSeconds(2));
      List<FakeConnection> all = java.util.Collections.synchronizedList(new ArrayList<>());
      Concurrently.run(
          4,
          number -> {
            if (number == 0) {
              chat.close();
              return;
            }
            for (int i = 0; i < 100; i++) {
              all.add(FakeConnection.open(chat, "lobby", "p" + number));
            }
          });
      eventually("all are closed", () -> all.stream().noneMatch(FakeConnection::isOpen));
      eventually("all have left", () -> chat.connections() == 0 && chat.participants() == 0);
      assertEquals(0, chat.rooms().size());
    }
    eventually("no thread is left", () -> roomfulThreads() == 0);
    assertEquals(
        recorder.entries().stream().filter(entry -> entry.contains("joined")).count(),
        recorder.entries().stream().filter(entry -> entry.contains("left")).count());
  }

  @Test
  void closeIsIdempotentAndAHandlerMayClose() throws InterruptedException {
    AtomicReference<@Nullable Chat> itself = new AtomicReference<>();
    CallbackRecorder closing =
        new CallbackRecorder() {
          @Override
          public void onMessage(Room room, Message message) {
            Chat chat = itself.get();
            if (chat != null) {
              chat.close();
            }
          }
        };
    Chat chat = chat(closing, Duration.ofSeconds(2));
    itself.set(chat);
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
    FakeConnection bob = FakeConnection.open(chat, "lobby", "bob");
    Thread server = new Thread(() -> alice.send("close"));
    server.start();
    server.join();
    assertEquals(CloseStatus.RESTART, alice.closeStatus());
    assertEquals(CloseStatus.RESTART, bob.closeStatus());
    assertTrue(closing.entries().contains("alice left lobby 1012"));
    assertTrue(closing.entries().contains("bob left lobby 1012"));
    chat.close(); // once more: it has nothing to wait for
  }

  private static long roomfulThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("roomful-"))
        .count();
  }

  @Test
  void aClosedChatOpensNoRoom() {
    Chat chat = Chat.of(new RoomHandler() {});
    chat.close();
    IllegalStateException exception =
        assertThrows(IllegalStateException.class, () -> chat.open("late", RoomOptions.defaults()));
    assertEquals("the chat is closed: it cannot open room \"late\"", exception.getMessage());
    assertEquals(0, chat.rooms().size());
  }
}
