package dev.roomful.centrifuge;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Records what the library logs at warning level and above; keeps it off the console while open.
 */
final class LogRecorder extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.roomful");
  private final List<LogRecord> records = new ArrayList<>();

  LogRecorder() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  synchronized List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  synchronized List<LogRecord> records() {
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
