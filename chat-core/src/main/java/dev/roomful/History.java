package dev.roomful;

import dev.roomful.internal.validation.Arguments;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much of its messages a room stores, in number, bytes and time. When one of the bounds is
 * exceeded, the oldest messages are removed. Immutable; each {@code with} method returns a changed
 * copy.
 *
 * <p>A history is stored in memory and exists as long as its room. All histories of a chat together
 * are bounded by {@link Limits#historyBytes}.
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
   * Returns the default: no message is stored.
   *
   * @return no history
   */
  public static History none() {
    return NONE;
  }

  /**
   * Returns a history of the newest messages, at most 1 MiB of them, each for a day.
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
   * Sets how many bytes of payloads and headers are stored. It is rejected with the room if one
   * message of {@link Limits#messageBytes} would not fit.
   *
   * @param bytes at least 1, by default 1,048,576
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public History withBytes(int bytes) {
    return new History(messages, Arguments.requireAtLeast(1, bytes, "bytes of a history"), age);
  }

  /**
   * Sets how long a message is stored.
   *
   * @param age more than zero, by default a day. More than 292 years never end
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

  /** {@return how many messages are stored, 0 for none} */
  public int messages() {
    return messages;
  }

  /** {@return how many bytes of payloads and headers are stored} */
  public int bytes() {
    return bytes;
  }

  /** {@return how long a message is stored} */
  public Duration age() {
    return age;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof History that
        && messages == that.messages
        && bytes == that.bytes
        && age.equals(that.age);
  }

  @Override
  public int hashCode() {
    return Objects.hash(messages, bytes, age);
  }

  @Override
  public String toString() {
    return messages == 0
        ? "History{none}"
        : "History{messages=" + messages + ", bytes=" + bytes + ", age=" + age + "}";
  }
}
