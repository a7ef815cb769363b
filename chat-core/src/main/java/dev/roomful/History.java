package dev.roomful;

import dev.roomful.internal.validation.Arguments;
import java.time.Duration;

/**
 * How much a room keeps of what was said in it, in messages, bytes and time: the first of these
 * that is exceeded trims the oldest. Immutable; each setter gives a changed copy.
 *
 * <p>What is kept is kept in memory, as long as the room exists: a room that is forgotten when the
 * last one leaves takes its history with it, a permanent one does not.
 */
public final class History {
  private static final History NONE = new History(0, 1 << 20, Duration.ofDays(1));

  private final int messages;
  private final int bytes;
  private final Duration age;

  private History(int messages, int bytes, Duration age) {
    this.messages = messages;
    this.bytes = bytes;
    this.age = age;
  }

  /**
   * Nothing is kept, which is the default.
   *
   * @return no history
   */
  public static History none() {
    return NONE;
  }

  /**
   * The last messages are kept, at most 1 MiB of them, for a day.
   *
   * @param messages how many, at least 1
   * @return the history
   * @throws IllegalArgumentException if the number is below 1
   */
  public static History of(int messages) {
    return new History(
        Arguments.requireAtLeast(1, messages, "messages of a history"), NONE.bytes, NONE.age);
  }

  /**
   * How many bytes of text and data are kept.
   *
   * @param bytes at least 1, by default 1 MiB
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public History withBytes(int bytes) {
    return new History(messages, Arguments.requireAtLeast(1, bytes, "bytes of a history"), age);
  }

  /**
   * For how long a message is kept.
   *
   * @param age more than zero, by default a day
   * @return a changed copy
   * @throws IllegalArgumentException if it is not more than zero
   */
  public History withAge(Duration age) {
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException(
          "the age of a history is " + age + ": give more than zero, or History.none()");
    }
    return new History(messages, bytes, age);
  }

  /**
   * How many messages are kept.
   *
   * @return the number, 0 for none
   */
  public int messages() {
    return messages;
  }

  /**
   * How many bytes are kept.
   *
   * @return the number of bytes of text and data
   */
  public int bytes() {
    return bytes;
  }

  /**
   * For how long a message is kept.
   *
   * @return the time
   */
  public Duration age() {
    return age;
  }
}
