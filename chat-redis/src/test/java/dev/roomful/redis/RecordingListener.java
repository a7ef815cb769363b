package dev.roomful.redis;

import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records what an engine reports. */
final class RecordingListener implements EngineListener {
  private final Map<String, List<Long>> sequences = new ConcurrentHashMap<>();
  private final List<String> changes = new CopyOnWriteArrayList<>();

  @Override
  public void entry(String log, LogEntry entry) {
    sequences.computeIfAbsent(log, unused -> new CopyOnWriteArrayList<>()).add(entry.sequence());
  }

  @Override
  public void connected() {
    changes.add("connected");
  }

  @Override
  public void disconnected(Throwable cause) {
    changes.add("disconnected");
  }

  /** {@return the sequences of the entries of a log that were received so far} */
  List<Long> sequences(String log) {
    return List.copyOf(sequences.getOrDefault(log, List.of()));
  }

  List<String> changes() {
    return List.copyOf(changes);
  }
}
