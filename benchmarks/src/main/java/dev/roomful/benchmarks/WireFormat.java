package dev.roomful.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How clients encode and decode messages: in plain text, unless a subclass implements another
 * protocol. A payload is a number and a time, padded to a length.
 */
class WireFormat {
  /** The length that the number and the time can have. */
  static final int MIN_LENGTH = 34;

  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};
  private static final int CLIENT_LENGTH = "Client #".length();
  private static final int REPLY_LENGTH = "You wrote: ".length();
  private static final int SAYS_LENGTH = " says: ".length();

  /** The position of the next byte to read. */
  int position;

  private int sender;
  private int number;
  private long clock;

  /** {@return the command that joins a room, or null if the handshake does that} */
  byte @Nullable [] joinCommand(int room) {
    return null;
  }

  /** {@return whether a text of the server confirms the join} */
  boolean isJoined(String answer) {
    return true;
  }

  /** {@return the text by which a client publishes a message} */
  byte[] encode(int room, int number, long clock, int length) {
    return payload(number, clock, length);
  }

  /** {@return the payload of a message} */
  static byte[] payload(int number, long clock, int length) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) '.');
    byte[] start = (number + " " + clock + " ").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, text, 0, start.length);
    return text;
  }

  /** {@return a masked text frame, as clients send it (RFC 6455 section 5.3)} */
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

  /** Reads a message; returns false for anything else, such as the reply to the sender. */
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

  /** Reads the reply to a message of this client; returns false for anything else. */
  boolean readReply(byte[] bytes, int from, int client) {
    if (bytes[from] != 'Y') {
      return false;
    }
    position = from + REPLY_LENGTH;
    sender = client;
    readPayload(bytes);
    return true;
  }

  /** {@return the end of the message that begins here; a frame can have several messages} */
  int endOfMessage(byte[] bytes, int from, int frameEnd) {
    return frameEnd;
  }

  /** {@return what a client has to reply to something that is not a message, or null} */
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

  /** Reads digits and the character after them. */
  private long readNumber(byte[] bytes) {
    long value = 0;
    for (int digit = bytes[position++] - '0';
        digit >= 0 && digit <= 9;
        digit = bytes[position++] - '0') {
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
