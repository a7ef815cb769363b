package dev.roomful.jakarta.frames;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a client's frames (RFC 6455 section 5): checks them, removes the mask, and assembles
 * messages. Memory is allocated as bytes arrive, not as they are announced. Used by one thread at a
 * time.
 *
 * <p>Of a message that is larger than the limit, one byte more than the limit is passed on, so that
 * the chat closes the connection as it does on other servers. All messages after it are skipped;
 * control frames are not.
 */
final class FrameReader {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private static final int START_BYTES = 2;
  private static final int MASK_BYTES = 4;
  private static final int MAX_HEADER_BYTES = START_BYTES + 8 + MASK_BYTES;
  private static final int MAX_CONTROL_BYTES = 125;

  /** No more is allocated for a frame before its bytes arrive. */
  private static final int FIRST_ALLOCATION = 8 * 1024;

  private static final byte[] NOTHING = {};

  private final FrameHandler handler;
  private final int limit;

  private final byte[] header = new byte[MAX_HEADER_BYTES];
  private int headerLength; // of the header that was read
  private int headerEnd = START_BYTES; // known when the first two bytes are
  private boolean inPayload;
  private long payloadLength;
  private long payloadRead;

  private byte[] message = NOTHING;
  private int messageLength;
  private boolean messageOpen; // its last frame has not been read
  private boolean messageIsText;
  private byte[] control = NOTHING;
  private boolean skipping;
  private long skipped;

  /** Receives what was read, in the order of the wire. */
  interface FrameHandler {
    void onText(String text);

    /** The bytes may be kept. */
    void onBinary(ByteBuffer bytes);

    /** A frame that did not complete its message. */
    void onFragment();

    void onPing(byte[] payload);

    void onPong();

    /** The client's close frame; 1005 if it has no code. */
    void onClose(int code, String reason);
  }

  /**
   * @param handler receives what was read
   * @param limit the largest message in bytes
   */
  FrameReader(FrameHandler handler, int limit) {
    this.handler = handler;
    this.limit = limit;
  }

  /** {@return the number of bytes that were skipped after a message that was too large} */
  long skipped() {
    return skipped;
  }

  /**
   * Reads to the end of a frame, or to the end of the bytes.
   *
   * @return whether a frame has ended; otherwise nothing remains
   */
  boolean read(ByteBuffer source) throws ProtocolViolation {
    if (!inPayload && !readHeader(source)) {
      return false;
    }
    return readPayload(source);
  }

  private boolean readHeader(ByteBuffer source) throws ProtocolViolation {
    while (headerLength < headerEnd) {
      if (!source.hasRemaining()) {
        return false;
      }
      header[headerLength++] = source.get();
      if (headerLength == START_BYTES) {
        checkStart();
      }
    }
    payloadLength = readLength();
    payloadRead = 0;
    inPayload = true;
    if (isControl()) {
      control = payloadLength == 0 ? NOTHING : new byte[(int) payloadLength];
    } else if (opcode() != CONTINUATION) {
      messageOpen = true;
      messageIsText = opcode() == TEXT;
      messageLength = 0;
    }
    return true;
  }

  private void checkStart() throws ProtocolViolation {
    int length = header[1] & 0x7F;
    if ((header[0] & 0x70) != 0) {
      throw violation("a reserved bit is set, and no extension was negotiated");
    }
    if ((header[1] & 0x80) == 0) {
      throw violation("a client's frame is not masked");
    }
    switch (opcode()) {
      case CONTINUATION -> {
        if (!messageOpen) {
          throw violation("a continuation belongs to no message");
        }
      }
      case TEXT, BINARY -> {
        if (messageOpen) {
          throw violation("a message begins within another one");
        }
      }
      case CLOSE, PING, PONG -> {
        if (!isFinal() || length > MAX_CONTROL_BYTES) {
          throw violation("a control frame is fragmented or longer than 125 bytes");
        }
      }
      default -> throw violation("opcode " + opcode() + " is reserved");
    }
    headerEnd = START_BYTES + (length < 126 ? 0 : length == 126 ? 2 : 8) + MASK_BYTES;
  }

  private long readLength() throws ProtocolViolation {
    int length = header[1] & 0x7F;
    if (length < 126) {
      return length;
    }
    ByteBuffer extended = ByteBuffer.wrap(header, START_BYTES, headerEnd - START_BYTES);
    long read = length == 126 ? extended.getShort() & 0xFFFF : extended.getLong();
    if (read < 0) {
      throw violation("a length has its highest bit set");
    }
    return read;
  }

  private boolean readPayload(ByteBuffer source) throws ProtocolViolation {
    while (payloadRead < payloadLength) {
      if (!source.hasRemaining()) {
        return false;
      }
      int available = (int) Math.min(source.remaining(), payloadLength - payloadRead);
      if (isControl()) {
        unmask(source, control, (int) payloadRead, available);
      } else if (skipping) {
        source.position(source.position() + available);
        skipped += available;
      } else {
        available = Math.min(available, limit + 1 - messageLength);
        reserve(available);
        unmask(source, message, messageLength, available);
        messageLength += available;
      }
      payloadRead += available;
      if (messageLength > limit && !skipping) {
        skipping = true;
        passTooLargeMessage();
      }
    }
    inPayload = false;
    headerLength = 0;
    headerEnd = START_BYTES;
    endFrame();
    return true;
  }

  private void reserve(int more) {
    int needed = messageLength + more;
    if (needed > message.length) {
      long frameEnd = messageLength + payloadLength - payloadRead;
      int announced = (int) Math.min(frameEnd, FIRST_ALLOCATION);
      int doubled = Math.min(2 * message.length, limit + 1);
      message = Arrays.copyOf(message, Math.max(needed, Math.max(announced, doubled)));
    }
  }

  private void unmask(ByteBuffer source, byte[] target, int offset, int length) {
    source.get(target, offset, length);
    int mask = headerEnd - MASK_BYTES;
    int position = (int) payloadRead;
    for (int i = 0; i < length; i++) {
      target[offset + i] ^= header[mask + (position + i & 3)];
    }
  }

  private void passTooLargeMessage() {
    byte[] bytes = message;
    message = NOTHING;
    if (messageIsText) {
      // May end within a character: what replaces the rest of it is not shorter.
      handler.onText(new String(bytes, 0, messageLength, StandardCharsets.UTF_8));
    } else {
      handler.onBinary(ByteBuffer.wrap(bytes, 0, messageLength));
    }
    messageLength = 0;
  }

  private void endFrame() throws ProtocolViolation {
    switch (opcode()) {
      case PING -> handler.onPing(control);
      case PONG -> handler.onPong();
      case CLOSE -> passClose();
      default -> endDataFrame();
    }
  }

  private void endDataFrame() throws ProtocolViolation {
    if (!isFinal()) {
      handler.onFragment();
      return;
    }
    messageOpen = false;
    byte[] bytes = message;
    message = NOTHING;
    if (skipping) {
      return;
    }
    if (messageIsText) {
      handler.onText(decode(bytes, 0, messageLength));
    } else {
      handler.onBinary(ByteBuffer.wrap(bytes, 0, messageLength));
    }
  }

  private void passClose() throws ProtocolViolation {
    if (control.length == 0) {
      handler.onClose(1005, "");
      return;
    }
    if (control.length == 1) {
      throw violation("a close code has one byte");
    }
    int code = ByteBuffer.wrap(control).getShort() & 0xFFFF;
    if (!mayBeSent(code)) {
      throw violation("close code " + code + " must not be sent");
    }
    handler.onClose(code, decode(control, 2, control.length - 2));
  }

  /** RFC 6455 section 7.4, and the codes that were registered since. */
  private static boolean mayBeSent(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  private static String decode(byte[] bytes, int offset, int length) throws ProtocolViolation {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // Malformed bytes become U+FFFD, which a client may also have sent.
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      } catch (CharacterCodingException malformed) {
        throw new ProtocolViolation(ProtocolViolation.INVALID_DATA, "a text is not UTF-8");
      }
    }
    return text;
  }

  private int opcode() {
    return header[0] & 0xF;
  }

  private boolean isFinal() {
    return (header[0] & 0x80) != 0;
  }

  private boolean isControl() {
    return opcode() >= CLOSE;
  }

  private static ProtocolViolation violation(String reason) {
    return new ProtocolViolation(ProtocolViolation.PROTOCOL_ERROR, reason);
  }
}
