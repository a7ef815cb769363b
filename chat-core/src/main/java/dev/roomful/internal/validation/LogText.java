package dev.roomful.internal.validation;

import org.jspecify.annotations.Nullable;

/**
 * Prepares text that a client may have chosen for the log: control characters, line separators and
 * invisible characters are escaped as in Java, so that nobody forges lines of the log or directs
 * the terminal that shows it.
 */
public final class LogText {
  private static final int MAX_CAUSES = 16;

  private LogText() {}

  /** Returns the text with escapes; the text itself if it needs none. */
  public static String escape(String text) {
    int i = 0;
    while (i < text.length() && !needsEscape(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (needsEscape(c)) {
        appendEscaped(escaped, c);
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** Returns the text with all but printable ASCII escaped as in Java, cut at a length. */
  public static String printable(String text, int maxLength) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (printable.length() >= maxLength) {
        return printable.append("...").toString();
      }
      char next = text.charAt(i);
      if (next >= ' ' && next < 0x7f) {
        printable.append(next);
      } else {
        appendEscaped(printable, next);
      }
    }
    return printable.toString();
  }

  private static void appendEscaped(StringBuilder target, char c) {
    target.append(String.format("\\u%04x", (int) c));
  }

  private static boolean needsEscape(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /**
   * Returns a throwable for the log. Exceptions of an application often quote what a client sent.
   *
   * @return the failure itself if no message in it needs escapes; otherwise a copy with the same
   *     classes, stack traces, causes and suppressed exceptions
   */
  public static Throwable escape(Throwable failure) {
    try {
      return isClean(failure, MAX_CAUSES) ? failure : new EscapedFailure(failure, MAX_CAUSES);
    } catch (RuntimeException unreadable) {
      // An exception of the application may override toString or getCause.
      return new EscapedFailure(failure.getClass().getName() + " without a readable message");
    } catch (Error outOfMemoryOrStack) {
      return failure;
    }
  }

  /** Causes may be a circle; so what is deeper than the limit is left out of the copy. */
  private static boolean isClean(@Nullable Throwable failure, int remainingCauses) {
    if (failure == null) {
      return true;
    }
    if (remainingCauses < 0 || !isClean(failure.toString())) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!isClean(suppressed, remainingCauses / 4 - 1)) {
        return false;
      }
    }
    return isClean(failure.getCause(), remainingCauses - 1);
  }

  private static boolean isClean(String text) {
    return text.chars().noneMatch(c -> needsEscape((char) c));
  }

  /** A copy of a throwable with escaped messages. */
  private static final class EscapedFailure extends Exception {
    private static final long serialVersionUID = 1;

    EscapedFailure(Throwable failure, int remainingCauses) {
      super(escape(failure.toString()), cause(failure, remainingCauses), true, true);
      setStackTrace(failure.getStackTrace());
      for (Throwable suppressed : failure.getSuppressed()) {
        if (remainingCauses / 4 > 0) {
          addSuppressed(new EscapedFailure(suppressed, remainingCauses / 4 - 1));
        }
      }
    }

    EscapedFailure(String text) {
      super(text);
    }

    private static @Nullable Throwable cause(Throwable failure, int remainingCauses) {
      Throwable cause = failure.getCause();
      return cause == null || remainingCauses == 0
          ? null
          : new EscapedFailure(cause, remainingCauses - 1);
    }

    /** {@return the class and the message of the original} */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // a log shows the original's class, not this one
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
