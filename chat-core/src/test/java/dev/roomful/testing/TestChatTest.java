package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestChatTest {
  /** A handler as a new user writes it. */
  private static final class Echo implements RoomHandler {
    final List<String> left = new ArrayList<>();

    @Override
    public void onJoin(Room room, Participant participant) {
      room.announce(participant.name() + " joined");
    }

    @Override
    public void onMessage(Room room, Message message) {
      room.publish(message.withPayload(message.sender().name() + ": " + message.text()));
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      left.add(participant.name() + " " + status.code());
    }
  }

  @Test
  void callsRunEverythingOnTheCallersThreadBeforeReturning() {
    List<Thread> threads = new ArrayList<>();
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            threads.add(Thread.currentThread());
            room.publish(message);
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      alice.send("hello");
      assertEquals(List.of("hello"), bob.received());
      assertEquals(List.of(Thread.currentThread()), threads);
    }
  }

  @Test
  void receivedTextsAreReturnedOnce() {
    try (TestChat chat = TestChat.of(new Echo())) {
      TestClient alice = chat.connect(AcceptedAdmission.of("alice", "lobby").withName("Alice"));
      alice.send("hello");
      assertEquals(List.of("Alice joined", "Alice: hello"), alice.received());
      assertEquals(List.of(), alice.received());
    }
  }

  @Test
  void bytesAreReceivedSeparatelyFromTexts() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("text");
      alice.send(new byte[] {1, 2});
      assertEquals(List.of(ByteBuffer.wrap(new byte[] {1, 2})), alice.receivedBytes());
      assertEquals(List.of("text"), alice.received());
      assertEquals(List.of(), alice.receivedBytes());
    }
  }

  @Test
  void aClientThatStopsReadingReceivesTheRestWhenItResumes() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      bob.stopReading();
      alice.send("one");
      alice.send("two");
      assertEquals(List.of(), bob.received());
      chat.advance(Duration.ofSeconds(9));
      bob.resumeReading();
      assertEquals(List.of("one", "two"), bob.received());
      alice.send("three");
      assertEquals(List.of("three"), bob.received());
      bob.send("a stalled reader can still publish");
      assertEquals(4, alice.received().size());
    }
  }

  @Test
  void aClientThatNeverResumesReadingIsAbortedAndReceivesNothingMore() {
    Echo echo = new Echo();
    try (TestChat chat = TestChat.of(echo)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      bob.received();
      bob.stopReading();
      alice.send("hello");
      chat.advance(Duration.ofSeconds(11));
      assertFalse(bob.isOpen());
      assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus(), "it did not read the reason");
      assertEquals(List.of("bob 4002"), echo.left);
      bob.resumeReading();
      assertEquals(List.of(), bob.received());
      assertTrue(alice.isOpen());
    }
  }

  @Test
  void aCloseFrameWaitsToBeReadToo() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.stopReading();
      chat.chat().participant("alice").orElseThrow().disconnect(new CloseStatus(4321, "bye"));
      assertTrue(alice.isOpen());
      alice.resumeReading();
      assertEquals(Optional.of(new CloseStatus(4321, "bye")), alice.closeStatus());
      assertEquals(0, chat.chat().connections());
    }
  }

  @Test
  void closeAndAbortEndAConnectionOnce() {
    Echo echo = new Echo();
    try (TestChat chat = TestChat.of(echo)) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.close();
      alice.close();
      alice.abort();
      TestClient bob = chat.connect("lobby", "bob");
      bob.abort();
      bob.close();
      assertEquals(List.of("alice 1000", "bob 1006"), echo.left);
      assertEquals(Optional.of(CloseStatus.NORMAL), alice.closeStatus());
      assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
      assertThrows(IllegalStateException.class, () -> alice.send("hello?"));
      assertEquals(0, chat.chat().connections());
    }
  }

  @Test
  void aClientMayActFromWithinAHandler() {
    List<TestClient> clients = new ArrayList<>();
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().equals("go")) {
              clients.get(1).send("I am here");
              clients.get(0).abort();
            }
            room.publish(message);
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      clients.add(chat.connect("lobby", "alice"));
      clients.add(chat.connect("lobby", "bob"));
      clients.get(0).send("go");
      assertEquals(List.of("I am here", "go"), clients.get(1).received());
      assertFalse(clients.get(0).isOpen());
    }
  }

  @Test
  void timeStandsStillUntilItIsMoved() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.stopAnsweringPings();
      chat.advance(Duration.ofSeconds(59));
      assertTrue(alice.isOpen());
      chat.advance(Duration.ZERO);
      assertTrue(alice.isOpen());
      chat.advance(Duration.ofSeconds(2));
      assertFalse(alice.isOpen());
    }
  }

  @Test
  void timeDoesNotGoBack() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      IllegalArgumentException exception =
          assertThrows(IllegalArgumentException.class, () -> chat.advance(Duration.ofSeconds(-1)));
      assertTrue(String.valueOf(exception.getMessage()).contains("PT-1S"));
    }
  }

  @Test
  void closingTheChatMovesTheClockForThoseWhoDoNotRead() {
    Echo echo = new Echo();
    TestChat chat =
        TestChat.of(
            Chat.builder(echo).limits(Limits.defaults().withShutdownTimeout(Duration.ofHours(1))));
    TestClient alice = chat.connect("lobby", "alice");
    TestClient bob = chat.connect("lobby", "bob");
    bob.stopReading();
    chat.close();
    chat.close();
    assertEquals(Optional.of(CloseStatus.RESTART), alice.closeStatus());
    assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
    assertEquals(List.of("alice 1012", "bob 1012"), echo.left);
    assertFalse(chat.connect("lobby", "carol").isOpen());
  }

  @Test
  void closingTheChatReportsLeavesInJoinOrder() {
    Echo echo = new Echo();
    List<String> expected = new ArrayList<>();
    try (TestChat chat = TestChat.of(echo)) {
      for (int i = 0; i < 50; i++) {
        chat.connect("room" + i % 3, "p" + i * 7919 % 50);
        expected.add("p" + i * 7919 % 50 + " 1012");
      }
    }
    assertEquals(expected, echo.left);
  }

  @Test
  void theAuthenticatorIsCalledOrBypassed() {
    Rejection no = Rejection.of(401, "no token");
    Chat.Builder builder =
        Chat.builder(new RoomHandler() {})
            .authenticator(
                handshake ->
                    handshake
                        .query("token")
                        .map(token -> AcceptedAdmission.of(token, "lobby"))
                        .<dev.roomful.admission.Admission>map(entry -> entry)
                        .orElse(no));
    try (TestChat chat = TestChat.of(builder)) {
      assertSame(no, chat.admit(TestHandshake.create()));
      assertInstanceOf(
          AcceptedAdmission.class, chat.admit(TestHandshake.create().withQuery("token", "alice")));
      assertEquals(0, chat.chat().connections());
      TestClient alice = chat.connect(TestHandshake.create().withQuery("token", "alice"));
      assertTrue(alice.isOpen());
      assertEquals(1, chat.chat().connections());
      assertTrue(chat.connect("lobby", "alice2").isOpen());
      IllegalStateException exception =
          assertThrows(IllegalStateException.class, () -> chat.connect(TestHandshake.create()));
      assertTrue(String.valueOf(exception.getMessage()).contains("no token"));
    }
  }
}
