package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Refusal;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestChatTest {
  /** The chat of a user who tries this for the first time. */
  private static final class Echo implements RoomHandler {
    final List<String> left = new ArrayList<>();

    @Override
    public void onJoin(Room room, Participant who) {
      room.announce(who.name() + " joined");
    }

    @Override
    public void onMessage(Room room, Message message) {
      room.broadcast(message.with(message.sender().name() + ": " + message.text()));
    }

    @Override
    public void onLeave(Room room, Participant who, CloseStatus why) {
      left.add(who.name() + " " + why.code());
    }
  }

  @Test
  void everythingHasHappenedWhenACallReturnsOnTheThreadOfTheCaller() {
    List<Thread> threads = new ArrayList<>();
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            threads.add(Thread.currentThread());
            room.broadcast(message);
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      alice.say("hello");
      assertEquals(List.of("hello"), bob.heard());
      assertEquals(List.of(Thread.currentThread()), threads);
    }
  }

  @Test
  void whatIsHeardIsGivenOutOnce() {
    try (TestChat chat = TestChat.of(new Echo())) {
      TestClient alice = chat.enter(Entry.of("alice", "lobby").named("Alice"));
      alice.say("hello");
      assertEquals(List.of("Alice joined", "Alice: hello"), alice.heard());
      assertEquals(List.of(), alice.heard());
    }
  }

  @Test
  void bytesAreHeardApartFromTexts() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      alice.say("text");
      alice.say(new byte[] {1, 2});
      assertEquals(List.of(ByteBuffer.wrap(new byte[] {1, 2})), alice.heardBytes());
      assertEquals(List.of("text"), alice.heard());
      assertEquals(List.of(), alice.heardBytes());
    }
  }

  @Test
  void aClientThatStopsReadingHearsTheRestWhenItResumes() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      bob.stopReading();
      alice.say("one");
      alice.say("two");
      assertEquals(List.of(), bob.heard());
      chat.advance(Duration.ofSeconds(9));
      bob.resumeReading();
      assertEquals(List.of("one", "two"), bob.heard());
      alice.say("three");
      assertEquals(List.of("three"), bob.heard());
      bob.say("I could speak all the time");
      assertEquals(4, alice.heard().size());
    }
  }

  @Test
  void aClientThatNeverResumesIsCutAndHearsNoMore() {
    Echo echo = new Echo();
    try (TestChat chat = TestChat.of(echo)) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      bob.heard();
      bob.stopReading();
      alice.say("hello");
      chat.advance(Duration.ofSeconds(11));
      assertFalse(bob.isOpen());
      assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus(), "it did not read the reason");
      assertEquals(List.of("bob 4002"), echo.left);
      bob.resumeReading();
      assertEquals(List.of(), bob.heard());
      assertTrue(alice.isOpen());
    }
  }

  @Test
  void aCloseFrameWaitsToBeReadToo() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      alice.stopReading();
      chat.chat().participant("alice").orElseThrow().disconnect(new CloseStatus(4321, "bye"));
      assertTrue(alice.isOpen());
      alice.resumeReading();
      assertEquals(Optional.of(new CloseStatus(4321, "bye")), alice.closeStatus());
      assertEquals(0, chat.chat().connections());
    }
  }

  @Test
  void hangingUpAndVanishingEndAConnectionOnce() {
    Echo echo = new Echo();
    try (TestChat chat = TestChat.of(echo)) {
      TestClient alice = chat.enter("lobby", "alice");
      alice.hangUp();
      alice.hangUp();
      alice.vanish();
      TestClient bob = chat.enter("lobby", "bob");
      bob.vanish();
      bob.hangUp();
      assertEquals(List.of("alice 1000", "bob 1006"), echo.left);
      assertEquals(Optional.of(CloseStatus.NORMAL), alice.closeStatus());
      assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
      assertThrows(IllegalStateException.class, () -> alice.say("hello?"));
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
              clients.get(1).say("I am here");
              clients.get(0).vanish();
            }
            room.broadcast(message);
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      clients.add(chat.enter("lobby", "alice"));
      clients.add(chat.enter("lobby", "bob"));
      clients.get(0).say("go");
      assertEquals(List.of("I am here", "go"), clients.get(1).heard());
      assertFalse(clients.get(0).isOpen());
    }
  }

  @Test
  void timeStandsStillUntilItIsMoved() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
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
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> chat.advance(Duration.ofSeconds(-1)));
      assertTrue(String.valueOf(refused.getMessage()).contains("PT-1S"));
    }
  }

  @Test
  void closingTheChatMovesTheClockForThoseWhoDoNotRead() {
    Echo echo = new Echo();
    TestChat chat =
        TestChat.of(
            Chat.builder(echo).limits(Limits.defaults().shutdownTimeout(Duration.ofHours(1))));
    TestClient alice = chat.enter("lobby", "alice");
    TestClient bob = chat.enter("lobby", "bob");
    bob.stopReading();
    chat.close();
    chat.close();
    assertEquals(Optional.of(CloseStatus.RESTART), alice.closeStatus());
    assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
    assertEquals(List.of("alice 1012", "bob 1012"), echo.left);
    assertFalse(chat.enter("lobby", "carol").isOpen());
  }

  @Test
  void closingTheChatTellsWhoLeftInTheOrderInWhichTheyCame() {
    Echo echo = new Echo();
    List<String> expected = new ArrayList<>();
    try (TestChat chat = TestChat.of(echo)) {
      for (int i = 0; i < 50; i++) {
        chat.enter("room" + i % 3, "p" + i * 7919 % 50);
        expected.add("p" + i * 7919 % 50 + " 1012");
      }
    }
    assertEquals(expected, echo.left);
  }

  @Test
  void theDoormanIsAskedOrPassedBy() {
    Refusal no = Refusal.of(401, "no token");
    Chat.Builder builder =
        Chat.builder(new RoomHandler() {})
            .doorman(
                handshake ->
                    handshake
                        .query("token")
                        .map(token -> Entry.of(token, "lobby"))
                        .<dev.roomful.Admission>map(entry -> entry)
                        .orElse(no));
    try (TestChat chat = TestChat.of(builder)) {
      assertSame(no, chat.ask(TestHandshake.create()));
      assertInstanceOf(Entry.class, chat.ask(TestHandshake.create().withQuery("token", "alice")));
      assertEquals(0, chat.chat().connections());
      TestClient alice = chat.enter(TestHandshake.create().withQuery("token", "alice"));
      assertTrue(alice.isOpen());
      assertEquals(1, chat.chat().connections());
      assertTrue(chat.enter("lobby", "past the doorman").isOpen());
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> chat.enter(TestHandshake.create()));
      assertTrue(String.valueOf(refused.getMessage()).contains("no token"));
    }
  }
}
