package dev.roomful.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Everything that the library logs, at every level; the console shows none of it. */
final class LogRecords extends Handler {
  private final Logger logger = Logger.getLogger("dev.roomful");
  private final List<String> records = new ArrayList<>(); // guarded by this

  LogRecords() {
    setLevel(Level.ALL);
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    records.add(entry.getMessage() + " " + entry.getThrown());
  }

  synchronized List<String> containing(String text) {
    return records.stream().filter(entry -> entry.contains(text)).toList();
  }

  synchronized boolean isEmpty() {
    return records.isEmpty();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }
}
