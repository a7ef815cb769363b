package dev.roomful.testing;

import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogRewoundException;
import dev.roomful.cluster.LogSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The data of a simulated cluster engine: logs, snapshots and leases. Each method is one atomic
 * operation of the engine's server, without a network.
 *
 * <p>{@link #save} and {@link #restore} simulate a server that restarts with old data. Tokens are
 * never given twice, also not after that.
 */
final class SimulatedLogs {
  private final LongSupplier clock;
  private Map<String, Log> logs = new LinkedHashMap<>();

  /** When the lease of each node ends or ended, on the engine's clock; released ones end at 0. */
  private Map<String, Long> leases = new LinkedHashMap<>();

  private long lastToken;
  private long generation;

  /** The data of the server at one moment. */
  static final class Data {
    private final Map<String, Log> logs;
    private final Map<String, Long> leases;

    private Data(Map<String, Log> logs, Map<String, Long> leases) {
      this.logs = new LinkedHashMap<>();
      logs.forEach((name, log) -> this.logs.put(name, new Log(log)));
      this.leases = new LinkedHashMap<>(leases);
    }
  }

  /** One log. */
  private static final class Log {
    /** The last entry that was removed. */
    LogEnd start = LogEnd.START;

    LogEnd end = LogEnd.START;
    final List<LogEntry> entries = new ArrayList<>();
    @Nullable LogSnapshot snapshot;

    Log() {}

    Log(Log copied) {
      start = copied.start;
      end = copied.end;
      entries.addAll(copied.entries);
      snapshot = copied.snapshot;
    }

    /** {@return the token of an entry that is kept or was removed last, otherwise null} */
    @Nullable String tokenAt(long sequence) {
      if (sequence == start.sequence()) {
        return start.token();
      }
      return sequence < start.sequence() || sequence > end.sequence()
          ? null
          : entries.get((int) (sequence - start.sequence() - 1)).token();
    }

    List<LogEntry> after(long sequence) {
      long skipped = Math.max(0, sequence - start.sequence());
      return entries.subList((int) Math.min(skipped, entries.size()), entries.size());
    }
  }

  /**
   * Creates a server without data.
   *
   * @param clock the engine's clock in milliseconds since 1970
   */
  SimulatedLogs(LongSupplier clock) {
    this.clock = clock;
  }

  LogEntry append(String name, LogEnd known, String node, long nodeSequence, byte[] data) {
    Log log = logs.getOrDefault(name, new Log());
    if (log.end.sequence() < known.sequence()
        || (log.end.sequence() == known.sequence() && !log.end.equals(known))) {
      throw new LogRewoundException(name, log.end);
    }
    LogEntry entry =
        new LogEntry(
            log.end.sequence() + 1,
            log.end.token(),
            "t" + ++lastToken,
            "g" + generation,
            clock.getAsLong(),
            node,
            nodeSequence,
            data);
    log.entries.add(entry);
    log.end = entry.end();
    logs.put(name, log);
    return entry;
  }

  LogPage read(String name, long after, int limit) {
    Log log = logs.getOrDefault(name, new Log());
    List<LogEntry> rest = log.after(after);
    return new LogPage(rest.subList(0, Math.min(limit, rest.size())), log.end);
  }

  Optional<LogSnapshot> snapshot(String name) {
    return Optional.ofNullable(logs.getOrDefault(name, new Log()).snapshot);
  }

  boolean storeSnapshot(String name, LogSnapshot snapshot) {
    Log log = logs.getOrDefault(name, new Log());
    LogEnd last = snapshot.end();
    long stored = log.snapshot == null ? 0 : log.snapshot.end().sequence();
    if (last.sequence() <= stored || !last.token().equals(log.tokenAt(last.sequence()))) {
      return false;
    }
    List<LogEntry> left = List.copyOf(log.after(last.sequence()));
    log.entries.clear();
    log.entries.addAll(left);
    log.start = last;
    log.snapshot = snapshot;
    return true;
  }

  boolean replace(String name, LogEnd expected, LogSnapshot snapshot) {
    Log log = logs.getOrDefault(name, new Log());
    if (!log.end.equals(expected) || log.end.sequence() >= snapshot.end().sequence()) {
      return false;
    }
    log.entries.clear();
    log.start = snapshot.end();
    log.end = snapshot.end();
    log.snapshot = snapshot;
    logs.put(name, log);
    return true;
  }

  boolean renewLease(String node, Duration expiry) {
    Long end = leases.put(node, clock.getAsLong() + expiry.toMillis());
    return end == null || end > clock.getAsLong();
  }

  void releaseLease(String node) {
    leases.computeIfPresent(node, (name, end) -> 0L);
  }

  /** {@return the nodes whose leases have not expired, in the order in which they came} */
  Set<String> liveNodes() {
    Set<String> live = new LinkedHashSet<>();
    leases.forEach(
        (node, end) -> {
          if (end > clock.getAsLong()) {
            live.add(node);
          }
        });
    return Collections.unmodifiableSet(live);
  }

  /** {@return a copy of all data} */
  Data save() {
    return new Data(logs, leases);
  }

  /** The server starts again, and may have lost data. */
  void beginGeneration() {
    generation++;
  }

  /** Replaces all data by older ones, which can be restored again. */
  void restore(Data data) {
    Data copy = new Data(data.logs, data.leases);
    logs = copy.logs;
    leases = copy.leases;
  }
}
