package dev.roomful.internal.validation;

import org.jspecify.annotations.Nullable;

/** The rules for room names, participant ids and topics. */
public final class Identifiers {
  /** The longest room name or participant id, in UTF-16 code units. */
  public static final int MAX_LENGTH = 128;

  private static final int MAX_TOPIC_LENGTH = 256;

  private Identifiers() {}

  /**
   * Returns why a name or an id is not allowed, or null if it is allowed.
   *
   * @param what what the value is, for the text of the error
   * @param value the name or id
   */
  public static @Nullable String errorIn(String what, String value) {
    return errorIn(what, value, MAX_LENGTH);
  }

  /** Returns an id, or throws an {@link IllegalArgumentException} that names the error. */
  public static String requireId(String what, String id) {
    return require(id, errorIn(what, id));
  }

  /** Returns the room name, or throws an {@link IllegalArgumentException} that names the error. */
  public static String requireRoomName(String name) {
    return require(name, errorIn("room name", name));
  }

  /** Returns the topic, or throws an {@link IllegalArgumentException} that names the error. */
  public static String requireTopic(String topic) {
    return require(topic, topic.isEmpty() ? null : errorIn("topic", topic, MAX_TOPIC_LENGTH));
  }

  private static String require(String value, @Nullable String error) {
    if (error != null) {
      throw new IllegalArgumentException(error);
    }
    return value;
  }

  private static @Nullable String errorIn(String what, String value, int maxLength) {
    if (value.isEmpty()) {
      return "the " + what + " is empty: give 1 to " + maxLength + " characters";
    }
    if (value.length() > maxLength) {
      return "the " + what + " has " + value.length() + " characters: at most " + maxLength;
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        return String.format(
            "the %s has the control character U+%04X at index %d: leave it out",
            what, (int) value.charAt(i), i);
      }
    }
    return null;
  }
}
