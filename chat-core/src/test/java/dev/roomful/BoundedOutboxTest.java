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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Promise 5. An outbox of 1,024 bytes has room for 8 messages of 110 characters, 2 + 16 around
 * each.
 */
@Timeout(20)
class BoundedOutboxTest {
  private static final Limits SMALL =
      Limits.defaults().withOutboxBytes(1024).withMessageBytes(500).withMessagesPerSecond(0);
  private static final String FILL = "x".repeat(108);

  private final Diary diary = new Diary();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(diary)
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

  private static List<Integer> numbers(List<String> heard) {
    return heard.stream().map(text -> Integer.parseInt(text.substring(0, 2))).toList();
  }

  private void announce(String room, int from, int to) {
    IntStream.range(from, to).forEach(i -> room(room).announce(numbered(i)));
  }

  @Test
  void whatWaitsAndWhatIsInFlightIsBoundedInBytes() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 8);
    assertEquals(1, room("lobby").size());
    assertTrue(slow.isOpen());

    announce("lobby", 8, 9);
    assertEquals(
        List.of("slow joined lobby", "slow left lobby " + CloseStatus.TOO_SLOW.code()),
        diary.entries());
    assertEquals(List.of(0), numbers(slow.heard()), "only what was in flight");
  }

  @Test
  void whatWasWrittenMakesRoom() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 8);
    slow.complete(); // 0 is through, 1 to 7 are in flight
    announce("lobby", 8, 9);
    assertTrue(slow.isOpen());
    announce("lobby", 9, 10);
    assertEquals(0, chat.chat().rooms().size());
  }

  @Test
  void messagesWithoutContentAreBoundedToo() {
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
  void whoReadsTooSlowlyIsToldSoAsSoonAsItCanBe() {
    TestClient slow = chat.connect("lobby", "slow");
    TestClient bob = chat.connect("lobby", "bob");
    slow.stopReading();
    announce("lobby", 0, 9);
    assertEquals(List.of("slow left lobby 4002"), diary.take().subList(2, 3));
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
    assertEquals(List.of(0, 13, 14, 15, 16, 17, 18, 19), numbers(slow.heard()));
  }

  @Test
  void dropNewestKeepsTheFirst() {
    FakeConnection slow = stalledIn("newest");
    announce("newest", 0, 20);
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), numbers(slow.heard()));
    announce("newest", 20, 21);
    assertEquals(20, numbers(slow.heard()).get(8));
  }

  @Test
  void directWordsAreBoundedButNeverDropped() {
    for (String name : List.of("oldest", "newest", "lobby")) {
      FakeConnection slow = stalledIn(name);
      Participant participant = slow();
      for (int i = 0; i < 8; i++) {
        assertTrue(participant.send(numbered(i)).isDone());
      }
      assertTrue(slow.isOpen());
      assertFalse(participant.send(numbered(8)).isDone(), "dropped, and therefore no success");
      assertFalse(participant.send(numbered(9)).isDone(), "it has been disconnected");
      assertEquals("slow left " + name + " 4002", diary.take().get(1));
      slow.vanish();
    }
  }

  @Test
  void aDirectWordStaysWhereOthersAreDropped() {
    FakeConnection slow = stalledIn("oldest");
    announce("oldest", 0, 3);
    assertTrue(slow().send(numbered(50)).isDone());
    announce("oldest", 3, 20);
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 50, 14, 15, 16, 17, 18, 19), numbers(slow.heard()));
  }

  @Test
  void aDirectWordTakesThePlaceOfWhatMayBeDropped() {
    FakeConnection slow = stalledIn("newest");
    announce("newest", 0, 20);
    assertTrue(slow().send(numbered(50)).isDone());
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 2, 3, 4, 5, 6, 7, 50), numbers(slow.heard()));
  }

  @Test
  void aMessageThatWouldFillAnOutboxIsRefusedToTheSpeaker() {
    TestClient alice = chat.connect("lobby", "alice");
    Room room = room("lobby");
    IllegalArgumentException tooLarge =
        assertThrows(IllegalArgumentException.class, () -> room.announce("x".repeat(600)));
    assertTrue(String.valueOf(tooLarge.getMessage()).contains("Limits.outboxBytes"));
    assertThrows(IllegalArgumentException.class, () -> chat.chat().announce("x".repeat(600)));
    assertTrue(alice.isOpen());
    assertEquals(List.of(), alice.received());
    assertFalse(((LiveRoom) room).lock.isLocked());
    String half = "x".repeat(508); // and a header of 4
    room.announce(half);
    assertEquals(List.of(half), alice.received());
    assertThrows(IllegalArgumentException.class, () -> room.announce(half + "x"));
  }

  @Test
  void aStuckWriteIsCutAtItsDeadlineEvenIfNothingMoreIsSent() {
    FakeConnection slow = stalledIn("lobby");
    room("lobby").announce("hello");
    chat.advance(Duration.ofMillis(9_900));
    assertEquals(0, slow.aborts());
    assertEquals(1, room("lobby").size());
    chat.advance(Duration.ofMillis(700));
    assertEquals(1, slow.aborts());
    assertEquals(List.of("slow joined lobby", "slow left lobby 4002"), diary.entries());
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void aStuckPingIsCutAtItsDeadlineToo() {
    FakeConnection slow = stalledIn("lobby");
    chat.advance(Duration.ofSeconds(26));
    assertEquals(1, slow.pings());
    assertEquals(0, slow.aborts());
    chat.advance(Duration.ofSeconds(10));
    assertEquals(1, slow.aborts());
    assertEquals("slow left lobby 4002", diary.entries().get(1));
  }

  @Test
  void aReaderThatIsSlowButMovesIsNotCut() {
    FakeConnection slow = stalledIn("lobby");
    for (int i = 0; i < 6; i++) {
      announce("lobby", i, i + 1);
      slow.receiver().pong();
      chat.advance(Duration.ofSeconds(9));
      slow.complete();
    }
    assertTrue(slow.isOpen());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), numbers(slow.heard()));
  }

  @Test
  void whatWaitsGoesIntoOneWrite() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 8);
    slow.complete();
    assertEquals(List.of(1, 7), slow.batches());
    assertEquals(List.of(), slow.breaches());
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
    assertEquals(List.of(0, 1), numbers(slow.heard()), "2 waits for the write of 1");
    assertTrue(slow.isOpen());
    slow.release();
    assertEquals(List.of(0, 1, 2), numbers(slow.heard()));
    assertEquals(List.of(), slow.breaches());
  }

  @Test
  void theFirstCompletionOfAWriteCounts() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 1);
    Completion write = slow.completions().get(0);
    write.failed(new IOException("broken"));
    write.succeeded();
    assertEquals(List.of("slow joined lobby", "slow left lobby 1006"), diary.entries());
    assertEquals(1, slow.aborts());
  }

  @Test
  void aFailedWriteEndsTheConnectionAndNothingMoreIsWritten() {
    FakeConnection slow = stalledIn("lobby");
    announce("lobby", 0, 3);
    slow.completions().get(0).failed(new IOException("broken"));
    assertEquals(1, slow.aborts());
    assertEquals(1, slow.batches().size());
    assertEquals(0, chat.chat().participants());
    assertEquals(List.of("slow joined lobby", "slow left lobby 1006"), diary.entries());
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
    assertEquals(1, slow.batches().size());
    assertEquals(4, bob.received().size());
    assertNull(slow.told());
  }

  @Test
  void aTransportThatThrowsWhatItMayNotLosesThatConnectionAlone() {
    for (Throwable breach :
        List.of(new IllegalStateException("exception"), new AssertionError("error"))) {
      FakeConnection broken = FakeConnection.open(chat.chat(), "lobby", "broken");
      TestClient bob = chat.connect("lobby", "bob");
      diary.take();
      broken.onWrite(() -> sneak(breach));
      broken.onAbort(
          () -> {
            throw new IllegalStateException("abort too");
          });
      announce("lobby", 0, 1);
      assertEquals(List.of("broken left lobby 1006"), diary.take());
      announce("lobby", 1, 3);
      assertEquals(List.of(0, 1, 2), numbers(bob.received()));
      assertEquals(1, broken.aborts());
      bob.close();
      diary.take();
    }
  }

  @Test
  void aCloseOrAPingThatThrowsIsALostConnection() {
    FakeConnection broken = FakeConnection.open(chat.chat(), "lobby", "broken");
    broken.onPing(
        () -> {
          throw new IllegalStateException("no pings");
        });
    chat.advance(Duration.ofSeconds(26));
    assertEquals("broken left lobby 1006", diary.take().get(1));
    assertEquals(1, broken.aborts());

    FakeConnection unclosable = FakeConnection.open(chat.chat(), "lobby", "unclosable");
    unclosable.onClose(
        () -> {
          throw new IllegalStateException("no close");
        });
    chat.chat().participant("unclosable").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals("unclosable left lobby 1000", diary.take().get(1));
    assertEquals(1, unclosable.aborts());
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void aDrainThatCompletesAtOnceIsALoopAndNoRecursion() {
    int messages = 10_000;
    try (TestChat large =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().withOutboxBytes(Integer.MAX_VALUE)))) {
      FakeConnection slow = FakeConnection.open(large.chat(), "lobby", "slow").hold();
      Payload payload = Payload.bytes(new byte[Batch.MAX_BYTES / 2]); // two do not fit into a batch
      for (int i = 0; i < messages; i++) {
        large.chat().announce(payload, large.chat().rooms());
      }
      slow.release();
      assertEquals(messages, slow.batches().size());
      assertTrue(slow.isOpen());
    }
  }

  @Test
  void deadlinesHoldWhileHandlersBlockAllThreadsForCallbacks() throws InterruptedException {
    CountDownLatch unblock = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(8);
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant who, CloseStatus why) {
            if (who.id().startsWith("blocking")) {
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
      assertTrue(blocked.await(10, TimeUnit.SECONDS), "all threads for callbacks are blocked");
      FakeConnection slow = FakeConnection.open(threaded, "quiet", "slow").hold();
      Room quiet = threaded.room("quiet").orElseThrow();
      quiet.announce("hello");
      eventually("it has left the room at its deadline", () -> quiet.size() == 0);
      unblock.countDown();
      eventually("and is cut when there is a thread for it", () -> slow.aborts() == 1);
    }
  }

  private static void sneak(Throwable breach) {
    if (breach instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) breach;
  }
}
