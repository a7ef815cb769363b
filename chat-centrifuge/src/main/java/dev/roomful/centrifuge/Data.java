package dev.roomful.centrifuge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Application data of a message, unchanged: in JSON any value, in Protobuf any bytes, which often
 * hold JSON too. Data that is not JSON is sent to JSON clients as an object with the member {@code
 * base64}. No data at all is {@link #NONE}. Immutable.
 */
final class Data {
  private static final byte[] NO_BYTES = {};
  static final Data NONE = new Data(null, NO_BYTES, null);

  private final @Nullable String text; // if it came as one, and then there are no bytes
  private final byte[] bytes;

  /** Null as long as nobody has asked; two threads that both find out find the same. */
  private @Nullable Boolean json;

  private Data(@Nullable String text, byte[] bytes, @Nullable Boolean json) {
    this.text = text;
    this.bytes = bytes;
    this.json = json;
  }

  /** Bytes of any kind, copied. */
  static Data of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new Data(null, bytes.clone(), null);
  }

  /** A text that is, or may be, a JSON value: the same as its UTF-8 bytes. */
  static Data of(String text) {
    return text.isEmpty() ? NONE : new Data(text, NO_BYTES, null);
  }

  /** A value that has just been read as JSON, and need not be read again to know. */
  static Data json(String value) {
    return new Data(value, NO_BYTES, true);
  }

  boolean isEmpty() {
    return text == null ? bytes.length == 0 : text.isEmpty();
  }

  /** {@return whether this is one whole JSON value in UTF-8} */
  boolean isJson() {
    Boolean cached = json;
    if (cached == null) {
      cached = text == null ? CentrifugeJson.isValue(bytes) : CentrifugeJson.isValue(text);
      json = cached;
    }
    return cached;
  }

  int size() {
    return text == null ? bytes.length : bytes().length;
  }

  /** {@return the largest number of bytes in a frame of any form: Base64 makes four of three} */
  int encodedSize() {
    return isEmpty() || isJson() ? size() : size() / 3 * 4 + 32;
  }

  /** A copy of the bytes. */
  byte[] bytes() {
    return text == null ? bytes.clone() : text.getBytes(StandardCharsets.UTF_8);
  }

  /** The bytes as UTF-8. */
  String text() {
    return text == null ? new String(bytes, StandardCharsets.UTF_8) : text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Data that && Arrays.equals(bytes(), that.bytes());
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
