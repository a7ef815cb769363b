package dev.roomful.testing;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One node's link to a {@link SimulatedServer}. A call adds a request to a queue; what happens to
 * it, and when the listener is called, are steps of the {@link SimulatedNetwork}. For one thread.
 *
 * <p>Where the contract of {@link ClusterEngine} leaves a choice, this engine takes the one that is
 * harder for a chat: a subscription counts from the moment at which its stage completed, requests
 * of a broken connection may take effect later, and an entry may come before the answer to the
 * append that caused it, or after it.
 */
final class SimulatedEngine implements ClusterEngine {
  private static final Duration TIMEOUT_CHECK = Duration.ofMillis(500);

  private final SimulatedServer server;
  private final SimulatedNetwork network;
  private final String name;

  /** Lost connections, failed stages and new connections, in their order. */
  private final StepQueue events;

  /** The logs that are subscribed again after a reconnect. */
  private final Set<String> subscriptions = new LinkedHashSet<>();

  private final Map<String, Long> lastSubscribe = new HashMap<>();
  private final SimulatedCalls calls;
  private @Nullable EngineListener listener;
  private @Nullable SimulatedConnection connection;
  private SimulatedClock.@Nullable Timer timeouts;
  private boolean cut;
  private boolean stalled;
  private boolean paused;
  private boolean closed;

  /**
   * Creates the link of a node, which {@link #start} connects.
   *
   * @param name the name of the node in the trace
   */
  SimulatedEngine(SimulatedServer server, String name) {
    this.server = server;
    this.network = server.network();
    this.name = name;
    this.events = network.newQueue(StepQueue.Kind.ENGINE);
    this.calls = new SimulatedCalls(server, name, events);
  }

  @Override
  public void start(EngineListener newListener) {
    if (listener != null) {
      throw new IllegalStateException("the engine was started already");
    }
    if (cut || stalled || closed || !server.isRunning()) {
      throw new IllegalStateException(
          "the simulated engine cannot be reached from " + name + ": heal the link, start it");
    }
    listener = newListener;
    timeouts = network.clock().every(TIMEOUT_CHECK, calls::failOverdue);
    server.add(this);
    connect(newListener);
  }

  @Override
  public CompletionStage<LogEntry> append(
      String log, LogEnd known, String node, long nodeSequence, byte[] data) {
    byte[] sent = data.clone();
    return call(
        "append " + nodeSequence + " to " + log,
        from -> {
          LogEntry entry = server.logs().append(log, known, node, nodeSequence, sent);
          server.publish(log, entry);
          return entry;
        });
  }

  @Override
  public CompletionStage<LogPage> read(String log, long after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a read of " + limit + " entries: read at least 1");
    }
    return call("read " + log + " after " + after, from -> server.logs().read(log, after, limit));
  }

  @Override
  public CompletionStage<Void> subscribe(String log) {
    long number = network.nextNumber();
    lastSubscribe.put(log, number);
    CompletionStage<Boolean> subscribed =
        call("subscribe to " + log, from -> from.subscriptions.add(log));
    return subscribed.thenAccept(
        added -> {
          // Not if it was unsubscribed while the answer was on its way.
          if (Objects.equals(lastSubscribe.get(log), number)) {
            subscriptions.add(log);
          }
        });
  }

  @Override
  public void unsubscribe(String log) {
    subscriptions.remove(log);
    lastSubscribe.remove(log);
    SimulatedConnection current = connection;
    if (current != null) {
      current.requests.add(
          name + " → engine: unsubscribe from " + log, () -> current.subscriptions.remove(log));
    }
  }

  @Override
  public CompletionStage<Optional<LogSnapshot>> snapshot(String log) {
    return call("snapshot of " + log, from -> server.logs().snapshot(log));
  }

  @Override
  public CompletionStage<Boolean> storeSnapshot(String log, LogSnapshot snapshot) {
    LogSnapshot sent = new LogSnapshot(snapshot.end(), snapshot.data().clone());
    return call("store snapshot of " + log, from -> server.logs().storeSnapshot(log, sent));
  }

  @Override
  public CompletionStage<Boolean> replace(String log, LogEnd expected, LogSnapshot snapshot) {
    LogSnapshot sent = new LogSnapshot(snapshot.end(), snapshot.data().clone());
    return call("replace " + log, from -> server.logs().replace(log, expected, sent));
  }

  @Override
  public CompletionStage<Boolean> renewLease(String node, Duration expiry) {
    return call("renew lease", from -> server.logs().renewLease(node, expiry));
  }

  @Override
  public CompletionStage<Void> releaseLease(String node) {
    return this.<Boolean>call(
            "release lease",
            from -> {
              server.logs().releaseLease(node);
              return true;
            })
        .thenAccept(released -> {});
  }

  @Override
  public CompletionStage<Set<String>> liveNodes() {
    return call("live nodes", from -> server.logs().liveNodes());
  }

  /** Ends the link. Requests that were sent before still reach the server. */
  @Override
  public void close() {
    if (!closed) {
      end(Integer.MAX_VALUE);
      calls.fail("closed");
    }
  }

  /** Ends the link without a word, as the end of the node's process does. */
  void crash() {
    if (!closed) {
      end(connection == null ? 0 : arriving(connection));
      calls.forget();
    }
  }

  private void end(int arriving) {
    closed = true;
    SimulatedConnection current = connection;
    connection = null;
    if (current != null) {
      current.end(arriving);
    }
    network.remove(events);
    if (timeouts != null) {
      network.clock().remove(timeouts);
    }
    server.remove(this);
  }

  /** Breaks the link until {@link #heal}. */
  void cut() {
    cut = true;
    disconnect("the link was cut");
  }

  /** Lets the link connect again. */
  void heal() {
    cut = false;
    reconnect();
  }

  /** {@return whether requests reach the engine, and its answers and entries come} */
  boolean isConnected() {
    return connection != null && !stalled;
  }

  boolean isCut() {
    return cut;
  }

  /** Keeps everything on its way in both directions; the node learns of it by timeouts. */
  void stall() {
    stalled = true;
    hold();
  }

  /** Lets what is on its way go on. */
  void resume() {
    stalled = false;
    hold();
    reconnect();
  }

  /** Lets the node do nothing, or go on; what it has sent still reaches the server. */
  void pause(boolean pause) {
    paused = pause;
    events.hold(pause);
    if (timeouts != null) {
      timeouts.pause(pause);
    }
    hold();
  }

  private void hold() {
    if (connection != null) {
      connection.hold(stalled, stalled || paused);
    }
  }

  /** Loses the published entries that are on their way to this node, and nothing else. */
  void loseEntries() {
    if (connection != null) {
      connection.loseEntries();
    }
  }

  /** Breaks the connection, without a bound on when the next one is made. */
  void disconnect(String reason) {
    SimulatedConnection current = connection;
    EngineListener informed = listener;
    if (current == null || informed == null) {
      return;
    }
    connection = null;
    current.end(server.isRunning() ? arriving(current) : 0);
    boolean informedFirst = network.random() != null && network.random().nextBoolean();
    EngineUnavailableException cause = calls.unavailable(reason);
    Runnable inform =
        () -> {
          if (current.usable) {
            events.add(name + " is disconnected", () -> informed.disconnected(cause));
          }
        };
    if (informedFirst) {
      inform.run();
    }
    calls.failLater(reason);
    if (!informedFirst) {
      inform.run();
    }
  }

  /** How many of the requests on their way still reach the server after the connection broke. */
  private int arriving(SimulatedConnection broken) {
    Random choices = network.random();
    return choices == null ? 0 : choices.nextInt(broken.requests.size() + 1);
  }

  /** Connects if nothing is in the way and no connection is being made. */
  void reconnect() {
    EngineListener informed = listener;
    if (informed == null || connection != null || cut || stalled || closed || !server.isRunning()) {
      return;
    }
    SimulatedConnection next = new SimulatedConnection(network, this::receive);
    connection = next;
    hold();
    events.add(
        name + " subscribes again",
        () -> {
          if (connection == next) {
            next.subscriptions.addAll(subscriptions);
            events.add(name + " is connected", () -> connected(next, informed));
          }
        });
  }

  private void connect(EngineListener informed) {
    SimulatedConnection first = new SimulatedConnection(network, this::receive);
    connection = first;
    first.usable = true;
    events.add(name + " is connected", () -> connected(first, informed));
  }

  private void connected(SimulatedConnection made, EngineListener informed) {
    if (connection == made) {
      made.usable = true;
      informed.connected();
    }
  }

  /** Sends an entry to this node if it has subscribed to the log. */
  void publish(String log, LogEntry entry) {
    if (connection != null && connection.subscriptions.contains(log)) {
      connection.publish(name, log, entry);
    }
  }

  private void receive(String log, LogEntry entry) {
    if (listener != null) {
      listener.entry(log, entry);
    }
  }

  private <T> CompletionStage<T> call(String text, SimulatedCalls.Work<T> work) {
    return calls.start(connection, text, work);
  }
}
