package dev.roomful.internal.validation;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Logs failures that the library contains. It escapes what a client may have chosen, and never
 * throws: loops that serve others log the failures of one of them and continue.
 */
public final class FailureLog {
  private final System.Logger logger;

  public FailureLog(String loggerName) {
    logger = System.getLogger(loggerName);
  }

  /** Logs a failure that an operator should see. */
  public void error(Supplier<String> message, Throwable failure) {
    log(Level.ERROR, message, failure);
  }

  /** Logs a state that an operator should know of, without a stack trace. */
  public void warning(Supplier<String> message) {
    log(Level.WARNING, message);
  }

  void log(Level level, Supplier<String> message) {
    try {
      logger.log(level, () -> LogText.escape(message.get()));
    } catch (Throwable unlogged) {
      // Without memory nothing can be reported; the caller has to continue all the same.
    }
  }

  /** Logs a failure that belongs to normal operation, such as a lost connection. */
  public void debug(Supplier<String> message, Throwable failure) {
    log(Level.DEBUG, message, failure);
  }

  void log(Level level, Supplier<String> message, Throwable failure) {
    try {
      logger.log(level, () -> LogText.escape(message.get()), LogText.escape(failure));
    } catch (Throwable unlogged) {
      // Without memory, or with a log handler that fails, nothing can be reported. The caller's
      // loop has to continue all the same.
    }
  }
}
