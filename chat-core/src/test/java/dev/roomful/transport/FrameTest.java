package dev.roomful.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames as RFC 6455 section 5.2 defines them. */
class FrameTest {
  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }

  private static byte[] unsigned(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void textThatIsEncodedAlreadyIsTheSameFrame() {
    Frame ready = Frame.text("h\u00e9llo".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertTrue(ready.isText());
    assertEquals(Frame.text("h\u00e9llo").wire(), ready.wire());
    assertEquals("h\u00e9llo", ready.text());
  }

  /** The example of section 5.7, "a single-frame unmasked text message". */
  @Test
  void textMatchesTheRfcExample() {
    Frame frame = Frame.text("Hello");
    assertArrayEquals(unsigned(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f), bytes(frame.wire()));
    assertTrue(frame.isText());
    assertEquals("Hello", frame.text());
    assertEquals(7, frame.size());
    assertArrayEquals("Hello".getBytes(StandardCharsets.US_ASCII), bytes(frame.payload()));
  }

  /** The examples of section 5.7 with 256 bytes and 64 KiB. */
  @Test
  void bytesMatchTheRfcExamples() {
    Frame frame = Frame.binary(new byte[256]);
    assertArrayEquals(unsigned(0x82, 0x7E, 0x01, 0x00), bytes(frame.wire().slice(0, 4)));
    assertFalse(frame.isText());
    assertThrows(IllegalStateException.class, frame::text);
    assertArrayEquals(
        unsigned(0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0),
        bytes(Frame.binary(new byte[65536]).wire().slice(0, 10)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 0",
    "1, 2, 1",
    "125, 2, 125",
    "126, 4, 126",
    "127, 4, 126",
    "128, 4, 126",
    "32768, 4, 126",
    "65535, 4, 126",
    "65536, 10, 127",
    "1000000, 10, 127"
  })
  void theHeaderHasTheShortestFormForTheLength(int length, int headerBytes, int lengthByte) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) (i * 31);
    }
    Frame frame = Frame.binary(payload);
    ByteBuffer wire = frame.wire();
    assertEquals(headerBytes + length, frame.size());
    assertEquals(frame.size(), wire.remaining());
    assertEquals((byte) 0x82, wire.get(), "final, no extension, binary");
    assertEquals((byte) lengthByte, wire.get(), "not masked");
    if (headerBytes == 4) {
      assertEquals(length, wire.getShort() & 0xFFFF);
    } else if (headerBytes == 10) {
      assertEquals(length, wire.getLong());
    }
    assertEquals(ByteBuffer.wrap(payload), wire);
    assertEquals(ByteBuffer.wrap(payload), frame.payload());
  }

  @Test
  void textIsUtf8AndItsLengthIsThatOfTheBytes() {
    String text = "é€😀\u0000";
    Frame frame = Frame.text(text);
    byte[] utf8 = unsigned(0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0);
    assertArrayEquals(utf8, bytes(frame.payload()));
    assertEquals(utf8.length, frame.wire().get(1));
    assertEquals(text, frame.text());
  }

  @Test
  void aSurrogateWithoutItsPairIsSentAsAQuestionMark() {
    assertArrayEquals(unsigned('a', '?', 'b'), bytes(Frame.text("a\uD800b").payload()));
  }

  @Test
  void eachViewIsReadOnlyAndHasItsOwnPosition() {
    Frame frame = Frame.text("Hello");
    ByteBuffer one = frame.wire();
    one.position(one.limit());
    assertEquals(7, frame.wire().remaining());
    assertEquals(0, frame.payload().position());
    assertThrows(ReadOnlyBufferException.class, () -> frame.wire().put(0, (byte) 0));
    assertThrows(ReadOnlyBufferException.class, () -> frame.payload().put(0, (byte) 0));
    byte[] own = {1};
    Frame copied = Frame.binary(own);
    own[0] = 2;
    assertEquals(1, copied.payload().get());
  }

  @Test
  void aFrameIsAppendedToTheTarget() {
    ByteBuffer target = ByteBuffer.allocate(10).put((byte) 9);
    Frame.text("Hello").copyTo(target);
    assertEquals(8, target.position());
    assertEquals((byte) 0x81, target.get(1));
    assertEquals((byte) 'o', target.get(7));
  }
}
