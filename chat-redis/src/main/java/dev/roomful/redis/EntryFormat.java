package dev.roomful.redis;

import dev.roomful.cluster.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How an entry is stored in the stream and published: a line of words, then the data.
 *
 * <pre>{@code
 * 1 <sequence> <previous token> <millis> <token> <node> <node sequence> <generation>\n<data>
 * }</pre>
 *
 * <p>The first word is the version of the format. The append script writes the first four words,
 * its caller the rest.
 */
final class EntryFormat {
  static final String VERSION = "1";

  private static final int WORDS = 8;

  private EntryFormat() {}

  /** {@return the part of an entry that its node knows before it is appended} */
  static byte[] tail(String token, String node, long nodeSequence, String generation, byte[] data) {
    byte[] words =
        (" " + token + " " + Escaping.escape(node) + " " + nodeSequence + " " + generation + "\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = Arrays.copyOf(words, words.length + data.length);
    System.arraycopy(data, 0, tail, words.length, data.length);
    return tail;
  }

  /** {@return an entry, from the first four words and what was given to the script} */
  static LogEntry entry(
      String head, String token, String node, long nodeSequence, String generation, byte[] data) {
    String[] words = head.split(" ", -1);
    return new LogEntry(
        Long.parseLong(words[1]),
        Escaping.unescape(words[2]),
        token,
        generation,
        Long.parseLong(words[3]),
        node,
        nodeSequence,
        data);
  }

  /** {@return an entry that was stored or published} */
  static LogEntry decode(byte[] stored) {
    int newline = 0;
    while (newline < stored.length && stored[newline] != '\n') {
      newline++;
    }
    String[] words = new String(stored, 0, newline, StandardCharsets.UTF_8).split(" ", -1);
    if (newline == stored.length || words.length < WORDS || !words[0].equals(VERSION)) {
      throw new IllegalArgumentException(
          "an entry of " + stored.length + " bytes is not in format " + VERSION);
    }
    return new LogEntry(
        Long.parseLong(words[1]),
        Escaping.unescape(words[2]),
        Escaping.unescape(words[4]),
        words[7],
        Long.parseLong(words[3]),
        Escaping.unescape(words[5]),
        Long.parseLong(words[6]),
        Arrays.copyOfRange(stored, newline + 1, stored.length));
  }
}
