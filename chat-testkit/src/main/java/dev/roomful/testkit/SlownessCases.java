package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Overflow;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Readers that stop reading, and handlers that block. */
abstract class SlownessCases extends PresenceCases {
  /** More than the system keeps for one connection: a reader that stops is stuck behind it. */
  private static final int FLOOD_BYTES = 24 << 20;

  private static final int LUMP_BYTES = 32 << 10;
  private static final Limits CUT_SOON =
      LIMITS.withOutboxBytes(2 * FLOOD_BYTES).withWriteTimeout(Duration.ofMillis(500));

  /** A room of its own for the reader that stops, where what it is sent disturbs nobody. */
  private static final String SWAMP = "swamp";

  /** Whether the transport can end a connection whose peer reads nothing. */
  abstract boolean cutsStalledReadersPromptly();

  static void flood(Participant reader) {
    Payload lump = Payload.text("~".repeat(LUMP_BYTES));
    for (int sent = 0; sent < FLOOD_BYTES; sent += LUMP_BYTES) {
      reader.send(lump);
    }
  }

  @Test
  void aReaderThatStopsIsCutEvenIfNothingMoreIsSentToIt() throws Exception {
    Diary diary = new Diary();
    Chat chat = open(diary, CUT_SOON);
    Peer slow = enter(SWAMP, "slow");
    flood(participant("slow"));
    CloseStatus why = diary.awaitLeft("slow", Duration.ofSeconds(3));
    assertEquals(CloseStatus.TOO_SLOW, why);
    Await.until("it is not counted any more", PROMPTLY, () -> isEmpty(chat));
    if (cutsStalledReadersPromptly()) {
      assertTrue(slow.awaitEnd(PATIENCE), "the reader's connection has ended");
    }
  }

  @Test
  void fiftyOthersDoNotNoticeAReaderThatStops() throws Exception {
    Diary diary = new Diary();
    open(diary, CUT_SOON);
    List<Peer> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(enter("hall", "p" + i));
    }
    enter(SWAMP, "slow");
    assertTrue(participant("slow").join("hall").isDone());
    flood(participant("slow"));
    int after = 0;
    for (int i = 0; after < 20; i++) {
      room("hall").announce("" + i);
      for (Peer other : others) {
        assertEquals("" + i, other.nextText(PROMPTLY));
      }
      after += diary.leaves("slow").isEmpty() ? 0 : 1;
    }
    assertEquals(List.of(CloseStatus.TOO_SLOW), diary.leaves("slow").subList(0, 1));
  }

  @Test
  void aFullOutboxClosesTheConnectionWithACodeThatSaysWhy() throws Exception {
    Diary diary = new Diary();
    open(diary, LIMITS.withOutboxBytes(256 << 10).withCloseTimeout(PATIENCE));
    Peer slow = enter(SWAMP, "slow");
    Peer ann = enter("hall", "ann");
    flood(participant("slow"));
    assertEquals(CloseStatus.TOO_SLOW, diary.awaitLeft("slow", PROMPTLY));
    assertEquals(close(CloseStatus.TOO_SLOW), slow.awaitClose());
    ann.text("dry");
    assertEquals("dry", ann.nextText());
  }

  @Test
  void droppingTheOldestKeepsAReaderThatStoppedForAWhile() throws Exception {
    List<Integer> heard = heardAfterAStall(Overflow.DROP_OLDEST);
    assertEquals(lumps() - 1, heard.get(heard.size() - 1), "the newest is heard");
  }

  @Test
  void droppingTheNewestKeepsAReaderThatStoppedForAWhile() throws Exception {
    List<Integer> heard = heardAfterAStall(Overflow.DROP_NEWEST);
    assertEquals(0, heard.get(0), "the oldest is heard");
  }

  private static int lumps() {
    return FLOOD_BYTES / LUMP_BYTES;
  }

  private List<Integer> heardAfterAStall(Overflow overflow) throws Exception {
    open(
        chat(new Diary())
            .limits(LIMITS.withOutboxBytes(256 << 10))
            .rooms(RoomOptions.defaults().withOverflow(overflow)));
    Peer slow = enter(SWAMP, "slow");
    String lump = "~".repeat(LUMP_BYTES);
    for (int i = 0; i < lumps(); i++) {
      room(SWAMP).announce(i + ":" + lump);
    }
    // First it makes room; said before that, its own words could be dropped like the others.
    List<Integer> heard = new ArrayList<>();
    while (slow.poll(Duration.ofMillis(300)) instanceof Received.Text message) {
      heard.add(numberOf(message.text()));
    }
    slow.text("back again");
    for (String text = slow.nextText(); !text.equals("back again"); text = slow.nextText()) {
      heard.add(numberOf(text));
    }
    assertTrue(heard.size() < lumps(), "some are dropped, or nothing was full");
    assertEquals(heard.stream().sorted().distinct().toList(), heard, "in order, none twice");
    return heard;
  }

  private static int numberOf(String text) {
    return Integer.parseInt(text.substring(0, text.indexOf(':')));
  }

  @Test
  void aBlockedHandlerHoldsBackAClientThatFloodsAndLosesNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    List<Integer> handled = new ArrayList<>();
    Diary diary =
        new Diary(
            (room, message) -> {
              Await.open(gate);
              handled.add(numberOf(message.text()));
            });
    open(diary);
    Peer ann = enter("hall", "ann");
    AtomicInteger sent = new AtomicInteger();
    String lump = "~".repeat(LUMP_BYTES);
    Future<Boolean> flooding =
        beside(
            () -> {
              for (int i = 0; i < lumps(); i++) {
                ann.text(i + ":" + lump);
                sent.set(i + 1);
              }
              return true;
            });
    Await.calm("what it can send", Duration.ofMillis(400), PATIENCE, sent::get);
    assertTrue(sent.get() < lumps(), "it could send all that it had: nothing held it back");
    gate.countDown();
    flooding.get(15, TimeUnit.SECONDS);
    ann.close(1000, "");
    assertEquals(CloseStatus.NORMAL, diary.awaitLeft("ann", PATIENCE));
    assertEquals(IntStream.range(0, lumps()).boxed().toList(), handled);
  }

  @Test
  void aBlockedHandlerHoldsUpNobodyElse() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger blocked = new AtomicInteger();
    open(
        new Diary(
            (room, message) -> {
              if (message.text().equals("block")) {
                blocked.incrementAndGet();
                Await.open(gate);
              }
              room.publish(message);
            }));
    List<Peer> patient = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      patient.add(enter("hall", "patient" + i));
    }
    List<Peer> others = List.of(enter("hall", "ann"), enter("hall", "bob"), enter("hall", "cid"));
    patient.forEach(peer -> peer.text("block"));
    Await.until("all are blocked", PATIENCE, () -> blocked.get() == patient.size());
    for (int i = 0; i < 50; i++) {
      others.get(i % 3).text("" + i);
      for (Peer other : others) {
        assertEquals("" + i, other.nextText(PROMPTLY));
      }
    }
    // They say nothing meanwhile, but they hear.
    assertHears(numbers(50), patient.get(0));
    Peer late = enter("hall", "late");
    gate.countDown();
    assertEquals(List.of("block", "block", "block", "block"), late.texts(4));
  }

  @Test
  void pingsAreAnsweredWhileAHandlerRuns() throws Exception {
    assumeFalse(
        has(Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS), "the server does not read meanwhile");
    CountDownLatch gate = new CountDownLatch(1);
    open(
        new Diary(
            (room, message) -> {
              Await.open(gate);
              room.publish(message);
            }));
    Peer ann = enter("hall", "ann");
    ann.text("takes long");
    for (byte i = 0; i < 5; i++) {
      ann.ping(new byte[] {i});
      assertEquals(new Received.Pong("0" + i), ann.poll(PROMPTLY));
    }
    gate.countDown();
    assertEquals("takes long", ann.nextText());
  }

  @Test
  void aBroadcastDoesNotWaitForAReaderThatStopped() throws Exception {
    open(new Diary(), CUT_SOON.withWriteTimeout(PATIENCE));
    enter(SWAMP, "slow");
    Peer ann = enter("hall", "ann");
    assertTrue(participant("slow").join("hall").isDone());
    flood(participant("slow"));
    long start = System.nanoTime();
    Payload small = Payload.text("small");
    for (int i = 0; i < 1000; i++) {
      room("hall").announce(small, BroadcastPolicy.everyone());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(PROMPTLY) < 0, () -> "1000 broadcasts took " + took);
    ann.texts(1000);
    assertNotNull(participant("slow"));
  }
}
