package dev.roomful.internal.cluster;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.delivery.RetryingExecutor;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Scheduler;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This chat as one node of a cluster: its link to the engine, its lease, and its copies of logs.
 *
 * <p>A node counts as lost if it has not renewed its lease in time. Every node that notices it
 * appends that to the logs in which the lost node has something; the first such entry counts.
 */
public final class ClusterNode implements EngineListener {
  /** How often the lease is renewed and the leases of others are checked. */
  static final Duration BEAT = Duration.ofSeconds(2);

  /** Three beats: a pause of a node that is shorter has no effect on others. */
  public static final Duration LEASE = Duration.ofSeconds(6);

  private final ClusterEngine engine;
  private final Scheduler scheduler;
  private final RetryingExecutor executor;
  private final Map<String, LogReplica> replicas = new ConcurrentHashMap<>();

  /** Nodes that have something in a log that is open here. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private final AtomicLong ids = new AtomicLong();
  private volatile String incarnation = newIncarnation();

  /** The incarnations that others count as lost. */
  private final Set<String> earlierIncarnations = ConcurrentHashMap.newKeySet(0);

  private volatile boolean connected;
  private volatile boolean closed;
  private volatile long connectionChangedAt;
  private volatile Instant staleSince = Instant.EPOCH;
  private long beatAt;

  /**
   * Creates the node; {@link #start} connects it.
   *
   * @param engine the engine, which this node starts and closes
   * @param scheduler the clock and the log executor
   */
  public ClusterNode(ClusterEngine engine, Scheduler scheduler) {
    this.engine = engine;
    this.scheduler = scheduler;
    this.executor = new RetryingExecutor(scheduler::logExecutor);
    this.beatAt = scheduler.nanoTime();
  }

  private static String newIncarnation() {
    byte[] bits = new byte[8];
    new SecureRandom().nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /**
   * Connects to the engine and takes the lease of this node.
   *
   * @throws IllegalStateException if the engine cannot be reached or used
   */
  public void start() {
    engine.start(this);
    scheduler.await(engine.renewLease(incarnation, LEASE), LogReplica.MAX_WAIT);
  }

  /** Receives the entries of a log for a replica from now on. */
  void add(LogReplica replica) {
    replicas.put(replica.log(), replica);
  }

  /** Ends the subscription of a replica, unless another one has taken its place. */
  void remove(LogReplica replica) {
    replicas.computeIfPresent(
        replica.log(),
        (log, present) -> {
          if (present != replica) {
            return present;
          }
          engine.unsubscribe(log); // before another replica can subscribe to it
          return null;
        });
  }

  ClusterEngine engine() {
    return engine;
  }

  /** Waits for something that the engine answers; returns false if it does not answer in time. */
  public boolean await(CompletionStage<?> answer) {
    return await(answer, LogReplica.CALLER_WAIT);
  }

  /** Waits for something for a time; returns false if it does not happen. */
  public boolean await(CompletionStage<?> event, Duration time) {
    return scheduler.await(event, time);
  }

  long now() {
    return scheduler.nanoTime();
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  void execute(Runnable task) {
    executor.execute(task);
  }

  /** {@return the name under which this node appends; another one after it counted as lost} */
  public String incarnation() {
    return incarnation;
  }

  /** {@return whether this is the present or an earlier incarnation of this node} */
  public boolean isThisNode(String name) {
    return name.equals(incarnation) || earlierIncarnations.contains(name);
  }

  /** {@return whether the engine can be reached} */
  public boolean isConnected() {
    return connected;
  }

  /** {@return since when the engine cannot be reached, empty if it can} */
  public Optional<Instant> staleSince() {
    return connected ? Optional.empty() : Optional.of(staleSince);
  }

  /** A log that is open here names this node. */
  public void seen(String node) {
    if (!seen.contains(node)) {
      seen.add(node);
    }
  }

  @Override
  public void entry(String log, LogEntry entry) {
    LogReplica replica = replicas.get(log);
    if (replica != null) {
      replica.receive(entry);
    }
  }

  @Override
  public void connected() {
    connectionChangedAt = now();
    connected = true;
    if (!staleSince.equals(Instant.EPOCH)) {
      LogEvent.ENGINE_RECONNECTED.log(() -> "The cluster engine can be reached again");
    }
    replicas.values().forEach(LogReplica::connected);
  }

  @Override
  public void disconnected(Throwable cause) {
    connected = false;
    connectionChangedAt = now();
    staleSince = Instant.ofEpochMilli(scheduler.currentTimeMillis());
    LogEvent.ENGINE_DISCONNECTED.log(
        () ->
            "The cluster engine cannot be reached; messages wait up to "
                + LogReplica.MAX_WAIT.toSeconds()
                + " s, presence is stale until it is back",
        String.valueOf(cause.getMessage()));
  }

  /** Checks deadlines; called by the deadline timer. */
  public void tick() {
    executor.retry();
    replicas.values().forEach(LogReplica::tick);
    long now = now();
    if (connected && !closed && now - beatAt >= BEAT.toNanos()) {
      beatAt = now;
      beat(now - connectionChangedAt >= LEASE.toNanos());
    }
  }

  /**
   * Renews the lease, and looks for lost nodes.
   *
   * @param settled whether all nodes have had the time to renew their leases, which the engine may
   *     have lost
   */
  private void beat(boolean settled) {
    String renewed = incarnation;
    var unused =
        engine
            .renewLease(renewed, LEASE)
            .thenAccept(
                held -> {
                  if (!held) {
                    lost(renewed);
                  }
                });
    Set<String> candidates = new HashSet<>(seen); // before the question, which they answer to
    if (settled && !candidates.isEmpty()) {
      var unusedToo =
          engine.liveNodes().thenAccept(live -> execute(() -> removeLost(candidates, live)));
    }
  }

  private void removeLost(Set<String> candidates, Set<String> live) {
    candidates.removeAll(live);
    candidates.remove(incarnation);
    for (String lost : candidates) {
      seen.remove(lost); // logs that are opened later name it again
      replicas.values().forEach(replica -> replica.nodeLost(lost));
    }
  }

  /** Takes a new incarnation, because others count an earlier one as lost. */
  public void lost(String earlier) {
    synchronized (this) {
      if (closed || !earlier.equals(incarnation)) {
        return;
      }
      earlierIncarnations.add(earlier); // first: it is always one of this node's
      incarnation = newIncarnation();
    }
    LogEvent.LEASE_LOST.log(
        () ->
            "This node has not renewed its lease within "
                + LEASE.toSeconds()
                + " s and counts as lost to others; its participants join again");
    var unused = engine.renewLease(incarnation, LEASE);
    replicas.values().forEach(LogReplica::incarnationChanged);
  }

  /** {@return how many submissions have not been appended yet} */
  public long waiting() {
    return replicas.values().stream().mapToLong(LogReplica::waiting).sum();
  }

  /** {@return for how many nanoseconds the oldest of them has waited} */
  public long oldestWaiting() {
    long now = now();
    return replicas.values().stream()
        .mapToLong(replica -> replica.oldestWaiting(now))
        .reduce(0, Math::max);
  }

  /** Keeps its name from now on, whatever logs say of it, and lets its lease run out. */
  public void leave() {
    closed = true;
  }

  /** Closes the engine. The lease runs out, so that clients have time to come back elsewhere. */
  public void close() {
    closed = true;
    connected = false;
    engine.close();
  }
}
