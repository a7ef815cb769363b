package dev.roomful.jakarta;

/** Prepares text that a client sent for a log message or a reason. */
final class EscapedText {
  private static final int MAX_LENGTH = 600;

  private EscapedText() {}

  /**
   * {@return the text with all but printable ASCII escaped as in Java, cut after 600 characters}
   */
  static String of(String text) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (printable.length() >= MAX_LENGTH) {
        return printable.append("...").toString();
      }
      char next = text.charAt(i);
      if (next >= ' ' && next < 0x7f) {
        printable.append(next);
      } else {
        printable.append(String.format("\\u%04x", (int) next));
      }
    }
    return printable.toString();
  }
}
