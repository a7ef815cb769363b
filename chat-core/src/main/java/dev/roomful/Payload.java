package dev.roomful;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message: text or bytes. Immutable; may be shared between threads. It is encoded
 * once, however many connections and rooms receive it.
 */
public final class Payload {
  private final @Nullable String text;
  private final byte[] bytes;

  private Payload(@Nullable String text, byte[] bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /**
   * Returns a text payload. A surrogate without its pair is sent as {@code ?}, because a text frame
   * must be UTF-8 (RFC 6455 section 5.6).
   *
   * @param text the text, may be empty
   * @return the payload
   */
  public static Payload text(String text) {
    return new Payload(Objects.requireNonNull(text, "text"), new byte[0]);
  }

  /**
   * Returns a binary payload of a copy of the bytes.
   *
   * @param bytes the bytes, may be empty
   * @return the payload
   */
  public static Payload bytes(byte[] bytes) {
    return new Payload(null, bytes.clone());
  }

  /**
   * Returns a binary payload of a copy of the remaining bytes of a buffer, whose position does not
   * change.
   *
   * @param bytes the bytes, may be empty
   * @return the payload
   */
  public static Payload bytes(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new Payload(null, copy);
  }

  /** {@return true for text, false for bytes} */
  public boolean isText() {
    return text != null;
  }

  /**
   * Returns the text.
   *
   * @return the text
   * @throws IllegalStateException if this is bytes: ask {@link #isText} first
   */
  public String text() {
    if (text == null) {
      throw new IllegalStateException(
          "this payload is " + bytes.length + " bytes, not text: ask isText(), then bytes()");
    }
    return text;
  }

  /**
   * Returns the bytes.
   *
   * @return a read-only view of the bytes, from position 0
   * @throws IllegalStateException if this is text: ask {@link #isText} first
   */
  public ByteBuffer bytes() {
    if (text != null) {
      throw new IllegalStateException(
          "this payload is a text of " + text.length() + " characters: ask isText(), then text()");
    }
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** {@return the size in bytes, in UTF-8 if it is text} */
  public int size() {
    return text == null ? bytes.length : utf8Length(text);
  }

  private static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x800) {
        length += Character.isSurrogate(unit) ? 1 : 2; // a pair of surrogates is 4 bytes
      } else if (unit >= 0x80) {
        length++;
      }
    }
    return length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload that
        && Objects.equals(text, that.text)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return text == null ? Arrays.hashCode(bytes) : text.hashCode();
  }

  @Override
  public String toString() {
    return text == null ? bytes.length + " bytes" : text;
  }
}
