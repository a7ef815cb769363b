package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an observer is told, and what its failures do. */
class ChatObserverTest {
  /** Writes down each event. */
  private static class Recorder implements ChatObserver {
    final List<String> events = new CopyOnWriteArrayList<>();

    List<String> take() {
      List<String> taken = List.copyOf(events);
      events.clear();
      return taken;
    }

    @Override
    public void started(Chat chat) {
      events.add("started");
    }

    @Override
    public void closed(Chat chat) {
      events.add("closed with " + chat.stats().sessionsClosed());
    }

    @Override
    public void sessionClosed(CloseStatus status, long nanos) {
      events.add("session " + status.code() + " after " + Duration.ofNanos(nanos));
    }

    @Override
    public void handlerReturned(String callback, long nanos, boolean failed) {
      events.add(callback + " " + Duration.ofNanos(nanos) + (failed ? " failed" : ""));
    }

    @Override
    public void rejected(Attempt attempt, Rejection rejection) {
      events.add(attempt + " " + rejection.code());
    }

    @Override
    public void fannedOut(int recipients, long nanos) {
      events.add("fan-out to " + recipients);
    }

    @Override
    public void dropped(Drop drop, int frames) {
      events.add(drop + " " + frames);
    }
  }

  private static final RoomHandler ECHO =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().equals("fail")) {
            throw new IllegalStateException("failed");
          }
          room.publish(message);
        }
      };

  private final Recorder recorder = new Recorder();

  @Test
  void anObserverIsToldOfCallbacksFanOutsAndTheEndOfSessions() {
    try (TestChat chat = TestChat.of(Chat.builder(ECHO).observer(recorder))) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      assertEquals(List.of("started", "onJoin PT0S", "onJoin PT0S"), recorder.take());
      ann.send("hello");
      assertEquals(List.of("fan-out to 2", "onMessage PT0S"), recorder.take());
      chat.advance(Duration.ofSeconds(3));
      ann.close();
      assertEquals(List.of("session 1000 after PT3S", "onLeave PT0S"), recorder.take());
    }
    assertEquals(
        List.of("session 1012 after PT3S", "onLeave PT0S", "closed with 2"), recorder.take());
  }

  @Test
  void aFailedCallbackIsToldWithItsRejection() {
    try (TestChat chat = TestChat.of(Chat.builder(ECHO).observer(recorder));
        LogCapture log = new LogCapture()) {
      TestClient ann = chat.connect("lobby", "ann");
      recorder.take();
      ann.send("fail");
      assertEquals(
          List.of("onMessage PT0S failed", "MESSAGE failed", "onRejected PT0S"), recorder.take());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void rejectionsOfHandshakesJoinsAndMessagesAreTold() {
    Chat.Builder builder =
        Chat.builder(ECHO)
            .authenticator(handshake -> Rejection.of(401, "no ticket"))
            .rooms(
                RoomOptions.defaults()
                    .withCapacity(1)
                    .withRoles((role, action) -> action != Role.Action.PUBLISH))
            .observer(recorder);
    try (TestChat chat = TestChat.of(builder)) {
      Admission admission = chat.admit(TestHandshake.create());
      assertEquals("no ticket", ((Rejection) admission).reason());
      chat.admit(TestHandshake.create().withHeader("Origin", "https://example.org"));
      assertEquals(List.of("started", "HANDSHAKE rejected", "HANDSHAKE origin"), recorder.take());
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      assertEquals(
          List.of("onJoin PT0S", "JOIN room-full", "session 1013 after PT0S"), recorder.take());
      ann.send("hello");
      assertEquals(
          List.of("onMessage PT0S", "MESSAGE not-allowed", "onRejected PT0S"), recorder.take());
      assertEquals(4, chat.chat().stats().rejections());
    }
  }

  @Test
  void aProtocolsRejectionsAreToldToo() {
    ToyProtocol toy = new ToyProtocol();
    Limits limits = Limits.defaults().withMessagesPerSecond(1).withMessageBurst(1);
    try (TestChat chat = TestChat.of(Chat.builder(ECHO).limits(limits).observer(recorder))) {
      ToyClient ann = ToyClient.identified(chat.chat(), toy, "ann");
      ann.send("join lobby");
      recorder.take();
      ann.send("join lobby");
      assertEquals(List.of("JOIN already-joined"), recorder.take());
    }
  }

  @Test
  void droppedFramesAreToldOncePerEventWithTheirNumber() {
    Limits limits =
        Limits.defaults().withOutboxBytes(1024).withMessageBytes(500).withMessagesPerSecond(0);
    try (TestChat chat =
        TestChat.of(
            Chat.builder(ECHO)
                .limits(limits)
                .room("oldest", RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST))
                .room("newest", RoomOptions.defaults().withOverflow(Overflow.DROP_NEWEST))
                .observer(recorder))) {
      for (String name : List.of("oldest", "newest")) {
        chat.connect(name, "ann").stopReading();
        chat.connect(name, "bob").stopReading();
        Room room = chat.chat().room(name).orElseThrow();
        for (int i = 0; i < 8; i++) {
          room.announce("x".repeat(110));
        }
      }
      recorder.take();
      chat.chat().room("oldest").orElseThrow().announce("x".repeat(110));
      assertEquals(List.of("fan-out to 2", "OLDEST 2"), recorder.take());
      chat.chat().room("newest").orElseThrow().announce("x".repeat(110));
      assertEquals(List.of("fan-out to 2", "NEWEST 2"), recorder.take());
      chat.chat().room("newest").orElseThrow().signal(Payload.text("typing"));
      assertEquals(List.of("fan-out to 2", "SIGNAL 2"), recorder.take());
      assertEquals(6, chat.chat().stats().drops());
    }
  }

  @Test
  void anAnnouncementToSeveralRoomsIsOneFanOut() {
    try (TestChat chat = TestChat.of(Chat.builder(ECHO).observer(recorder))) {
      chat.connect("red", "ann");
      chat.connect("blue", "bob");
      recorder.take();
      chat.chat().announce("to all");
      assertEquals(List.of("fan-out to 2"), recorder.take());
    }
  }

  @Test
  void noLockIsHeldDuringACall() {
    ChatObserver locksEverything =
        new Recorder() {
          private Chat chat;

          @Override
          public void started(Chat started) {
            chat = started;
          }

          private void readOnAnotherThread() {
            CompletableFuture.runAsync(
                    () -> {
                      chat.snapshot(); // takes the locks of rooms and of sessions
                      chat.stats(); // takes those of outboxes
                    })
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
          }

          @Override
          public void sessionClosed(CloseStatus status, long nanos) {
            readOnAnotherThread();
            events.add("closed");
          }

          @Override
          public void dropped(Drop drop, int frames) {
            readOnAnotherThread();
            events.add("dropped");
          }

          @Override
          public void handlerReturned(String callback, long nanos, boolean failed) {
            readOnAnotherThread();
            events.add(callback);
          }

          @Override
          public void fannedOut(int recipients, long nanos) {
            readOnAnotherThread();
            events.add("fanned out");
          }
        };
    List<String> events = ((Recorder) locksEverything).events;
    Limits limits = Limits.defaults().withOutboxBytes(1024).withMessageBytes(500);
    RoomOptions options = RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST);
    try (Chat chat =
        Chat.builder(ECHO).limits(limits).rooms(options).observer(locksEverything).build()) {
      FakeConnection slow = FakeConnection.open(chat, "lobby", "slow").hold();
      while (!events.contains("dropped")) {
        chat.room("lobby").orElseThrow().announce("x".repeat(200));
      }
      slow.closeFromClient();
      List<String> expected = List.of("onJoin", "fanned out", "dropped", "closed", "onLeave");
      eventually("all of " + expected, () -> events.containsAll(expected));
      assertEquals(0, chat.stats().failedObservers());
    }
  }

  @Test
  void theEndOfAConnectionThatFailsWithinAWriteIsNotReportedOnItsWriteLoop() {
    List<String> threads = new CopyOnWriteArrayList<>();
    ChatObserver observer =
        new ChatObserver() {
          @Override
          public void sessionClosed(CloseStatus status, long nanos) {
            threads.add(Thread.currentThread().getName().replaceAll("\\d", "N"));
          }
        };
    Connection failing =
        new Connection() {
          @Override
          public void write(Batch batch, Completion completion) {
            throw new IllegalStateException("the test makes this write fail");
          }

          @Override
          public void ping(Completion completion) {}

          @Override
          public void close(int code, String reason) {}

          @Override
          public void abort() {}
        };
    try (Chat chat = Chat.builder(ECHO).observer(observer).build()) {
      Gateway.of(chat).open(AcceptedAdmission.of("ann", "lobby"), failing);
      chat.room("lobby").orElseThrow().announce("hello");
      eventually("the session is closed", () -> !threads.isEmpty());
      assertEquals(List.of("roomful-callback-N"), threads);
    }
  }

  @Test
  void aFailingObserverIsLoggedOnceAndCountedAndDoesNotDisturbAnybody() {
    ChatObserver failing =
        new Recorder() {
          @Override
          public void fannedOut(int recipients, long nanos) {
            throw new StackOverflowError("observer");
          }

          @Override
          public void handlerReturned(String callback, long nanos, boolean failed) {
            throw new IllegalStateException("observer");
          }

          @Override
          public void sessionClosed(CloseStatus status, long nanos) {
            throw new NoClassDefFoundError("observer");
          }

          @Override
          public void closed(Chat chat) {
            throw new IllegalStateException("observer");
          }
        };
    Chat.Builder builder = Chat.builder(ECHO).observer(failing).observer(recorder);
    try (LogCapture log = new LogCapture()) {
      TestChat chat = TestChat.of(builder);
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      ann.send("hello");
      assertEquals(List.of("hello"), bob.received());
      bob.close();
      chat.close();
      assertEquals(1, log.messages().size());
      assertTrue(
          log.messages().get(0).contains("[event=observer-failed observer="),
          log.messages().get(0));
      // onJoin twice, a fan-out, onMessage, two sessions, onLeave twice, closed
      assertEquals(9, chat.chat().stats().failedObservers());
      assertEquals("closed with 2", recorder.events.get(recorder.events.size() - 1));
      assertEquals(0, chat.chat().failedCallbacks());
    }
  }

  @Test
  void anObserverThatFailsAtTheStartClosesTheChat() {
    IllegalStateException failure = new IllegalStateException("no registry");
    Chat[] started = new Chat[1];
    Chat.Builder builder =
        Chat.builder(ECHO)
            .room("hall", RoomOptions.defaults().withPermanent())
            .observer(
                new ChatObserver() {
                  @Override
                  public void started(Chat chat) {
                    started[0] = chat;
                    throw failure;
                  }
                });
    assertSame(failure, assertThrows(IllegalStateException.class, builder::build));
    assertEquals(List.of(), List.copyOf(started[0].rooms()));
  }
}
