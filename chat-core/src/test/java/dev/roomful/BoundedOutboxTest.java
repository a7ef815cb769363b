package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.internal.room.LiveRoom;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 5: what is queued for a connection is bounded. An outbox of 1,024 bytes holds 8
 * messages of 110 characters, each with a header of 2 bytes and 16 bytes of overhead.
 */
@Timeout(20)
class BoundedOutboxTest {
  private static final Limits SMALL =
      Limits.defaults().withOutboxBytes(1024).withMessageBytes(500).withMessagesPerSecond(0);
  private static final String FILL = "x".repeat(108);

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(recorder)
              .limits(SMALL)
              .room("oldest", RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST))
              .room("newest", RoomOptions.defaults().withOverflow(Overflow.DROP_NEWEST)));

  @AfterEach
  void close() {
    chat.close();
  }

  private FakeConnection stalledIn(String room) {
    return FakeConnection.open(chat.chat(), room, "slow").hold();
  }

  private Room room(String name) {
    return chat.chat().room(name).orElseThrow();
  }

  private Participant slow() {
    return chat.chat().participant("slow").orElseThrow();
  }

  /** Messages of 110 characters that begin with a number of two digits. */
  private static String numbered(int number) {
    return String.format("%02d", number) + FILL;
  }

  private static List<Integer> numbers(List<String> received) {
    return received.stream().map(text -> Integer.parseInt(text.substring(0, 2))).toList();
  }

  private void announce(String room, int from, int to) {
    IntStream.range(from, to).forEach(i -> room(room).announce(numbered(i)));
  }

  @Test
  void queuedAndInFlightFramesAreBoundedInBytes() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 8);
    assertEquals(1, room("lobby").size());
    assertTrue(slow.isOpen());

    announce("lobby", 8, 9);
    assertEquals(
        List.of("slow joined lobby", "slow left lobby " + CloseStatus.TOO_SLOW.code()),
        recorder.entries());
    assertEquals(List.of(0), numbers(slow.received()), "only the frame in flight");
  }

  @Test
  void writtenFramesFreeSpace() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 8);
    slow.complete(); // 0 is written, 1 to 7 are in flight
    announce("lobby", 8, 9);
    assertTrue(slow.isOpen());
    announce("lobby", 9, 10);
    assertEquals(0, chat.chat().rooms().size());
  }

  @Test
  void emptyMessagesAreBoundedToo() {
    FakeConnection slow = stalledIn("lobby");
    for (int i = 0; i < 1024 / 18; i++) {
      room("lobby").announce("");
    }
    assertTrue(slow.isOpen());
    Room room = room("lobby");
    room.announce("");
    assertEquals(0, room.size());
  }

  @Test
  void aSlowReaderReceivesTheCloseStatusAsSoonAsItReads() {
    TestClient slow = chat.connect("lobby", "slow");
    TestClient bob = chat.connect("lobby", "bob");
    slow.stopReading();
    announce("lobby", 0, 9);
    assertEquals(List.of("slow left lobby 4002"), recorder.takeEntries().subList(2, 3));
    slow.resumeReading();
    assertEquals(List.of(0), numbers(slow.received()));
    assertEquals(Optional.of(CloseStatus.TOO_SLOW), slow.closeStatus());
    assertEquals(9, bob.received().size());
    assertTrue(bob.isOpen());
  }

  @Test
  void dropOldestKeepsTheLatest() {
    FakeConnection slow = stalledIn("oldest");
    announce("oldest", 0, 20);
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 13, 14, 15, 16, 17, 18, 19), numbers(slow.received()));
  }

  @Test
  void dropNewestKeepsTheFirst() {
    FakeConnection slow = stalledIn("newest");
    announce("newest", 0, 20);
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), numbers(slow.received()));
    announce("newest", 20, 21);
    assertEquals(20, numbers(slow.received()).get(8));
  }

  @Test
  void directMessagesAreBoundedButNeverDropped() {
    for (String name : List.of("oldest", "newest", "lobby")) {
      FakeConnection slow = stalledIn(name);
      Participant participant = slow();
      for (int i = 0; i < 8; i++) {
        assertTrue(participant.send(numbered(i)).isDone());
      }
      assertTrue(slow.isOpen());
      assertFalse(participant.send(numbered(8)).isDone(), "dropped, and therefore no success");
      assertFalse(participant.send(numbered(9)).isDone(), "the connection is closed");
      assertEquals("slow left " + name + " 4002", recorder.takeEntries().get(1));
      slow.loseConnection();
    }
  }

  @Test
  void aDirectMessageStaysWhenRoomMessagesAreDropped() {
    FakeConnection slow = stalledIn("oldest");
    announce("oldest", 0, 3);
    assertTrue(slow().send(numbered(50)).isDone());
    announce("oldest", 3, 20);
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 50, 14, 15, 16, 17, 18, 19), numbers(slow.received()));
  }

  @Test
  void aDirectMessageDisplacesDroppableMessages() {
    FakeConnection slow = stalledIn("newest");
    announce("newest", 0, 20);
    assertTrue(slow().send(numbered(50)).isDone());
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 2, 3, 4, 5, 6, 7, 50), numbers(slow.received()));
  }

  @Test
  void aMessageLargerThanAnOutboxIsRejectedForItsPublisher() {
    TestClient alice = chat.connect("lobby", "alice");
    Room room = room("lobby");
    IllegalArgumentException tooLarge =
        assertThrows(IllegalArgumentException.class, () -> room.announce("x".repeat(600)));
    assertTrue(String.valueOf(tooLarge.getMessage()).contains("Limits.outboxBytes"));
    assertThrows(IllegalArgumentException.class, () -> chat.chat().announce("x".repeat(600)));
    assertTrue(alice.isOpen());
    assertEquals(List.of(), alice.received());
    assertFalse(((LiveRoom) room).lock.isLocked());
    String half = "x".repeat(508); // plus a header of 4 bytes
    room.announce(half);
    assertEquals(List.of(half), alice.received());
    assertThrows(IllegalArgumentException.class, () -> room.announce(half + "x"));
  }

  @Test
  void aStuckWriteIsAbortedAtItsDeadlineEvenIfNothingMoreIsSent() {
    FakeConnection slow = stalledIn("lobby");
    room("lobby").announce("hello");
    chat.advance(Duration.ofMillis(9_900));
    assertEquals(0, slow.aborts());
    assertEquals(1, room("lobby").size());
    chat.advance(Duration.ofMillis(700));
    assertEquals(1, slow.aborts());
    assertEquals(List.of("slow joined lobby", "slow left lobby 4002"), recorder.entries());
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void aStuckPingIsAbortedAtItsDeadline() {
    FakeConnection slow = stalledIn("lobby");
    chat.advance(Duration.ofSeconds(26));
    assertEquals(1, slow.pings());
    assertEquals(0, slow.aborts());
    chat.advance(Duration.ofSeconds(10));
    assertEquals(1, slow.aborts());
    assertEquals("slow left lobby 4002", recorder.entries().get(1));
  }

  @Test
  void aSlowReaderThatMakesProgressIsNotAborted() {
    FakeConnection slow = stalledIn("lobby");
    for (int i = 0; i < 6; i++) {
      announce("lobby", i, i + 1);
      slow.receiver().pong();
      chat.advance(Duration.ofSeconds(9));
      slow.complete();
    }
    assertTrue(slow.isOpen());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), numbers(slow.received()));
  }

  @Test
  void queuedFramesAreWrittenInOneBatch() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 8);
    slow.complete();
    assertEquals(List.of(1, 7), slow.batchSizes());
    assertEquals(List.of(), slow.violations());
  }

  @Test
  void aSecondCompletionOfAWriteDoesNotEndTheNextOne() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 1);
    announce("lobby", 1, 2);
    Completion first = slow.completions().get(0);
    slow.complete();
    announce("lobby", 2, 3);
    first.succeeded();
    first.failed(new IOException("late and wrong"));
    assertEquals(List.of(0, 1), numbers(slow.received()), "2 waits for the write of 1");
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 1, 2), numbers(slow.received()));
    assertEquals(List.of(), slow.violations());
  }

  @Test
  void theFirstCompletionOfAWriteCounts() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 1);
    Completion write = slow.completions().get(0);
    write.failed(new IOException("broken"));
    write.succeeded();
    assertEquals(List.of("slow joined lobby", "slow left lobby 1006"), recorder.entries());
    assertEquals(1, slow.aborts());
  }

  @Test
  void aFailedWriteEndsTheConnectionAndNothingMoreIsWritten() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 3);
    slow.completions().get(0).failed(new IOException("broken"));
    assertEquals(1, slow.aborts());
    assertEquals(1, slow.batchSizes().size());
    assertEquals(0, chat.chat().participants());
    assertEquals(List.of("slow joined lobby", "slow left lobby 1006"), recorder.entries());
  }

  @Test
  void aCompletionThatComesAfterTheAbortChangesNothing() {
    FakeConnection slow = stalledIn("lobby");
    TestClient bob = chat.connect("lobby", "bob");
    announce("lobby", 0, 3);
    slow.onAbort(() -> {});
    Completion write = slow.completions().get(0);
    chat.advance(Duration.ofSeconds(11));
    assertEquals(1, slow.aborts());
    write.succeeded();
    announce("lobby", 3, 4);
    assertEquals(1, slow.batchSizes().size());
    assertEquals(4, bob.received().size());
    assertNull(slow.closeStatus());
  }

  @Test
  void aThrowingTransportFailsOnlyThatConnection() {
    for (Throwable failure :
        List.of(new IllegalStateException("exception"), new AssertionError("error"))) {
      FakeConnection broken = FakeConnection.open(chat.chat(), "lobby", "broken");
      TestClient bob = chat.connect("lobby", "bob");
      recorder.takeEntries();
      broken.onWrite(() -> sneakyThrow(failure));
      broken.onAbort(
          () -> {
            throw new IllegalStateException("abort too");
          });
      announce("lobby", 0, 1);
      assertEquals(List.of("broken left lobby 1006"), recorder.takeEntries());
      announce("lobby", 1, 3);
      assertEquals(List.of(0, 1, 2), numbers(bob.received()));
      assertEquals(1, broken.aborts());
      bob.close();
      recorder.takeEntries();
    }
  }

  @Test
  void aThrowingCloseOrPingFailsTheConnection() {
    FakeConnection broken = FakeConnection.open(chat.chat(), "lobby", "broken");
    broken.onPing(
        () -> {
          throw new IllegalStateException("no pings");
        });
    chat.advance(Duration.ofSeconds(26));
    assertEquals("broken left lobby 1006", recorder.takeEntries().get(1));
    assertEquals(1, broken.aborts());

    FakeConnection unclosable = FakeConnection.open(chat.chat(), "lobby", "unclosable");
    unclosable.onClose(
        () -> {
          throw new IllegalStateException("no close");
        });
    chat.chat().participant("unclosable").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals("unclosable left lobby 1000", recorder.takeEntries().get(1));
    assertEquals(1, unclosable.aborts());
    assertEquals(0, chat.chat().connections());
  }

  @Tag("slow")
  @Test
  void synchronousCompletionsDoNotRecurse() {
    int messages = 10_000;
    try (TestChat large =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().withOutboxBytes(Integer.MAX_VALUE)))) {
      FakeConnection slow = FakeConnection.open(large.chat(), "lobby", "slow").hold();
      Payload payload = Payload.bytes(new byte[Batch.MAX_BYTES / 2]); // a batch holds one of them
      for (int i = 0; i < messages; i++) {
        large.chat().announce(payload, large.chat().rooms());
      }
      slow.release();
      assertEquals(messages, slow.batchSizes().size());
      assertTrue(slow.isOpen());
    }
  }

  @Tag("slow")
  @Test
  void deadlinesHoldWhileHandlersBlockAllCallbackThreads() throws InterruptedException {
    CountDownLatch unblock = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(8);
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            if (participant.id().startsWith("blocking")) {
              blocked.countDown();
              try {
                unblock.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            }
          }
        };
    try (Chat threaded =
        Chat.builder(blocking)
            .limits(SMALL.withWriteTimeout(Duration.ofMillis(100)).withMessagesPerSecond(0))
            .build()) {
      List<FakeConnection> all = Collections.synchronizedList(new java.util.ArrayList<>());
      for (int i = 0; i < 8; i++) {
        all.add(FakeConnection.open(threaded, "lobby", "blocking" + i).hold());
      }
      Room room = threaded.room("lobby").orElseThrow();
      room.announce("hello");
      assertTrue(blocked.await(10, TimeUnit.SECONDS), "all callback threads are blocked");
      FakeConnection slow = FakeConnection.open(threaded, "quiet", "slow").hold();
      Room quiet = threaded.room("quiet").orElseThrow();
      quiet.announce("hello");
      eventually("the participant has left the room at the deadline", () -> quiet.size() == 0);
      unblock.countDown();
      eventually("it is aborted as soon as a thread is free", () -> slow.aborts() == 1);
    }
  }

  private static void sneakyThrow(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
