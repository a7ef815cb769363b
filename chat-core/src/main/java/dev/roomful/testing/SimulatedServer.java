package dev.roomful.testing;

import dev.roomful.cluster.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The server of a simulated cluster engine: executes requests on its {@link SimulatedLogs},
 * publishes entries to the links of the nodes, stops, and restarts with the data of an earlier
 * moment.
 */
final class SimulatedServer {
  private final SimulatedNetwork network;
  private final SimulatedLogs logs;
  private final List<SimulatedEngine> links = new ArrayList<>();
  private SimulatedLogs.Data saved;
  private boolean running = true;
  private int rejections;
  private long clockShiftMillis;

  SimulatedServer(SimulatedNetwork network) {
    this.network = network;
    this.logs = new SimulatedLogs(() -> network.clock().millis() + clockShiftMillis);
    this.saved = logs.save();
  }

  SimulatedNetwork network() {
    return network;
  }

  SimulatedLogs logs() {
    return logs;
  }

  boolean isRunning() {
    return running;
  }

  void add(SimulatedEngine link) {
    links.add(link);
  }

  void remove(SimulatedEngine link) {
    links.remove(link);
  }

  void publish(String log, LogEntry entry) {
    links.forEach(link -> link.publish(log, entry));
  }

  /** Lets the next requests, whichever they are, fail without an effect, as for lack of memory. */
  void rejectNext(int requests) {
    rejections = requests;
  }

  /** {@return whether a request that has arrived is rejected} */
  boolean rejects() {
    return rejections > 0 && rejections-- > 0;
  }

  /** Sets the engine's clock forward or back. */
  void shiftClock(Duration by) {
    clockShiftMillis += by.toMillis();
  }

  /** Remembers the data of this moment for {@link #rewind}. */
  void save() {
    saved = logs.save();
  }

  /** Breaks all links; requests on their way are lost. */
  void stop() {
    if (running) {
      running = false;
      network.note("the engine stops");
      links.forEach(link -> link.disconnect("the engine has stopped"));
      network.loseStragglers();
    }
  }

  /** Lets the nodes connect again. */
  void start() {
    if (!running) {
      running = true;
      logs.beginGeneration();
      network.note("the engine starts");
      links.forEach(SimulatedEngine::reconnect);
    }
  }

  /** Restarts with the data of the last {@link #save}, or without data if there was none. */
  void rewind() {
    stop();
    logs.restore(saved);
    start();
  }
}
