package dev.roomful.testkit;

import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Records what an engine reports, and whether its calls overlap. Safe for use by many threads. */
final class EngineRecorder implements EngineListener {
  private final Map<String, List<LogEntry>> entries = new HashMap<>();
  private final List<String> changes = new ArrayList<>();
  private final List<String> overlaps = new ArrayList<>();
  private final Set<String> logsInCall = new HashSet<>();
  private boolean changeInCall;
  private volatile @Nullable Runnable onConnected;
  private volatile @Nullable BiConsumer<String, LogEntry> onEntry;

  @Override
  public void entry(String log, LogEntry entry) {
    synchronized (this) {
      if (changeInCall || !logsInCall.add(log)) {
        overlaps.add("an entry of log " + log + " while another call was running");
      }
      entries.computeIfAbsent(log, unused -> new ArrayList<>()).add(entry);
    }
    BiConsumer<String, LogEntry> action = onEntry;
    if (action != null) {
      action.accept(log, entry);
    }
    synchronized (this) {
      logsInCall.remove(log);
    }
  }

  @Override
  public void connected() {
    change("connected", onConnected);
  }

  @Override
  public void disconnected(Throwable cause) {
    change("disconnected", null);
  }

  private void change(String change, @Nullable Runnable action) {
    synchronized (this) {
      if (changeInCall || !logsInCall.isEmpty()) {
        overlaps.add(change + " while another call was running");
      }
      changeInCall = true;
      changes.add(change);
    }
    if (action != null) {
      action.run();
    }
    synchronized (this) {
      changeInCall = false;
    }
  }

  /** Runs an action within each later call of {@code connected}. */
  void onConnected(Runnable action) {
    onConnected = action;
  }

  /** Runs an action within each later call of {@code entry}. */
  void onEntry(BiConsumer<String, LogEntry> action) {
    onEntry = action;
  }

  /** {@return the entries of a log that were received so far} */
  synchronized List<LogEntry> entries(String log) {
    return List.copyOf(entries.getOrDefault(log, List.of()));
  }

  /** {@return the sequences of a log's entries that were received so far} */
  List<Long> sequences(String log) {
    return entries(log).stream().map(LogEntry::sequence).toList();
  }

  /** {@return the calls of {@code connected} and {@code disconnected} so far, in their order} */
  synchronized List<String> changes() {
    return List.copyOf(changes);
  }

  synchronized List<String> overlaps() {
    return List.copyOf(overlaps);
  }
}
