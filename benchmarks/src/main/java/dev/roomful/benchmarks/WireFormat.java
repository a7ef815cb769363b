package dev.roomful.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is said: a number and a clock, padded to a length; and how a copy of it is read. In plain
 * text, unless a subclass speaks otherwise.
 */
class WireFormat {
  /** Room for the two numbers. */
  static final int MIN_LENGTH = 34;

  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};
  private static final int CLIENT_LENGTH = "Client #".length();
  private static final int SAYS_LENGTH = " says: ".length();

  /** What is read next. */
  int position;

  private int sender;
  private int number;
  private long clock;

  /** What a client says first, to come into a room; null if its handshake has done that. */
  byte @Nullable [] joinCommand(int room) {
    return null;
  }

  /** Whether a text of the server's tells that the client is in the room. */
  boolean isJoined(String answer) {
    return true;
  }

  /** What a client says. */
  byte[] encode(int room, int number, long clock, int length) {
    return payload(number, clock, length);
  }

  /** What others are to hear. */
  static byte[] payload(int number, long clock, int length) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) '.');
    byte[] start = (number + " " + clock + " ").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, text, 0, start.length);
    return text;
  }

  /** A masked text frame, as clients send it (RFC 6455 section 5.3). */
  static ByteBuffer maskedFrame(byte[] text) {
    int length = text.length;
    ByteBuffer frame = ByteBuffer.allocate(length + 14);
    frame.put((byte) 0x81);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length < 1 << 16) {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(length);
    }
    frame.put(MASK);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (text[i] ^ MASK[i & 3]));
    }
    return frame.flip();
  }

  /** Reads a broadcast copy; false if it is something else, such as the answer to the speaker. */
  boolean read(byte[] bytes, int from, int end) {
    if (bytes[from] != 'C') {
      return false;
    }
    position = from + CLIENT_LENGTH;
    readSender(bytes);
    position += SAYS_LENGTH - 1;
    readPayload(bytes);
    return true;
  }

  /** Where that ends which begins here: with the frame, or before it if a frame carries several. */
  int endOfMessage(byte[] bytes, int from, int frameEnd) {
    return frameEnd;
  }

  /** What a client has to answer to something that is no copy; null for nothing. */
  @Nullable ByteBuffer replyTo(byte[] bytes, int from, int end) {
    return null;
  }

  final void readPayload(byte[] bytes) {
    number = (int) readNumber(bytes);
    clock = readNumber(bytes);
  }

  final void readSender(byte[] bytes) {
    sender = (int) readNumber(bytes);
  }

  /** Digits and the character behind them. */
  private long readNumber(byte[] bytes) {
    long value = 0;
    for (int digit = bytes[position++] - '0'; digit >= 0 && digit <= 9; digit = bytes[position++] - '0') {
      value = value * 10 + digit;
    }
    return value;
  }

  final int sender() {
    return sender;
  }

  final int number() {
    return number;
  }

  final long clock() {
    return clock;
  }
}
