package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.roomful.CloseStatus;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients that send but do not read, and clients whose socket closes behind their last message. */
abstract class WireAbuseCases extends WireFrameCases {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int PINGS_IN_A_BLOCK = 1000;
  private static final int BLOCKS = 400;

  /** More than the chat accepts at once of frames that complete no message. */
  private static final int TOO_MANY_FRAMES = 5000;

  /** RFC 6455 section 5.5.3: an endpoint may answer only the latest of several pings. */
  @Test
  @Rule("3.3")
  void aClientThatPingsAndNeverReadsFillsNoMemory() throws Exception {
    assumeFalse(has(Quirk.QUEUES_PONGS_WITHOUT_A_BOUND), "the server queues pongs");
    open(new CaseHandler());
    WireClient flooding = enterWire("swamp", "flooding");
    Peer bob = enter("hall", "bob");
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < PINGS_IN_A_BLOCK; i++) {
      block.writeBytes(WireClient.encode(true, 0, PING, new byte[125], true));
    }
    long before = heapInUse();
    AtomicInteger sent = new AtomicInteger();
    Future<Boolean> flood = beside(() -> flood(flooding, block.toByteArray(), sent));
    // The server takes all pings, holds the client back, or closes the connection.
    Await.calm("the pings sent", Duration.ofMillis(400), Duration.ofSeconds(15), sent::get);
    long growth = heapInUse() - before;
    assertTrue(
        growth < 16 << 20,
        () -> "after " + sent.get() * PINGS_IN_A_BLOCK + " pings the heap has grown by " + growth);
    bob.text("still here");
    assertEquals("still here", bob.nextText(PROMPTLY));
    flooding.vanish();
    assertTrue(flood.get(5, TimeUnit.SECONDS));
  }

  private static boolean flood(WireClient client, byte[] block, AtomicInteger sent) {
    try {
      while (sent.get() < BLOCKS) {
        client.raw(block);
        sent.incrementAndGet();
      }
    } catch (UncheckedIOException closed) {
      return true; // The server closed the connection, or the case did.
    }
    return true;
  }

  /**
   * A browser's tab that publishes while it is closed. The operating system answers the copy of the
   * first message with a reset, while the others and the close frame are unread or wait.
   */
  @Test
  @Rule("1.2")
  void messagesRightBeforeASocketIsClosedReachTheOthers() throws Exception {
    assumeFalse(
        has(Quirk.LOSES_INPUT_AFTER_A_FAILED_WRITE), "a failed write ends the connection at once");
    CountDownLatch closed = new CountDownLatch(1);
    AtomicInteger received = new AtomicInteger();
    CaseHandler handler =
        new CaseHandler(
            (room, message) -> {
              Await.open(closed);
              room.publish(message);
              int copies = Integer.parseInt(message.text()) + 1;
              Await.until("bob has it", PATIENCE, () -> received.get() == copies);
            });
    open(handler);
    Peer bob = enter("hall", "bob");
    Peer ann = enter("hall", "ann");
    List<String> last = numbers(10);
    last.forEach(ann::text);
    ann.close(1001, "");
    ann.close();
    closed.countDown();
    for (String text : last) {
      assertEquals(text, bob.nextText());
      received.incrementAndGet();
    }
    assertEquals(new CloseStatus(1001, ""), handler.awaitLeft("ann", PATIENCE));
  }

  @Test
  @Rule("3.2")
  void emptyFragmentsOfATextCountAgainstTheRate() throws Exception {
    assertFramesCountAgainstTheRate(fragmentedMessage(TEXT, new byte[0]));
  }

  @Test
  @Rule("3.2")
  void emptyFragmentsOfABinaryMessageCountAgainstTheRate() throws Exception {
    assertFramesCountAgainstTheRate(fragmentedMessage(BINARY, new byte[0]));
  }

  @Test
  @Rule("3.2")
  void smallFragmentsOfATextCountAgainstTheRate() throws Exception {
    assertFramesCountAgainstTheRate(fragmentedMessage(TEXT, new byte[] {'a'}));
  }

  @Test
  @Rule("3.2")
  void smallFragmentsOfABinaryMessageCountAgainstTheRate() throws Exception {
    assertFramesCountAgainstTheRate(fragmentedMessage(BINARY, new byte[] {1}));
  }

  @Test
  @Rule("3.2")
  void pongsCountAgainstTheRate() throws Exception {
    assertFramesCountAgainstTheRate(repeated(WireClient.encode(true, 0, PONG, new byte[0], true)));
  }

  /** {@return the first fragment of a message that never ends, and many like it} */
  private static byte[] fragmentedMessage(int opcode, byte[] payload) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(WireClient.encode(false, 0, opcode, payload, true));
    frames.writeBytes(repeated(WireClient.encode(false, 0, CONTINUATION, payload, true)));
    return frames.toByteArray();
  }

  private static byte[] repeated(byte[] frame) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < TOO_MANY_FRAMES; i++) {
      frames.writeBytes(frame);
    }
    return frames.toByteArray();
  }

  private void assertFramesCountAgainstTheRate(byte[] frames) throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    WireClient ann = enterWire("hall", "ann");
    Peer bob = enter("hall", "bob");
    Future<Boolean> sending = beside(() -> sendUnlessClosed(ann, frames));
    assertEquals(CloseStatus.TOO_FAST.code(), handler.awaitLeft("ann", PATIENCE).code());
    int code = ann.awaitClose().code();
    assertTrue(
        code == CloseStatus.TOO_FAST.code() || (code == 1006 && has(Quirk.RESETS_ON_ERRORS)),
        () -> "closed with " + code);
    bob.text("still here");
    assertEquals("still here", bob.nextText());
    ann.vanish();
    assertTrue(sending.get(5, TimeUnit.SECONDS));
  }

  private static boolean sendUnlessClosed(WireClient client, byte[] frames) {
    try {
      client.raw(frames);
    } catch (UncheckedIOException closed) {
      return true; // The server closed the connection first.
    }
    return true;
  }
}
