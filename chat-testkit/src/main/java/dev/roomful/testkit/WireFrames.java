package dev.roomful.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes single frames (RFC 6455 section 5.2). Writes any frame, reads only valid
 * ones.
 */
final class WireFrames {

  private static final String VIOLATION = "the server broke RFC 6455 section ";
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /**
   * The longest frame or message accepted from a server, so that a false length cannot fill the
   * heap.
   */
  static final int LONGEST = 64 << 20;

  private WireFrames() {}

  /** One frame of the server, not yet checked against earlier frames. */
  static final class Frame {
    final boolean fin;
    final int rsv;
    final int opcode;
    final byte[] payload;

    Frame(int first, byte[] payload) {
      this.fin = (first & 0x80) != 0;
      this.rsv = (first >> 4) & 7;
      this.opcode = first & 0xF;
      this.payload = payload;
    }

    @Override
    public String toString() {
      return "fin "
          + fin
          + ", rsv "
          + rsv
          + ", opcode "
          + opcode
          + ", "
          + payload.length
          + " bytes";
    }
  }

  static byte[] encode(boolean fin, int rsv, int opcode, byte[] payload, boolean masked) {
    if (rsv < 0 || rsv > 7 || opcode < 0 || opcode > 15) {
      throw new IllegalArgumentException(
          "rsv " + rsv + " must be 0 to 7, and opcode " + opcode + " 0 to 15");
    }
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(14 + length);
    frame.put((byte) ((fin ? 0x80 : 0) | (rsv << 4) | opcode));
    int maskBit = masked ? 0x80 : 0;
    if (length < 126) {
      frame.put((byte) (maskBit | length));
    } else if (length < 65_536) {
      frame.put((byte) (maskBit | 126)).putShort((short) length);
    } else {
      frame.put((byte) (maskBit | 127)).putLong(length);
    }
    if (masked) {
      byte[] key = new byte[4];
      ThreadLocalRandom.current().nextBytes(key);
      frame.put(key);
      for (int i = 0; i < length; i++) {
        frame.put((byte) (payload[i] ^ key[i & 3]));
      }
    } else {
      frame.put(payload);
    }
    return Arrays.copyOf(frame.array(), frame.position());
  }

  /**
   * Takes the next frame, or takes nothing and returns null if it is incomplete at the deadline.
   */
  static @Nullable Frame read(SocketInput input, long deadline) {
    if (!input.has(2, deadline)) {
      return null;
    }
    int first = input.at(0);
    int second = input.at(1);
    // Checked before the payload arrives: an invalid header is enough to fail.
    if ((second & 0x80) != 0) {
      throw violation("5.1", "it masked a frame");
    }
    int sizeBytes = second < 126 ? 0 : second == 126 ? 2 : 8;
    int header = 2 + sizeBytes;
    if (!input.has(header, deadline)) {
      return null;
    }
    long length = sizeBytes == 0 ? second : 0;
    for (int i = 2; i < header; i++) {
      length = (length << 8) | input.at(i);
    }
    if ((sizeBytes == 2 && length < 126) || (sizeBytes == 8 && length >= 0 && length < 65_536)) {
      throw violation("5.2", "it wrote the length " + length + " in " + sizeBytes + " bytes");
    }
    if (length < 0 || length > LONGEST) {
      throw violation("5.2", "a frame of " + Long.toUnsignedString(length) + " bytes is too long");
    }
    if (!input.has(header + (int) length, deadline)) {
      return null;
    }
    input.take(header);
    return new Frame(first, input.take((int) length));
  }

  static AssertionError violation(String section, String what) {
    return new AssertionError(VIOLATION + section + ": " + what);
  }

  /** {@return whether an assertion failed because the server wrote what is not a frame} */
  static boolean isViolation(AssertionError failure) {
    return String.valueOf(failure.getMessage()).startsWith(VIOLATION);
  }
}
