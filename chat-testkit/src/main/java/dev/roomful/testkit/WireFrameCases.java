package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.roomful.Chat;
import dev.roomful.Payload;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Frames that break the rules, announce too much, or come in the midst of others. */
abstract class WireFrameCases extends WireHandshakeCases {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int PING = 9;
  private static final int MIB = 1 << 20;

  @Test
  void textThatIsNotUtf8ClosesItsSenderOnly() throws Exception {
    byte[] overlong = {'a', (byte) 0xC0, (byte) 0x80};
    assertEndsOnlyItself(1007, client -> client.frame(true, 0, TEXT, overlong, true));
  }

  @Test
  void textThatEndsInsideACharacterClosesItsSenderOnly() throws Exception {
    byte[] cut = {'a', (byte) 0xE2, (byte) 0x82};
    assertEndsOnlyItself(1007, client -> client.frame(true, 0, TEXT, cut, true));
  }

  @Test
  void textThatIsNotUtf8AcrossFragmentsClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(
        1007,
        client -> {
          client.frame(false, 0, TEXT, new byte[] {'a', (byte) 0xC3}, true);
          client.frame(true, 0, CONTINUATION, new byte[] {'(', 'b'}, true);
        });
  }

  @Test
  void aFrameThatIsNotMaskedClosesItsSenderOnly() throws Exception {
    assumeFalse(has(Quirk.TAKES_BARE_FRAMES), "this server takes frames that are not masked");
    assertEndsOnlyItself(1002, client -> client.frame(true, 0, TEXT, bytes("bare"), false));
  }

  @Test
  void aReservedOpcodeClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(1002, client -> client.frame(true, 0, 3, bytes("?"), true));
  }

  @Test
  void aReservedControlOpcodeClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(1002, client -> client.frame(true, 0, 11, bytes("?"), true));
  }

  @Test
  void aReservedBitClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(1002, client -> client.frame(true, 4, TEXT, bytes("zip?"), true));
  }

  @Test
  void aFragmentedPingClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(1002, client -> client.frame(false, 0, PING, bytes("half"), true));
  }

  @Test
  void aContinuationOfNothingClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(1002, client -> client.frame(true, 0, CONTINUATION, bytes("?"), true));
  }

  @Test
  void aMessageWithinAMessageClosesItsSenderOnly() throws Exception {
    assertEndsOnlyItself(
        1002,
        client -> {
          client.frame(false, 0, TEXT, bytes("half"), true);
          client.frame(true, 0, TEXT, bytes("other"), true);
        });
  }

  private void assertEndsOnlyItself(int code, Consumer<WireClient> offence) throws Exception {
    Diary diary = new Diary();
    Chat chat = open(diary);
    WireClient ann = enterWire("hall", "ann");
    Peer bob = enter("hall", "bob");
    ann.text("before");
    offence.accept(ann);
    int seen = ann.awaitClose().code();
    assertTrue(
        seen == code || (seen == 1006 && has(Quirk.RESETS_ON_ERRORS)),
        () -> "closed with " + seen + " in place of " + code);
    assertTrue(ann.awaitEnd(PATIENCE), "the connection has ended");
    diary.awaitLeft("ann", PROMPTLY);
    bob.text("after");
    assertEquals(List.of("before", "after"), bob.texts(2), "and nothing of the offence");
    Await.until("it is forgotten", PATIENCE, () -> chat.connections() == 1);
    assertEquals(List.of("joined", "left"), diary.visits("ann"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void theFirstFragmentAloneIsTooBigAlready() throws Exception {
    open(new Diary(), LIMITS.withMessageBytes(1024));
    WireClient ann = enterWire("hall", "ann");
    ann.frame(false, 0, TEXT, new byte[1025], true);
    assertEquals(1009, ann.awaitClose().code());
  }

  @Test
  void fragmentsThatNeverEndAreCountedTogether() throws Exception {
    open(new Diary(), LIMITS.withMessageBytes(1024));
    WireClient ann = enterWire("hall", "ann");
    ann.frame(false, 0, TEXT, new byte[500], true);
    ann.frame(false, 0, CONTINUATION, new byte[500], true);
    ann.frame(false, 0, CONTINUATION, new byte[500], true);
    assertEquals(1009, ann.awaitClose().code());
  }

  @Test
  void aFrameThatAnnouncesSixtyFourMegabytesDoesNotFillTheHeap() throws Exception {
    Diary diary = new Diary();
    open(diary, LIMITS.withMessageBytes(8192));
    WireClient ann = enterWire("hall", "ann");
    Peer bob = enter("hall", "bob");
    long before = heapInUse();
    byte[] mask = new byte[4];
    ann.raw(
        ByteBuffer.allocate(14)
            .put((byte) 0x81)
            .put((byte) 0xFF)
            .putLong(64L * MIB)
            .put(mask)
            .array());
    ann.raw(new byte[2048]);
    List<Long> growth = Collections.synchronizedList(new ArrayList<>());
    Future<Integer> sender = beside(() -> send(ann, before, growth));
    int code = ann.awaitClose().code();
    assertTrue(
        code == 1009 || code == 1006 || has(Quirk.FAILS_ON_HUGE_FRAMES), "closed with " + code);
    diary.awaitLeft("ann", PATIENCE);
    growth.add(heapInUse() - before);
    assertTrue(Collections.max(growth) < 32 * MIB, () -> "the heap has grown by " + growth);
    ann.close();
    assertTrue(sender.get(10, TimeUnit.SECONDS) < 63 * MIB, "it could send all that it had");
    bob.text("alone");
    assertEquals("alone", bob.nextText());
  }

  /** Sends as much as it can, and tells how much that was. */
  private static int send(WireClient client, long before, List<Long> growth) {
    byte[] more = new byte[64 << 10];
    int sent = 0;
    try {
      while (sent < 63 * MIB) {
        client.raw(more);
        sent += more.length;
        if (sent % (16 * MIB) == 0) {
          growth.add(heapInUse() - before);
        }
      }
    } catch (UncheckedIOException cut) {
      // The server has had enough.
    }
    return sent;
  }

  static long heapInUse() {
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void controlFramesBetweenTheFragmentsOfAMessageDoNotBreakIt() throws Exception {
    open(new Diary());
    WireClient ann = enterWire("hall", "ann");
    byte[] text = bytes("ä€😀");
    ann.frame(false, 0, TEXT, new byte[] {text[0]}, true);
    ann.ping(new byte[] {7});
    ann.frame(false, 0, CONTINUATION, new byte[0], true);
    ann.pong(new byte[] {8});
    ann.frame(true, 0, CONTINUATION, Arrays.copyOfRange(text, 1, text.length), true);
    assertEquals("ä€😀", ann.nextText());
    assertEquals(List.of(new Received.Pong("07")), ann.pongs());
  }

  @Test
  void pingsInTheMidstOfAFloodAreAnsweredAndTheFramesStayWhole() throws Exception {
    open(
        new Diary(),
        LIMITS
            .withOutboxBytes(64 * MIB)
            .withLiveness(Duration.ofMillis(20), Duration.ofSeconds(10)));
    WireClient ann = enterWire("hall", "ann");
    AtomicInteger announced = new AtomicInteger();
    Future<Boolean> flood =
        beside(
            () -> {
              for (int i = 0; i < 4000; i++) {
                room("hall").announce(Payload.text(i + ":" + "€".repeat(i % 1500)));
                announced.incrementAndGet();
              }
              return true;
            });
    Future<Boolean> pings =
        beside(
            () -> {
              for (byte i = 0; i < 50; i++) {
                int next = i * 80;
                Await.until("more is said", PATIENCE, () -> announced.get() > next);
                ann.ping(new byte[] {i});
              }
              return true;
            });
    for (int i = 0; i < 4000; i++) {
      assertEquals(i + ":" + "€".repeat(i % 1500), ann.nextText());
    }
    assertTrue(flood.get(5, TimeUnit.SECONDS) && pings.get(5, TimeUnit.SECONDS));
    ann.text("and on");
    assertEquals("and on", ann.nextText());
    List<Integer> pongs = ann.pongs().stream().map(pong -> (int) pong.bytes()[0]).toList();
    assertEquals(pongs.stream().sorted().distinct().toList(), pongs, "in order, none twice");
    assertEquals(49, pongs.get(pongs.size() - 1), "the last ping is answered");
  }

  @Test
  void anUnlawfulCloseCodeIsToldOnceToo() throws Exception {
    Diary diary = new Diary();
    Chat chat = open(diary);
    for (int code : List.of(0, 999, 1004, 1006, 1015, 5000, 65_535)) {
      WireClient client = enterWire("hall", "p" + code);
      client.close(code, "no such code");
      diary.awaitLeft("p" + code, PROMPTLY);
      assertTrue(client.awaitEnd(PATIENCE));
      assertEquals(List.of("joined", "left"), diary.visits("p" + code));
    }
    Await.until("all are forgotten", PATIENCE, () -> isEmpty(chat));
  }
}
