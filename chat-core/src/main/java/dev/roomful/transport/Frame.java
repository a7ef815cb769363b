package dev.roomful.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
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
   * Creates a binary message of the remaining bytes of a buffer, whose position stays.
   *
   * @param bytes the message, copied
   * @return the frame
   */
  public static Frame binary(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return binary(copy);
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
    int headerBytes = headerBytes(payload.length);
    ByteBuffer wire = ByteBuffer.allocate(headerBytes + payload.length);
    putHeader(wire, opcode, payload.length);
    wire.put(payload);
    return new Frame(wire.array(), headerBytes, text, false, false);
  }

  private static int headerBytes(int length) {
    return length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
  }

  private static void putHeader(ByteBuffer wire, int opcode, int length) {
    wire.put((byte) (FIN | opcode));
    switch (headerBytes(length)) {
      case 2 -> wire.put((byte) length);
      case 4 -> wire.put((byte) 126).putShort((short) length);
      default -> wire.put((byte) 127).putLong(length);
    }
  }

  /** Whether one can be joined to the other. */
  static boolean haveSameType(@Nullable Frame one, @Nullable Frame other) {
    return one != null && other != null && one.isText() == other.isText();
  }

  /** How long several are as one, from an index to another exclusive. */
  static int size(@Nullable Frame[] frames, int from, int to) {
    int payload = payloadBytes(frames, from, to);
    return headerBytes(payload) + payload;
  }

  private static int payloadBytes(@Nullable Frame[] frames, int from, int to) {
    int payload = 0;
    for (int i = from; i < to; i++) {
      Frame frame = Objects.requireNonNull(frames[i]);
      payload += frame.wire.length - frame.headerBytes + (i > from && frame.isText() ? 1 : 0);
    }
    return payload;
  }

  /** Copies several as one: texts with a line feed between, bytes one behind the other. */
  static void copy(@Nullable Frame[] frames, int from, int to, ByteBuffer target) {
    Frame first = Objects.requireNonNull(frames[from]);
    if (to == from + 1) {
      first.copyTo(target);
      return;
    }
    putHeader(target, first.isText() ? TEXT : BINARY, payloadBytes(frames, from, to));
    for (int i = from; i < to; i++) {
      Frame frame = Objects.requireNonNull(frames[i]);
      if (i > from && frame.isText()) {
        target.put((byte) '\n');
      }
      target.put(frame.wire, frame.headerBytes, frame.wire.length - frame.headerBytes);
    }
  }

  /** Several as one. */
  static Frame merged(@Nullable Frame[] frames, int from, int to) {
    if (to == from + 1) {
      return Objects.requireNonNull(frames[from]);
    }
    int size = size(frames, from, to);
    ByteBuffer wire = ByteBuffer.allocate(size);
    copy(frames, from, to, wire);
    int headerBytes = size - payloadBytes(frames, from, to);
    return new Frame(wire.array(), headerBytes, null, false, false);
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

  /** Copies the whole frame, header and payload, to where it is going. */
  void copyTo(ByteBuffer target) {
    target.put(wire);
  }
}
