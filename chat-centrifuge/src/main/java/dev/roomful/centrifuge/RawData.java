package dev.roomful.centrifuge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Application data of a message, unchanged: in JSON any value, in Protobuf any bytes, which often
 * hold JSON too. Data that is not JSON is sent to JSON clients as an object with the member {@code
 * base64}. No data at all is {@link #NONE}. Immutable.
 */
final class RawData {
  private static final byte[] NO_BYTES = {};
  static final RawData NONE = new RawData(null, NO_BYTES, null);

  private final @Nullable String
      text; // null if the data came as bytes; otherwise there are no bytes
  private final byte[] bytes;

  /** Null until it is first needed. A race is harmless: both threads find the same. */
  private @Nullable Boolean json;

  private RawData(@Nullable String text, byte[] bytes, @Nullable Boolean json) {
    this.text = text;
    this.bytes = bytes;
    this.json = json;
  }

  /** {@return data with a copy of the bytes} */
  static RawData of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new RawData(null, bytes.clone(), null);
  }

  /** {@return the data of a text, the same as that of its UTF-8 bytes} */
  static RawData of(String text) {
    return text.isEmpty() ? NONE : new RawData(text, NO_BYTES, null);
  }

  /** {@return the data of a text that is known to be a JSON value} */
  static RawData json(String value) {
    return new RawData(value, NO_BYTES, true);
  }

  boolean isEmpty() {
    return text == null ? bytes.length == 0 : text.isEmpty();
  }

  /** {@return whether this is one whole JSON value in UTF-8} */
  boolean isJson() {
    Boolean cached = json;
    if (cached == null) {
      cached = text == null ? JsonSettings.isValue(bytes) : JsonSettings.isValue(text);
      json = cached;
    }
    return cached;
  }

  int size() {
    return text == null ? bytes.length : bytes().length;
  }

  /**
   * {@return an upper bound of the size in a frame of either form: Base64 makes four bytes of
   * three}
   */
  int encodedSize() {
    return isEmpty() || isJson() ? size() : size() / 3 * 4 + 32;
  }

  /** {@return a copy of the bytes} */
  byte[] bytes() {
    return text == null ? bytes.clone() : text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@return the bytes as UTF-8} */
  String text() {
    return text == null ? new String(bytes, StandardCharsets.UTF_8) : text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawData that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  @Override
  public String toString() {
    return isJson() ? text() : size() + " bytes";
  }
}
