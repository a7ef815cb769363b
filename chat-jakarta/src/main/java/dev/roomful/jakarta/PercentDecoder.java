package dev.roomful.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * Decodes percent-encoded UTF-8 (RFC 3986 section 2.1). Stricter than {@link java.net.URLDecoder},
 * which replaces invalid UTF-8, so that two names could become the same one.
 */
final class PercentDecoder {
  private PercentDecoder() {}

  /** {@return a decoded part of a path, or nothing if it is not ASCII that encodes UTF-8} */
  static Optional<String> decodePath(String raw) {
    return decode(raw, '+');
  }

  /** {@return a decoded part of a query, or nothing if it is not ASCII that encodes UTF-8} */
  static Optional<String> decodeForm(String raw) {
    return decode(raw, ' ');
  }

  private static Optional<String> decode(String raw, char plus) {
    return isPlain(raw) ? Optional.of(raw) : decodeBytes(raw, plus);
  }

  /** Tells whether a part stands for itself, as nearly all do. */
  private static boolean isPlain(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      char next = raw.charAt(i);
      if (next == '%' || next == '+' || next >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> decodeBytes(String raw, char plus) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char next = raw.charAt(i);
      if (next >= 0x80) {
        return Optional.empty();
      }
      if (next == '%') {
        int high = digit(raw, i + 1);
        int low = digit(raw, i + 2);
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(next == '+' ? plus : next);
      }
    }
    try {
      return Optional.of(
          UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }

  private static int digit(String raw, int index) {
    return index < raw.length() ? Character.digit(raw.charAt(index), 16) : -1;
  }
}
