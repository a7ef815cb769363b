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

/** Readers that stall, and handlers that block. */
abstract class SlownessCases extends PresenceCases {
  /** More than the system buffers for one connection, so that a reader that stops is stuck. */
  private static final int FLOOD_BYTES = 24 << 20;

  private static final int LUMP_BYTES = 32 << 10;
  private static final Limits CUT_SOON =
      LIMITS.withOutboxBytes(2 * FLOOD_BYTES).withWriteTimeout(Duration.ofMillis(500));

  /** A room for the stalled reader alone. */
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
  @Rule("2.5")
  void aStalledReaderIsClosedEvenIfNothingMoreIsSentToIt() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler, CUT_SOON);
    Peer slow = enter(SWAMP, "slow");
    flood(participant("slow"));
    CloseStatus why = handler.awaitLeft("slow", Duration.ofSeconds(3));
    assertEquals(CloseStatus.TOO_SLOW, why);
    Await.until("it is not counted any more", PROMPTLY, () -> isEmpty(chat));
    if (cutsStalledReadersPromptly()) {
      assertTrue(slow.awaitEnd(PATIENCE), "the reader's connection has ended");
    }
  }

  @Test
  @Rule("3.1")
  void aStalledReaderDoesNotDelayFiftyOthers() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler, CUT_SOON);
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
      after += handler.leaves("slow").isEmpty() ? 0 : 1;
    }
    assertEquals(List.of(CloseStatus.TOO_SLOW), handler.leaves("slow").subList(0, 1));
  }

  @Test
  @Rule("2.4")
  void aFullOutboxClosesTheConnectionWithItsCode() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler, LIMITS.withOutboxBytes(256 << 10).withCloseTimeout(PATIENCE));
    Peer slow = enter(SWAMP, "slow");
    Peer ann = enter("hall", "ann");
    flood(participant("slow"));
    assertEquals(CloseStatus.TOO_SLOW, handler.awaitLeft("slow", PROMPTLY));
    assertEquals(close(CloseStatus.TOO_SLOW), slow.awaitClose());
    ann.text("dry");
    assertEquals("dry", ann.nextText());
  }

  @Test
  @Rule("2.1")
  void droppingTheOldestKeepsAReaderThatStalledForAWhile() throws Exception {
    List<Integer> received = receivedAfterAStall(Overflow.DROP_OLDEST);
    assertEquals(lumps() - 1, received.get(received.size() - 1), "the newest arrives");
  }

  @Test
  @Rule("2.1")
  void droppingTheNewestKeepsAReaderThatStalledForAWhile() throws Exception {
    List<Integer> received = receivedAfterAStall(Overflow.DROP_NEWEST);
    assertEquals(0, received.get(0), "the oldest arrives");
  }

  private static int lumps() {
    return FLOOD_BYTES / LUMP_BYTES;
  }

  private List<Integer> receivedAfterAStall(Overflow overflow) throws Exception {
    open(
        chat(new CaseHandler())
            .limits(LIMITS.withOutboxBytes(256 << 10))
            .rooms(RoomOptions.defaults().withOverflow(overflow)));
    Peer slow = enter(SWAMP, "slow");
    String lump = "~".repeat(LUMP_BYTES);
    for (int i = 0; i < lumps(); i++) {
      room(SWAMP).announce(i + ":" + lump);
    }
    // It reads first: until the outbox has room, its own message could be dropped.
    List<Integer> received = new ArrayList<>();
    while (slow.poll(Duration.ofMillis(300)) instanceof Received.Text message) {
      received.add(numberOf(message.text()));
    }
    slow.text("back again");
    for (String text = slow.nextText(); !text.equals("back again"); text = slow.nextText()) {
      received.add(numberOf(text));
    }
    assertTrue(received.size() < lumps(), "some are dropped, or nothing was full");
    assertEquals(received.stream().sorted().distinct().toList(), received, "in order, none twice");
    return received;
  }

  private static int numberOf(String text) {
    return Integer.parseInt(text.substring(0, text.indexOf(':')));
  }

  @Test
  @Rule("3.3")
  void aBlockedHandlerHoldsBackItsFloodingClientAndLosesNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    List<Integer> handled = new ArrayList<>();
    CaseHandler handler =
        new CaseHandler(
            (room, message) -> {
              Await.open(gate);
              handled.add(numberOf(message.text()));
            });
    open(handler);
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
    assertTrue(sent.get() < lumps(), "it could send everything: nothing held it back");
    gate.countDown();
    flooding.get(15, TimeUnit.SECONDS);
    ann.close(1000, "");
    assertEquals(CloseStatus.NORMAL, handler.awaitLeft("ann", PATIENCE));
    assertEquals(IntStream.range(0, lumps()).boxed().toList(), handled);
  }

  @Test
  @Rule("3.1")
  void aBlockedHandlerDelaysNobodyElse() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger blocked = new AtomicInteger();
    open(
        new CaseHandler(
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
    // Their own messages wait, but they receive those of the others.
    assertReceives(numbers(50), patient.get(0));
    Peer late = enter("hall", "late");
    gate.countDown();
    assertEquals(List.of("block", "block", "block", "block"), late.texts(4));
  }

  @Test
  @Rule("1.2")
  void messagesBeforeACloseFrameAreHandledAlthoughTheirSenderIsStuck() throws Exception {
    assumeFalse(
        has(Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS), "the close frame is not read meanwhile");
    assumeFalse(
        has(Quirk.LOSES_INPUT_AFTER_A_FAILED_WRITE), "the close frame is reported after a write");
    CaseHandler[] self = new CaseHandler[1];
    CaseHandler handler =
        new CaseHandler(
            (room, message) -> {
              if (message.text().equals("0")) {
                flood(message.participant());
                flood(participant("slow"));
                // Ann's write is older: the write timeout has passed for it too.
                assertEquals(CloseStatus.TOO_SLOW, self[0].awaitLeft("slow", PATIENCE));
              }
              room.publish(message);
            });
    self[0] = handler;
    open(handler, CUT_SOON.withWriteTimeout(PROMPTLY));
    enter(SWAMP, "slow");
    Peer bob = enter("hall", "bob");
    Peer ann = enter("hall", "ann");
    numbers(5).forEach(ann::text);
    ann.close(1001, "bye");
    assertReceives(numbers(5), bob);
    assertEquals(new CloseStatus(1001, "bye"), handler.awaitLeft("ann", PATIENCE));
  }

  @Test
  @Rule("3.4")
  void pingsAreAnsweredWhileAHandlerRuns() throws Exception {
    assumeFalse(
        has(Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS), "the server does not read meanwhile");
    CountDownLatch gate = new CountDownLatch(1);
    open(
        new CaseHandler(
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
  @Rule("2.2")
  void aBroadcastDoesNotWaitForAStalledReader() throws Exception {
    open(new CaseHandler(), CUT_SOON.withWriteTimeout(PATIENCE));
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
