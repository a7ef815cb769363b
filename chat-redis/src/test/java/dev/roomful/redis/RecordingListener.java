package dev.roomful.redis;

import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records what an engine reports. */
final class RecordingListener implements EngineListener {
  private final List<LogEntry> entries = new CopyOnWriteArrayList<>();
  private final List<String> changes = new CopyOnWriteArrayList<>();

  @Override
  public void entry(String log, LogEntry entry) {
    entries.add(entry);
  }

  @Override
  public void connected() {
    changes.add("connected");
  }

  @Override
  public void disconnected(Throwable cause) {
    changes.add("disconnected");
  }

  List<Long> sequences() {
    return entries.stream().map(LogEntry::sequence).toList();
  }

  List<String> changes() {
    return List.copyOf(changes);
  }
}
