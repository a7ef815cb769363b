package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.transport.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guarantee 12: silent connections are pinged and closed. */
class LivenessTest {
  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat = TestChat.of(recorder);

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void anIdleConnectionIsPingedAfter25SecondsAndClosedAfter60() {
    FakeConnection silent = FakeConnection.open(chat.chat(), "lobby", "silent");
    chat.advance(Duration.ofMillis(24_900));
    assertEquals(0, silent.pings());
    chat.advance(Duration.ofMillis(600));
    assertEquals(1, silent.pings());
    chat.advance(Duration.ofMillis(34_400)); // 59.9 s
    assertEquals(2, silent.pings());
    assertNull(silent.closeStatus());
    chat.advance(Duration.ofMillis(600));
    assertEquals(CloseStatus.IDLE_TIMEOUT, silent.closeStatus());
    assertEquals(List.of("silent joined lobby", "silent left lobby 4001"), recorder.entries());
  }

  @Test
  void aPongResetsTheIdleTimeout() {
    TestClient alice = chat.connect("lobby", "alice");
    chat.advance(Duration.ofMinutes(10));
    assertTrue(alice.isOpen());
    alice.stopAnsweringPings();
    chat.advance(Duration.ofSeconds(61));
    assertEquals(Optional.of(CloseStatus.IDLE_TIMEOUT), alice.closeStatus());
  }

  @Test
  void anyInputResetsTheIdleTimeout() {
    FakeConnection text = FakeConnection.open(chat.chat(), "lobby", "text");
    FakeConnection binary = FakeConnection.open(chat.chat(), "lobby", "binary");
    FakeConnection pong = FakeConnection.open(chat.chat(), "lobby", "pong");
    for (int i = 0; i < 10; i++) {
      chat.advance(Duration.ofSeconds(20));
      text.receiver().text("hello");
      binary.receiver().binary(ByteBuffer.allocate(1));
      pong.receiver().pong();
    }
    for (FakeConnection each : List.of(text, binary, pong)) {
      assertTrue(each.isOpen());
      assertEquals(0, each.pings());
    }
  }

  @Test
  void outputDoesNotResetTheIdleTimeout() {
    FakeConnection silent = FakeConnection.open(chat.chat(), "lobby", "silent");
    for (int i = 0; i < 61; i++) {
      chat.advance(Duration.ofSeconds(1));
      chat.chat().announce("hello");
    }
    assertEquals(CloseStatus.IDLE_TIMEOUT, silent.closeStatus());
  }

  /** A server may not read while a handler runs: pongs that have arrived are not seen. */
  @Test
  void idleTimeDoesNotCountWhileAHandlerIsBusyWithTheConnection() {
    RoomHandler slow =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            chat2().advance(Duration.ofSeconds(100));
            message.reply("done");
          }
        };
    try (TestChat other = TestChat.of(slow)) {
      second = other;
      FakeConnection alice = FakeConnection.open(other.chat(), "lobby", "alice");
      alice.send("take your time");
      assertEquals(List.of("done"), alice.received());
      other.advance(Duration.ofSeconds(59));
      assertTrue(alice.isOpen());
      other.advance(Duration.ofSeconds(2));
      assertEquals(CloseStatus.IDLE_TIMEOUT, alice.closeStatus());
    }
  }

  @Test
  void aHandlerThatBlocksForAMinuteDelaysItsParticipantOnly() {
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().equals("block")) {
              blockForAMinute();
            }
            room.publish(message);
          }
        };
    try (TestChat other = TestChat.of(blocking)) {
      second = other;
      FakeConnection alice = FakeConnection.open(other.chat(), "lobby", "alice");
      whileBlocked = () -> alice.send("later");
      peer = FakeConnection.open(other.chat(), "lobby", "bob");
      alice.send("block");
      assertEquals(List.of("block", "later", "later"), peer.received().subList(2, 5));
      assertTrue(alice.isOpen());
      assertTrue(peer.isOpen());
      assertEquals(0, other.chat().failedCallbacks());
    }
  }

  private Runnable whileBlocked = () -> {};
  private FakeConnection peer = new FakeConnection();

  /** Meanwhile the others go on, and the client that is held back sends more. */
  private void blockForAMinute() {
    for (int half = 1; half <= 2; half++) {
      chat2().advance(Duration.ofSeconds(30));
      whileBlocked.run();
      peer.send("half " + half);
      assertEquals("half " + half, peer.received().get(half - 1));
    }
  }

  private TestChat second = chat;

  private TestChat chat2() {
    return second;
  }

  @Test
  void anUnansweredCloseFrameIsFollowedByAnAbortAfter5Seconds() {
    FakeConnection unresponsive =
        FakeConnection.open(chat.chat(), "lobby", "unresponsive").ignoreClose();
    chat.chat().participant("unresponsive").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(CloseStatus.NORMAL, unresponsive.closeStatus());
    assertEquals(1, chat.chat().connections());
    assertEquals(0, chat.chat().participants());
    chat.advance(Duration.ofMillis(4_900));
    assertEquals(0, unresponsive.aborts());
    chat.advance(Duration.ofMillis(600));
    assertEquals(1, unresponsive.aborts());
    assertEquals(0, chat.chat().connections());
    chat.advance(Duration.ofSeconds(100));
    assertEquals(1, unresponsive.aborts());
    assertEquals(0, unresponsive.pings());
  }

  /** The time of a run of the timer is that of its beginning; a session may be closed later. */
  @Test
  void aSessionThatIsClosedDuringARunOfTheTimerIsFlushedAndNotAborted() {
    SteppedScheduler scheduler = new SteppedScheduler();
    RoomHandler closing =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            scheduler.advance(Duration.ofNanos(1));
            room.participants().forEach(other -> other.disconnect(CloseStatus.NORMAL));
          }
        };
    Chat.Builder builder =
        Chat.builder(closing).limits(Limits.defaults().withWriteTimeout(Duration.ofMinutes(5)));
    try (Chat timed = Scheduler.install(scheduler, builder).build()) {
      FakeConnection alice = FakeConnection.open(timed, "lobby", "alice");
      FakeConnection bob = FakeConnection.open(timed, "lobby", "bob");
      alice.hold();
      bob.hold();
      timed.announce("last words");
      scheduler.run(Duration.ofSeconds(61));
      alice.release();
      bob.release();
      assertEquals(0, alice.aborts() + bob.aborts());
      assertEquals(
          Set.of(CloseStatus.IDLE_TIMEOUT, CloseStatus.NORMAL),
          Set.of(alice.closeStatus(), bob.closeStatus()));
      assertEquals(List.of("last words"), alice.received());
      assertEquals(List.of("last words"), bob.received());
    }
  }

  @Test
  void timeoutsCanBeConfigured() {
    Limits quick =
        Limits.defaults()
            .withPingInterval(Duration.ofMillis(100))
            .withIdleTimeout(Duration.ofMillis(250))
            .withCloseTimeout(Duration.ofMillis(50))
            .withWriteTimeout(Duration.ofMillis(80));
    try (TestChat other = TestChat.of(Chat.builder(recorder).limits(quick))) {
      FakeConnection silent = FakeConnection.open(other.chat(), "lobby", "silent").ignoreClose();
      other.advance(Duration.ofMillis(120));
      assertEquals(1, silent.pings());
      other.advance(Duration.ofMillis(150));
      assertEquals(CloseStatus.IDLE_TIMEOUT, silent.closeStatus());
      assertEquals(0, silent.aborts());
      other.advance(Duration.ofMillis(70));
      assertEquals(1, silent.aborts());

      FakeConnection stuck = FakeConnection.open(other.chat(), "lobby", "stuck").hold();
      other.chat().announce("hello");
      other.advance(Duration.ofMillis(100));
      assertEquals(1, stuck.aborts());
      assertFalse(stuck.isOpen());
    }
  }
}
