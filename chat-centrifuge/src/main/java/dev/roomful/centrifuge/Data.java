package dev.roomful.centrifuge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an application says, untouched: in JSON any value, in Protobuf any bytes, which often hold
 * JSON too. Nothing at all is {@link #NONE}. Immutable.
 */
final class Data {
  static final Data NONE = new Data(new byte[0], null);

  private final byte[] bytes;

  /** Null as long as nobody has asked; two threads that both find out find the same. */
  private volatile @Nullable Boolean json;

  private Data(byte[] bytes, @Nullable Boolean json) {
    this.bytes = bytes;
    this.json = json;
  }

  /** Bytes of any kind, copied. */
  static Data of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new Data(bytes.clone(), null);
  }

  /** A text that is, or may be, a JSON value: the same as its UTF-8 bytes. */
  static Data of(String text) {
    return text.isEmpty() ? NONE : new Data(text.getBytes(StandardCharsets.UTF_8), null);
  }

  /** A value that has just been read as JSON, and need not be read again to know. */
  static Data json(String value) {
    return new Data(value.getBytes(StandardCharsets.UTF_8), true);
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Whether a client that speaks JSON can be sent this: one whole JSON value in UTF-8. */
  boolean isJson() {
    Boolean known = json;
    if (known == null) {
      known = Json.isValue(bytes);
      json = known;
    }
    return known;
  }

  int size() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes as UTF-8. */
  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Data that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return isJson() ? text() : bytes.length + " bytes";
  }
}
