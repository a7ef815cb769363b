package dev.roomful.redis;

/**
 * Writes any string as printable characters without space, percent sign and braces, so that it can
 * be a hash tag of a key and a word of an entry's head. Different strings have different results.
 */
final class Escaping {
  private static final String EMPTY = "-";

  private Escaping() {}

  static String escape(String value) {
    if (value.isEmpty()) {
      return EMPTY;
    }
    if (value.equals(EMPTY)) {
      return "%002d";
    }
    StringBuilder escaped = null;
    for (int i = 0; i < value.length(); ) {
      int codePoint = value.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (isPlain(codePoint)) {
        if (escaped != null) {
          escaped.appendCodePoint(codePoint);
        }
      } else {
        if (escaped == null) {
          escaped = new StringBuilder(value.length() + 16).append(value, 0, i);
        }
        for (int unit = i; unit < next; unit++) {
          escaped.append(String.format("%%%04x", (int) value.charAt(unit)));
        }
      }
      i = next;
    }
    return escaped == null ? value : escaped.toString();
  }

  /** {@return the string that {@link #escape} was given} */
  static String unescape(String escaped) {
    if (escaped.equals(EMPTY)) {
      return "";
    }
    int percent = escaped.indexOf('%');
    if (percent < 0) {
      return escaped;
    }
    StringBuilder value = new StringBuilder(escaped.length());
    int done = 0;
    while (percent >= 0) {
      value.append(escaped, done, percent);
      done = percent + 5;
      value.append((char) Integer.parseInt(escaped, percent + 1, done, 16));
      percent = escaped.indexOf('%', done);
    }
    return value.append(escaped, done, escaped.length()).toString();
  }

  /** An unpaired surrogate is not a letter: UTF-8 would make all of them the same. */
  private static boolean isPlain(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint > ' '
          && codePoint < 0x7f
          && codePoint != '%'
          && codePoint != '{'
          && codePoint != '}';
    }
    return Character.isLetterOrDigit(codePoint);
  }
}
