package dev.roomful.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One message as it goes over the wire: an unmasked, unfragmented WebSocket data frame (RFC 6455
 * section 5.2). It is encoded once and shared by all connections that it is sent to. Immutable.
 */
public final class Frame {
  private static final int FIN = 0x80;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;

  private final byte[] wire;
  private final int headerBytes;
  private @Nullable String text; // Decoded on demand; threads that race find equal texts.
  private final ByteBuffer view;

  private Frame(byte[] wire, int headerBytes, @Nullable String text) {
    this.wire = wire;
    this.headerBytes = headerBytes;
    this.text = text;
    this.view = ByteBuffer.wrap(wire).asReadOnlyBuffer();
  }

  /**
   * Encodes a text message.
   *
   * @param text the text; an unpaired surrogate becomes {@code ?}
   * @return the frame
   */
  public static Frame text(String text) {
    return encode(TEXT, text.getBytes(StandardCharsets.UTF_8), text);
  }

  /**
   * Encodes a text message whose text is encoded already.
   *
   * @param utf8 the text in UTF-8, copied
   * @return the frame
   */
  public static Frame text(byte[] utf8) {
    return encode(TEXT, utf8, null);
  }

  /**
   * Encodes a binary message.
   *
   * @param bytes the message, copied
   * @return the frame
   */
  public static Frame binary(byte[] bytes) {
    return encode(BINARY, bytes, null);
  }

  /**
   * Encodes the remaining bytes of a buffer as a binary message. The buffer's position does not
   * change.
   *
   * @param bytes the message, copied
   * @return the frame
   */
  public static Frame binary(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return binary(copy);
  }

  private static Frame encode(int opcode, byte[] payload, @Nullable String text) {
    int length = payload.length;
    int headerBytes = length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
    ByteBuffer wire = ByteBuffer.allocate(headerBytes + length);
    wire.put((byte) (FIN | opcode));
    switch (headerBytes) {
      case 2 -> wire.put((byte) length);
      case 4 -> wire.put((byte) 126).putShort((short) length);
      default -> wire.put((byte) 127).putLong(length);
    }
    wire.put(payload);
    return new Frame(wire.array(), headerBytes, text);
  }

  /** {@return whether this is a text frame; otherwise it is a binary one} */
  public boolean isText() {
    return (wire[0] & 0xF) == TEXT;
  }

  /**
   * Returns the text, for transports that take strings only.
   *
   * @return the text
   * @throws IllegalStateException if this is a binary frame
   */
  public String text() {
    if (!isText()) {
      throw new IllegalStateException("a binary frame has no text: ask isText() first");
    }
    String decoded = text;
    if (decoded == null) {
      decoded = new String(wire, headerBytes, wire.length - headerBytes, StandardCharsets.UTF_8);
      text = decoded;
    }
    return decoded;
  }

  /** {@return the number of bytes of the whole frame, header and payload} */
  public int size() {
    return wire.length;
  }

  /** {@return a new read-only view of the whole frame, header and payload} */
  public ByteBuffer wire() {
    return view.duplicate();
  }

  /** {@return a new read-only view of the payload} */
  public ByteBuffer payload() {
    return wire().position(headerBytes).slice();
  }

  /**
   * Copies the whole frame, header and payload, into a buffer.
   *
   * @param target a buffer with at least {@link #size} bytes remaining
   */
  public void copyTo(ByteBuffer target) {
    target.put(wire);
  }
}
