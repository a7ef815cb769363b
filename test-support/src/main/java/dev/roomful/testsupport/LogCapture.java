package dev.roomful.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures log records at level WARNING and above; the console shows none, but those of "". */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<LogRecord> records = new ArrayList<>();

  /** Captures what the library logs. */
  public LogCapture() {
    this("dev.roomful");
  }

  /** Captures what a logger and those below it log; an empty name stands for all loggers. */
  public LogCapture(String logger) {
    this.logger = Logger.getLogger(logger);
    this.logger.addHandler(this);
    this.logger.setUseParentHandlers(false);
  }

  public synchronized List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  public synchronized List<LogRecord> records() {
    return List.copyOf(records);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      records.add(entry);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
