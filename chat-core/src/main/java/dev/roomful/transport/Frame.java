package dev.roomful.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One message as it goes over the wire: an unmasked, unfragmented WebSocket data frame (RFC 6455
 * section 5.2), encoded once and shared by every connection that it goes to. Immutable.
 */
public final class Frame {
  private static final int FIN = 0x80;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;

  private final byte[] wire;
  private final int headerBytes;
  private @Nullable String text; // decoded when asked for; two threads find the same
  private final boolean expendable;
  private final boolean personal;
  private final ByteBuffer view;

  private Frame(
      byte[] wire, int headerBytes, @Nullable String text, boolean expendable, boolean personal) {
    this.wire = wire;
    this.headerBytes = headerBytes;
    this.text = text;
    this.expendable = expendable;
    this.personal = personal;
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
   * Encodes a binary message.
   *
   * @param bytes the message, copied
   * @return the frame
   */
  public static Frame binary(byte[] bytes) {
    return encode(BINARY, bytes, null);
  }

  /**
   * Makes a text message of text that is encoded already.
   *
   * @param utf8 the text in UTF-8, copied
   * @return the frame
   */
  public static Frame text(byte[] utf8) {
    return encode(TEXT, utf8, null);
  }

  private static Frame encode(int opcode, byte[] payload, @Nullable String text) {
    int length = payload.length;
    int headerBytes = length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
    byte[] wire = new byte[headerBytes + length];
    wire[0] = (byte) (FIN | opcode);
    if (headerBytes == 2) {
      wire[1] = (byte) length;
    } else if (headerBytes == 4) {
      wire[1] = 126;
      wire[2] = (byte) (length >>> 8);
      wire[3] = (byte) length;
    } else {
      wire[1] = 127;
      ByteBuffer.wrap(wire).putLong(2, length);
    }
    System.arraycopy(payload, 0, wire, headerBytes, length);
    return new Frame(wire, headerBytes, text, false, false);
  }

  /**
   * The same frame, marked as one that a full outbox may drop.
   *
   * @return a frame that shares this one's bytes
   */
  public Frame asExpendable() {
    return expendable ? this : new Frame(wire, headerBytes, text, true, false);
  }

  /**
   * Whether a full outbox may drop it.
   *
   * @return true if it may be dropped
   */
  public boolean isExpendable() {
    return expendable;
  }

  /**
   * The same frame, marked as one for this client alone, which is kept for it while it is away.
   *
   * @return a frame that shares this one's bytes
   */
  public Frame asPersonal() {
    return new Frame(wire, headerBytes, text, false, true);
  }

  /**
   * Whether it is for one client alone, and kept for it.
   *
   * @return true if it is not lost with the connection
   */
  public boolean isPersonal() {
    return personal;
  }

  /**
   * Whether it carries text.
   *
   * @return true for a text frame, false for a binary one
   */
  public boolean isText() {
    return (wire[0] & 0xF) == TEXT;
  }

  /**
   * The text, for transports that only take strings.
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

  /**
   * How long the whole frame is on the wire.
   *
   * @return the bytes of header and payload
   */
  public int size() {
    return wire.length;
  }

  /**
   * The whole frame, header and payload.
   *
   * @return a new read-only view
   */
  public ByteBuffer wire() {
    return view.duplicate();
  }

  /**
   * The payload alone.
   *
   * @return a new read-only view
   */
  public ByteBuffer payload() {
    return wire().position(headerBytes).slice();
  }

  /**
   * Copies the whole frame, header and payload, to where it is going.
   *
   * @param target a buffer with at least {@link #size} bytes left
   */
  public void copyTo(ByteBuffer target) {
    target.put(wire);
  }
}
