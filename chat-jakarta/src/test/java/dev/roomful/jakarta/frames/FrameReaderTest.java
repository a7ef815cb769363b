package dev.roomful.jakarta.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.WireClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames of clients, without sockets. */
class FrameReaderTest {
  private static final int LIMIT = 70_000;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** Writes down what was read. */
  private static final class Recorder implements FrameReader.FrameHandler {
    final List<String> events = new ArrayList<>();

    @Override
    public void onText(String text) {
      events.add("text " + text);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      events.add("binary " + HexFormat.of().formatHex(copy));
    }

    @Override
    public void onFragment() {
      events.add("fragment");
    }

    @Override
    public void onPing(byte[] payload) {
      events.add("ping " + HexFormat.of().formatHex(payload));
    }

    @Override
    public void onPong() {
      events.add("pong");
    }

    @Override
    public void onClose(int code, String reason) {
      events.add("close " + code + " " + reason);
    }
  }

  private final Recorder recorder = new Recorder();
  private final FrameReader reader = new FrameReader(recorder, LIMIT);

  private static byte[] frame(boolean last, int opcode, byte[] payload) {
    return WireClient.encode(last, 0, opcode, payload, true);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void read(byte[]... frames) throws ProtocolViolation {
    for (byte[] frame : frames) {
      ByteBuffer source = ByteBuffer.wrap(frame);
      while (source.hasRemaining()) {
        reader.read(source);
      }
    }
  }

  @Test
  void framesThatArriveInPiecesOfAnySizeAreReadAsTheyWereSent() throws Exception {
    Random random = new Random(14);
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      writeRandomMessage(random, wire, expected);
    }
    wire.writeBytes(frame(true, CLOSE, new byte[] {0x0F, (byte) 0xA0, 'b', 'y', 'e'}));
    expected.add("close 4000 bye");
    byte[] all = wire.toByteArray();
    int sent = 0;
    while (sent < all.length) {
      int length = Math.min(all.length - sent, 1 + random.nextInt(1 << random.nextInt(15)));
      read(Arrays.copyOfRange(all, sent, sent + length));
      sent += length;
    }
    assertEquals(expected, recorder.events);
  }

  private static void writeRandomMessage(
      Random random, ByteArrayOutputStream wire, List<String> expected) {
    boolean text = random.nextBoolean();
    byte[] message;
    if (text) {
      String characters = "aü€😀".repeat(random.nextInt(1 << random.nextInt(13)));
      message = utf8(characters);
      expected.add("text " + characters);
    } else {
      message = new byte[random.nextInt(1 << random.nextInt(17)) % LIMIT];
      random.nextBytes(message);
      expected.add("binary " + HexFormat.of().formatHex(message));
    }
    int fragments = random.nextInt(4);
    int start = 0;
    int at = expected.size() - 1;
    for (int i = 0; i < fragments; i++) {
      int end = start + random.nextInt(message.length - start + 1);
      wire.writeBytes(
          frame(
              false,
              i > 0 ? CONTINUATION : text ? TEXT : BINARY,
              Arrays.copyOfRange(message, start, end)));
      expected.add(at++, "fragment");
      start = end;
      if (random.nextInt(3) == 0) {
        byte[] payload = new byte[random.nextInt(126)];
        wire.writeBytes(frame(true, PING, payload));
        expected.add(at++, "ping " + HexFormat.of().formatHex(payload));
        wire.writeBytes(frame(true, PONG, payload));
        expected.add(at++, "pong");
      }
    }
    wire.writeBytes(
        frame(
            true,
            fragments > 0 ? CONTINUATION : text ? TEXT : BINARY,
            Arrays.copyOfRange(message, start, message.length)));
  }

  @Test
  void aMessageOfTheLimitIsReadAndOneByteMoreIsPassedOnAlone() throws Exception {
    read(frame(true, BINARY, new byte[LIMIT]));
    assertEquals("binary ".length() + 2 * LIMIT, recorder.events.get(0).length());
    read(frame(true, BINARY, new byte[3 * LIMIT]));
    assertEquals("binary ".length() + 2 * (LIMIT + 1), recorder.events.get(1).length());
    assertEquals(2L * LIMIT - 1, reader.skipped());
  }

  @Test
  void afterATooLargeMessageMessagesAreSkippedAndControlFramesAreRead() throws Exception {
    read(
        frame(false, TEXT, utf8("€".repeat(20_000))),
        frame(true, CONTINUATION, utf8("€".repeat(20_000))));
    read(frame(true, TEXT, utf8("later")), frame(true, PING, new byte[] {1}));
    read(frame(true, CLOSE, new byte[0]));
    assertEquals(
        List.of("fragment", "ping 01", "close 1005 "),
        recorder.events.stream().filter(event -> !event.startsWith("text")).toList());
    String text = recorder.events.get(1).substring("text ".length());
    assertTrue(utf8(text).length > LIMIT, "the chat finds it too large");
    assertEquals(3, recorder.events.stream().filter(event -> !event.startsWith("text")).count());
  }

  /** More than the heap holds would be allocated otherwise, for the limit or for the frame. */
  @Test
  void anAnnouncedLengthIsNotAllocated() throws Exception {
    byte[] announcement =
        ByteBuffer.allocate(15).put((byte) 0x82).put((byte) 0xFF).putLong(1L << 40).array();
    List<FrameReader> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      FrameReader unlimited = new FrameReader(recorder, Integer.MAX_VALUE - 16);
      assertFalse(unlimited.read(ByteBuffer.wrap(announcement)));
      waiting.add(unlimited);
    }
    assertEquals(100, waiting.size());
    assertEquals(List.of(), recorder.events);
  }

  @Test
  void aReplacementCharacterThatTheClientSentIsValid() throws Exception {
    read(frame(true, TEXT, utf8("a\uFFFDb")));
    assertEquals(List.of("text a\uFFFDb"), recorder.events);
  }

  private int violation(byte[]... frames) {
    return assertThrows(ProtocolViolation.class, () -> read(frames)).code();
  }

  @Test
  void textThatIsNotUtf8IsInvalidData() {
    assertEquals(1007, violation(frame(true, TEXT, new byte[] {'a', (byte) 0xC0, (byte) 0x80})));
  }

  @Test
  void aCloseReasonThatIsNotUtf8IsInvalidData() {
    assertEquals(1007, violation(frame(true, CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xFF})));
  }

  @Test
  void aCloseFrameWithHalfACodeIsAnError() {
    assertEquals(1002, violation(frame(true, CLOSE, new byte[] {3})));
  }

  @Test
  void aLengthWithTheHighestBitIsAnError() {
    byte[] negative = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF).putLong(-1).array();
    assertEquals(1002, violation(negative));
  }

  @Test
  void aControlFrameOfMoreThan125BytesIsAnError() {
    assertEquals(1002, violation(frame(true, PING, new byte[126])));
  }
}
