package dev.roomful.internal.state;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a record in the wire format of Protocol Buffers. Fields are written in the
 * order of the calls. Not safe for use by several threads.
 *
 * <p>A text is written in UTF-8. A surrogate without its pair, which UTF-8 cannot represent, takes
 * the three bytes that its number would have (WTF-8), so that different texts remain different.
 */
public final class FieldWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;
  static final int GROUP_START = 3;
  static final int GROUP_END = 4;
  static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private byte[] buffer;
  private int length;

  /** Creates an empty writer for a small record. */
  public FieldWriter() {
    this(256);
  }

  /**
   * Creates an empty writer.
   *
   * @param capacity how many bytes are expected, at least 1
   */
  public FieldWriter(int capacity) {
    buffer = new byte[capacity];
  }

  /** {@return a copy of what was written} */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  /** Writes a number as int64 or uint64: one byte up to 127, ten bytes if it is negative. */
  public FieldWriter int64(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** Writes a number as {@link #int64}, unless it is 0. */
  public FieldWriter int64IfNotZero(int field, long value) {
    return value == 0 ? this : int64(field, value);
  }

  /** Writes a number as sint64, which is short for negative numbers near 0 too. */
  public FieldWriter sint64(int field, long value) {
    return int64(field, (value << 1) ^ (value >> 63));
  }

  public FieldWriter bool(int field, boolean value) {
    return int64(field, value ? 1 : 0);
  }

  /** Writes a boolean only if it is true. */
  public FieldWriter boolIfTrue(int field, boolean value) {
    return value ? bool(field, true) : this;
  }

  /** Writes a number as float. */
  public FieldWriter float32(int field, float value) {
    tag(field, FIXED32);
    fixed(Float.floatToIntBits(value), 4);
    return this;
  }

  /** Writes a number as double. */
  public FieldWriter float64(int field, double value) {
    tag(field, FIXED64);
    fixed(Double.doubleToLongBits(value), 8);
    return this;
  }

  public FieldWriter string(int field, String value) {
    tag(field, LENGTH_DELIMITED);
    int size = utf8Size(value);
    varint(size);
    ensure(size);
    if (size == value.length()) {
      for (int i = 0; i < size; i++) {
        buffer[length++] = (byte) value.charAt(i);
      }
    } else {
      utf8(value);
    }
    return this;
  }

  /** Writes a text unless it is null. */
  public FieldWriter stringIfPresent(int field, @Nullable String value) {
    return value == null ? this : string(field, value);
  }

  public FieldWriter bytes(int field, byte[] value) {
    return bytes(field, ByteBuffer.wrap(value));
  }

  /** Writes the remaining bytes of a buffer, whose position does not change. */
  public FieldWriter bytes(int field, ByteBuffer value) {
    int size = value.remaining();
    tag(field, LENGTH_DELIMITED);
    varint(size);
    ensure(size);
    value.duplicate().get(buffer, length, size);
    length += size;
    return this;
  }

  /**
   * Writes a record within this one.
   *
   * @param field the number of the field
   * @param value what the record represents
   * @param content writes the fields of the record with this writer
   */
  public <T> FieldWriter message(
      int field, T value, BiConsumer<? super FieldWriter, ? super T> content) {
    tag(field, LENGTH_DELIMITED);
    ensure(1);
    int start = ++length; // one byte for the size, which most records need
    content.accept(this, value);
    int size = length - start;
    int more = varintSize(size) - 1;
    if (more > 0) {
      ensure(more);
      System.arraycopy(buffer, start, buffer, start + more, size);
    }
    length = start - 1;
    varint(size);
    length += size;
    return this;
  }

  /** Writes a record within this one as {@link #message}, unless it is null. */
  public <T> FieldWriter messageIfPresent(
      int field, @Nullable T value, BiConsumer<? super FieldWriter, ? super T> content) {
    return value == null ? this : message(field, value, content);
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    ensure(MAX_VARINT_BYTES);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  private static int varintSize(int value) {
    return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7);
  }

  private void fixed(long value, int bytes) {
    ensure(bytes);
    for (int i = 0; i < bytes; i++) {
      buffer[length++] = (byte) (value >>> (8 * i));
    }
  }

  private static int utf8Size(String text) {
    int size = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x800) {
        size += 2; // four bytes for the two units of a pair
        i += isPair(text, i) ? 1 : 0;
      } else if (unit >= 0x80) {
        size++;
      }
    }
    return size;
  }

  private void utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit < 0x80) {
        buffer[length++] = (byte) unit;
      } else if (unit < 0x800) {
        buffer[length++] = (byte) (0xC0 | (unit >> 6));
        continuation(unit);
      } else if (isPair(text, i)) {
        int codePoint = Character.toCodePoint(unit, text.charAt(++i));
        buffer[length++] = (byte) (0xF0 | (codePoint >> 18));
        continuation(codePoint >> 12);
        continuation(codePoint >> 6);
        continuation(codePoint);
      } else {
        buffer[length++] = (byte) (0xE0 | (unit >> 12));
        continuation(unit >> 6);
        continuation(unit);
      }
    }
  }

  private void continuation(int bits) {
    buffer[length++] = (byte) (0x80 | (bits & 0x3F));
  }

  /** Whether a pair of surrogates begins at the index. */
  private static boolean isPair(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
        && index + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(index + 1));
  }

  private void ensure(int bytes) {
    if (bytes > buffer.length - length) {
      int needed = Math.addExact(length, bytes);
      buffer =
          Arrays.copyOf(
              buffer, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8, buffer.length * 2L)));
    }
  }
}
