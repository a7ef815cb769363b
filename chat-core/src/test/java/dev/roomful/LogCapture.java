package dev.roomful;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures log records of the library at level WARNING and above; the console shows none. */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.roomful");
  private final List<LogRecord> records = new ArrayList<>();

  public LogCapture() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
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
