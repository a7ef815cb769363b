package dev.roomful.cluster;

import java.util.List;

/**
 * A part of a log.
 *
 * @param entries entries in their order, without gaps between them
 * @param end the last entry of the log at that moment
 */
public record LogPage(List<LogEntry> entries, LogEnd end) {
  /**
   * Copies the list.
   *
   * @param entries entries in their order, without gaps between them
   * @param end the last entry of the log at that moment
   */
  public LogPage {
    entries = List.copyOf(entries);
  }
}
