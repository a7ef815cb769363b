package dev.roomful.centrifuge;

import org.jspecify.annotations.Nullable;

/**
 * A copy of a throwable for the log. Control characters in messages are escaped, because a client
 * may have chosen them to forge lines of the log.
 */
final class EscapedFailure extends Exception {
  private static final long serialVersionUID = 1;
  private static final int MAX_CAUSES = 16;

  private EscapedFailure(Throwable failure, int remainingCauses) {
    super(escape(failure.toString()), cause(failure, remainingCauses), true, true);
    setStackTrace(failure.getStackTrace());
    if (remainingCauses > 0) {
      for (Throwable suppressed : failure.getSuppressed()) {
        addSuppressed(new EscapedFailure(suppressed, remainingCauses / 4));
      }
    }
  }

  private static @Nullable Throwable cause(Throwable failure, int remainingCauses) {
    Throwable cause = failure.getCause();
    return cause == null || remainingCauses == 0
        ? null
        : new EscapedFailure(cause, remainingCauses - 1);
  }

  static Throwable of(Throwable failure) {
    return new EscapedFailure(failure, MAX_CAUSES);
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** {@return the class and the message of the original} */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // a log shows the original's class, not this one
  public String toString() {
    return String.valueOf(getMessage());
  }
}
