package dev.roomful.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What is said: a number and a clock, padded to a length; and how a copy of it is read. */
final class Speech {
  /** Room for the two numbers. */
  static final int SHORTEST = 34;

  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};
  private static final int CLIENT = "Client #".length();
  private static final int SAYS = " says: ".length();

  private int at;
  private long sender;
  private long number;
  private long clock;

  /** A masked text frame, as clients send it (RFC 6455 section 5.3). */
  static ByteBuffer frame(long number, long clock, int length) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) '.');
    byte[] start = (number + " " + clock + " ").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, text, 0, start.length);
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
  boolean read(byte[] bytes, int from) {
    if (bytes[from] != 'C') {
      return false;
    }
    at = from + CLIENT;
    sender = readNumber(bytes);
    at += SAYS - 1;
    number = readNumber(bytes);
    clock = readNumber(bytes);
    return true;
  }

  /** Digits and the character behind them. */
  private long readNumber(byte[] bytes) {
    long value = 0;
    for (int digit = bytes[at++] - '0'; digit >= 0 && digit <= 9; digit = bytes[at++] - '0') {
      value = value * 10 + digit;
    }
    return value;
  }

  int sender() {
    return (int) sender;
  }

  int number() {
    return (int) number;
  }

  long clock() {
    return clock;
  }
}
