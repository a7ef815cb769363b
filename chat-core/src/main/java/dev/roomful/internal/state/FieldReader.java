package dev.roomful.internal.state;

import static dev.roomful.internal.state.FieldWriter.FIXED32;
import static dev.roomful.internal.state.FieldWriter.FIXED64;
import static dev.roomful.internal.state.FieldWriter.GROUP_END;
import static dev.roomful.internal.state.FieldWriter.GROUP_START;
import static dev.roomful.internal.state.FieldWriter.LENGTH_DELIMITED;
import static dev.roomful.internal.state.FieldWriter.VARINT;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of a record in the wire format of Protocol Buffers, as {@link FieldWriter}
 * writes it. A field that is not asked for is skipped, whatever its type is:
 *
 * <pre>{@code
 * while (reader.next()) {
 *   switch (reader.field()) {
 *     case 1 -> id = reader.string();
 *     case 2 -> count = reader.int64();
 *     default -> {} // of a later version
 *   }
 * }
 * }</pre>
 *
 * <p>All methods throw an {@link IllegalArgumentException} if the bytes are malformed. Nothing is
 * allocated that is larger than the bytes. Not safe for use by several threads.
 */
public final class FieldReader {
  private static final int MAX_FIELD = (1 << 29) - 1;
  private static final int MAX_GROUP_DEPTH = 32;
  private static final char REPLACEMENT = '\uFFFD';

  private final byte[] data;
  private final int limit;
  private int position;
  private int field;
  private int wireType;
  private long number;
  private int start;
  private int length;

  /** Creates a reader of one record, which is all of the bytes; they are not copied. */
  public FieldReader(byte[] data) {
    this(data, 0, data.length);
  }

  private FieldReader(byte[] data, int position, int limit) {
    this.data = data;
    this.position = position;
    this.limit = limit;
  }

  /** Reads the next field; returns false at the end of the record. */
  public boolean next() {
    if (position == limit) {
      return false;
    }
    readTag();
    readValue();
    return true;
  }

  /** {@return the number of the field} */
  public int field() {
    return field;
  }

  /** {@return the number that was written as int64 or uint64} */
  public long int64() {
    require(VARINT);
    return number;
  }

  /** {@return the number that was written as int64, which is an int} */
  public int int32() {
    return requireInt(int64());
  }

  /** {@return the number that was written as sint64} */
  public long sint64() {
    require(VARINT);
    return (number >>> 1) ^ -(number & 1);
  }

  /** {@return the number that was written as sint64, which is an int} */
  public int sint32() {
    return requireInt(sint64());
  }

  private int requireInt(long value) {
    if (value != (int) value) {
      throw malformed("the number " + value + " is not within 32 bits");
    }
    return (int) value;
  }

  public boolean bool() {
    require(VARINT);
    return number != 0;
  }

  public float float32() {
    require(FIXED32);
    return Float.intBitsToFloat((int) number);
  }

  public double float64() {
    require(FIXED64);
    return Double.longBitsToDouble(number);
  }

  public String string() {
    require(LENGTH_DELIMITED);
    String text = new String(data, start, length, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : strictString();
  }

  /** {@return a copy of the bytes} */
  public byte[] bytes() {
    require(LENGTH_DELIMITED);
    return Arrays.copyOfRange(data, start, start + length);
  }

  /** {@return a read-only view of the bytes} */
  public ByteBuffer buffer() {
    require(LENGTH_DELIMITED);
    return ByteBuffer.wrap(data, start, length).slice().asReadOnlyBuffer();
  }

  /** {@return a reader of the record that is the value of this field} */
  public FieldReader message() {
    require(LENGTH_DELIMITED);
    return new FieldReader(data, start, start + length);
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw malformed("it has the wire type " + wireType + ", not " + expected);
    }
  }

  private void readTag() {
    long tag = varint();
    long newField = tag >>> 3;
    if (newField < 1 || newField > MAX_FIELD) {
      throw new IllegalArgumentException(
          "malformed record: "
              + Long.toUnsignedString(newField)
              + " is not the number of a field, before byte "
              + position);
    }
    field = (int) newField;
    wireType = (int) tag & 7;
  }

  private void readValue() {
    switch (wireType) {
      case VARINT -> number = varint();
      case FIXED32 -> number = fixed(4);
      case FIXED64 -> number = fixed(8);
      case LENGTH_DELIMITED -> {
        long size = varint();
        start = position;
        length = skip(size);
      }
      case GROUP_START -> skipGroup(field, 1);
      default -> throw malformed("the wire type " + wireType + " cannot begin a field");
    }
  }

  /** Skips to the end of a group, which only records of other programs have. */
  private void skipGroup(int group, int depth) {
    if (depth > MAX_GROUP_DEPTH) {
      throw malformed("its groups are nested more than " + MAX_GROUP_DEPTH + " deep");
    }
    readTag();
    while (wireType != GROUP_END) {
      if (wireType == GROUP_START) {
        skipGroup(field, depth + 1);
      } else {
        readValue();
      }
      readTag();
    }
    if (field != group) {
      throw malformed("it ends the group " + group);
    }
    wireType = GROUP_START;
  }

  /** Skips bytes and returns how many. */
  private int skip(long size) {
    if (size < 0 || size > limit - position) {
      throw malformed(
          "it has "
              + Long.toUnsignedString(size)
              + " bytes, but "
              + (limit - position)
              + " are left");
    }
    position += (int) size;
    return (int) size;
  }

  private long fixed(int bytes) {
    int from = position;
    skip(bytes);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = (value << 8) | (data[from + i] & 0xFF);
    }
    return value;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == limit) {
        throw malformed("a number is cut off");
      }
      byte next = data[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        if (shift == 63 && next > 1) {
          break;
        }
        return value;
      }
    }
    throw malformed("a number has more than 64 bits");
  }

  /** Decodes WTF-8: UTF-8 in which surrogates without their pair may occur. */
  private String strictString() {
    StringBuilder text = new StringBuilder(length);
    int end = start + length;
    int at = start;
    while (at < end) {
      int first = data[at] & 0xFF;
      int size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
      if (size == 0 || first > 0xF4 || size > end - at) {
        throw notUtf8(at);
      }
      int codePoint = size == 1 ? first : first & (0xFF >> (size + 1));
      for (int i = 1; i < size; i++) {
        int next = data[at + i] & 0xFF;
        if (next >> 6 != 2) {
          throw notUtf8(at);
        }
        codePoint = (codePoint << 6) | (next & 0x3F);
      }
      if ((size == 3 && codePoint < 0x800)
          || (size == 4 && (codePoint < 0x10000 || codePoint > 0x10FFFF))) {
        throw notUtf8(at);
      }
      text.appendCodePoint(codePoint);
      at += size;
    }
    return text.toString();
  }

  private IllegalArgumentException notUtf8(int at) {
    return malformed("its text is not UTF-8 at byte " + at);
  }

  private IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException(
        "malformed record: field " + field + " before byte " + position + ": " + why);
  }
}
