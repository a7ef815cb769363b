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
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Frames that violate RFC 6455, announce too much, or arrive between others. */
abstract class WireFrameCases extends WireHandshakeCases {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int MIB = 1 << 20;

  @Test
  @Rule("3.2")
  void textThatIsNotUtf8ClosesItsSenderOnly() throws Exception {
    byte[] overlong = {'a', (byte) 0xC0, (byte) 0x80};
    assertClosesItsSenderOnly(1007, client -> client.frame(true, 0, TEXT, overlong, true));
  }

  @Test
  @Rule("3.2")
  void textThatEndsInsideACharacterClosesItsSenderOnly() throws Exception {
    byte[] cut = {'a', (byte) 0xE2, (byte) 0x82};
    assertClosesItsSenderOnly(1007, client -> client.frame(true, 0, TEXT, cut, true));
  }

  @Test
  @Rule("3.2")
  void textThatIsNotUtf8AcrossFragmentsClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(
        1007,
        client -> {
          client.frame(false, 0, TEXT, new byte[] {'a', (byte) 0xC3}, true);
          client.frame(true, 0, CONTINUATION, new byte[] {'(', 'b'}, true);
        });
  }

  @Test
  @Rule("3.2")
  void anUnmaskedFrameClosesItsSenderOnly() throws Exception {
    assumeFalse(has(Quirk.ACCEPTS_UNMASKED_FRAMES), "this server takes frames that are not masked");
    assertClosesItsSenderOnly(1002, client -> client.frame(true, 0, TEXT, bytes("bare"), false));
  }

  @Test
  @Rule("3.2")
  void aReservedOpcodeClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(1002, client -> client.frame(true, 0, 3, bytes("?"), true));
  }

  @Test
  @Rule("3.2")
  void aReservedControlOpcodeClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(1002, client -> client.frame(true, 0, 11, bytes("?"), true));
  }

  @Test
  @Rule("3.2")
  void aReservedBitClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(1002, client -> client.frame(true, 4, TEXT, bytes("zip?"), true));
  }

  @Test
  @Rule("3.2")
  void aFragmentedPingClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(1002, client -> client.frame(false, 0, PING, bytes("half"), true));
  }

  @Test
  @Rule("3.2")
  void aContinuationWithoutAMessageClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(
        1002, client -> client.frame(true, 0, CONTINUATION, bytes("?"), true));
  }

  @Test
  @Rule("3.2")
  void aMessageWithinAMessageClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(
        1002,
        client -> {
          client.frame(false, 0, TEXT, bytes("half"), true);
          client.frame(true, 0, TEXT, bytes("other"), true);
        });
  }

  /**
   * {@return the code of the close frame, or empty if a known defect of the server destroyed it}
   */
  private OptionalInt closeCode(WireClient client) {
    try {
      return OptionalInt.of(client.awaitClose().code());
    } catch (AssertionError failure) {
      // The write of the last message may not have ended in the server, although it was received.
      if (has(Quirk.TRUNCATES_FRAMES_ON_CLOSE) && WireFrames.isViolation(failure)) {
        return OptionalInt.empty();
      }
      throw failure;
    }
  }

  private void assertClosesItsSenderOnly(int code, Consumer<WireClient> violation)
      throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    WireClient ann = enterWire("hall", "ann");
    Peer bob = enter("hall", "bob");
    ann.text("before");
    // If possible not during a write to ann: see Quirk.TRUNCATES_FRAMES_ON_CLOSE.
    assertEquals(List.of("before"), ann.texts(1));
    violation.accept(ann);
    OptionalInt seen = closeCode(ann);
    if (seen.isPresent()) {
      assertTrue(
          seen.getAsInt() == code || (seen.getAsInt() == 1006 && has(Quirk.RESETS_ON_ERRORS)),
          () -> "closed with " + seen.getAsInt() + " in place of " + code);
      assertTrue(ann.awaitEnd(PATIENCE), "the connection has ended");
    }
    handler.awaitLeft("ann", PROMPTLY);
    bob.text("after");
    assertEquals(List.of("before", "after"), bob.texts(2), "and nothing of the violation");
    Await.until("the connection is forgotten", PATIENCE, () -> chat.connections() == 1);
    assertEquals(List.of("joined", "left"), handler.transitions("ann"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  @Rule("3.2")
  void aFirstFragmentAboveTheLimitClosesItsSender() throws Exception {
    open(new CaseHandler(), LIMITS.withMessageBytes(1024));
    WireClient ann = enterWire("hall", "ann");
    ann.frame(false, 0, TEXT, new byte[1025], true);
    assertEquals(1009, ann.awaitClose().code());
  }

  @Test
  @Rule("3.3")
  void endlessFragmentsCountTogetherAgainstTheLimit() throws Exception {
    open(new CaseHandler(), LIMITS.withMessageBytes(1024));
    WireClient ann = enterWire("hall", "ann");
    ann.frame(false, 0, TEXT, new byte[500], true);
    ann.frame(false, 0, CONTINUATION, new byte[500], true);
    ann.frame(false, 0, CONTINUATION, new byte[500], true);
    assertEquals(1009, ann.awaitClose().code());
  }

  @Test
  @Rule("3.3")
  void aFrameThatAnnounces64MegabytesDoesNotFillTheHeap() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler, LIMITS.withMessageBytes(8192));
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
        code == 1009 || code == 1006 || has(Quirk.CLOSES_HUGE_FRAMES_WITH_OTHER_CODE),
        "closed with " + code);
    handler.awaitLeft("ann", PATIENCE);
    growth.add(heapInUse() - before);
    assertTrue(Collections.max(growth) < 32 * MIB, () -> "the heap has grown by " + growth);
    ann.close();
    assertTrue(sender.get(10, TimeUnit.SECONDS) < 63 * MIB, "it could send everything");
    bob.text("alone");
    assertEquals("alone", bob.nextText());
  }

  /** Sends until the server stops it. {@return the number of bytes sent} */
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
      // The server closed the connection.
    }
    return sent;
  }

  static long heapInUse() {
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  @Rule("1.3")
  void controlFramesBetweenFragmentsDoNotBreakTheMessage() throws Exception {
    open(new CaseHandler());
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
  @Rule("3.4")
  void pingsDuringAFloodAreAnsweredBetweenWholeFrames() throws Exception {
    open(
        new CaseHandler(),
        LIMITS
            .withOutboxBytes(64 * MIB)
            .withPingInterval(Duration.ofMillis(20))
            .withIdleTimeout(Duration.ofSeconds(10)));
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
                Await.until("more was announced", PATIENCE, () -> announced.get() > next);
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
  @Rule("1.4")
  void aForbiddenCloseCodeIsReportedOnce() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    for (int code : List.of(0, 999, 1004, 1006, 1015, 5000, 65_535)) {
      WireClient client = enterWire("hall", "p" + code);
      client.close(code, "no such code");
      handler.awaitLeft("p" + code, PROMPTLY);
      assertTrue(client.awaitEnd(PATIENCE));
      assertEquals(List.of("joined", "left"), handler.transitions("p" + code));
    }
    Await.until("all are forgotten", PATIENCE, () -> isEmpty(chat));
  }

  @Test
  @Rule("3.2")
  void aControlFrameOf126BytesClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(1002, client -> client.frame(true, 0, PING, new byte[126], true));
  }

  @Test
  @Rule("3.2")
  void aFragmentedCloseFrameClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(
        1002, client -> client.frame(false, 0, CLOSE, new byte[] {3, (byte) 0xE8}, true));
  }

  @Test
  @Rule("3.2")
  void aReservedBitOfAControlFrameClosesItsSenderOnly() throws Exception {
    assertClosesItsSenderOnly(1002, client -> client.frame(true, 1, PING, new byte[0], true));
  }

  @Test
  @Rule("3.2")
  void aMessageOfOneByteAboveTheDefaultLimitClosesItsSenderWholeOrInPieces() throws Exception {
    open(new CaseHandler());
    WireClient whole = enterWire("hall", "ann");
    whole.text("x".repeat(64 << 10));
    assertEquals(64 << 10, whole.nextText().length());
    whole.text("x".repeat((64 << 10) + 1));
    assertEquals(1009, whole.awaitClose().code());
    WireClient inPieces = enterWire("hall", "bob");
    int[] pieces = new int[64];
    Arrays.fill(pieces, 1 << 10);
    inPieces.fragments("x".repeat(64 << 10), pieces);
    assertEquals(64 << 10, inPieces.nextText().length());
    inPieces.fragments("x".repeat((64 << 10) + 1), pieces);
    assertEquals(1009, inPieces.awaitClose().code());
  }

  /** RFC 6455 section 5.5.1: a Close frame is answered, and what follows it is discarded. */
  @Test
  @Rule("2.4")
  void framesBehindACloseFrameAreIgnoredAndItIsAnswered() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    Peer bob = enter("hall", "bob");
    ByteBuffer frames = ByteBuffer.allocate(16 << 10);
    frames.put(WireClient.encode(true, 0, CLOSE, new byte[] {3, (byte) 0xE8}, true));
    frames.put(WireClient.encode(true, 0, TEXT, bytes("too late"), true));
    while (frames.remaining() > 200) { // more than a server reads at once
      frames.put(WireClient.encode(true, 0, PING, new byte[125], true));
    }
    byte[] closeAndMore = Arrays.copyOf(frames.array(), frames.position());
    for (int i = 0; i < 20; i++) {
      String id = "p" + i;
      WireClient client = enterWire("hall", id);
      client.raw(closeAndMore);
      assertEquals(1000, client.awaitClose().code(), id);
      assertEquals(1000, handler.awaitLeft(id, PROMPTLY).code());
    }
    bob.text("after");
    assertEquals("after", bob.nextText(), "and nothing that came too late");
  }
}
