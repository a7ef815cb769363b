package dev.roomful.jakarta;

import dev.roomful.internal.validation.LogText;

/** Prepares text that a client sent for a log message or a reason. */
final class EscapedText {
  private static final int MAX_LENGTH = 600;

  private EscapedText() {}

  /**
   * {@return the text with all but printable ASCII escaped as in Java, cut after 600 characters}
   */
  static String of(String text) {
    return LogText.printable(text, MAX_LENGTH);
  }
}
