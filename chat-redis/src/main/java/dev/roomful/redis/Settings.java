package dev.roomful.redis;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The options of an engine.
 *
 * @param keyPrefix what the names of all keys and channels begin with, before a colon
 * @param retention how long a log is kept after its last entry
 * @param commandTimeout how long a command may be unanswered
 */
record Settings(String keyPrefix, Duration retention, Duration commandTimeout) {
  /** Neither a brace, which marks hash tags, nor what is special in an ACL pattern. */
  private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  static final Settings DEFAULT =
      new Settings("roomful", Duration.ofDays(30), Duration.ofSeconds(5));

  Settings {
    if (!KEY_PREFIX.matcher(keyPrefix).matches()) {
      throw new IllegalArgumentException(
          "key prefix \""
              + keyPrefix
              + "\" is not valid: use 1 to 64 letters, digits, '.', '_', ':' or '-'");
    }
    between("retention", retention, Duration.ofMinutes(1), Duration.ofDays(36_500));
    between("command timeout", commandTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
  }

  private static void between(String what, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what + " " + value + " is out of range: use " + least + " to " + most);
    }
  }
}
