package dev.roomful.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Converts between strings and what commands take and return. */
final class Text {
  private Text() {}

  static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(long value) {
    return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] escaped(String value) {
    return bytes(Escaping.escape(value));
  }

  /** {@return whether a script has returned 1} */
  static boolean isTrue(List<Object> reply) {
    return reply.get(0).equals(1L);
  }

  static String string(Object reply) {
    return new String((byte[]) reply, StandardCharsets.UTF_8);
  }

  static List<String> strings(List<Object> replies) {
    return replies.stream().map(Text::string).toList();
  }
}
