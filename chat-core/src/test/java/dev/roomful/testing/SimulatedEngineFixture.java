package dev.roomful.testing;

import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A simulated server with nodes that record what they receive, for tests of the engine. */
final class SimulatedEngineFixture {
  static final String LOG = "lobby";

  final SimulatedNetwork network = new SimulatedNetwork();
  final SimulatedServer server = new SimulatedServer(network);

  /** An engine and what it has reported. */
  static final class Node implements EngineListener {
    final SimulatedEngine engine;
    final List<String> events = new ArrayList<>();
    final List<LogEntry> entries = new ArrayList<>();
    private long sequence;

    Node(SimulatedEngine engine) {
      this.engine = engine;
    }

    @Override
    public void entry(String log, LogEntry entry) {
      entries.add(entry);
      events.add(log + ": " + text(entry));
    }

    @Override
    public void connected() {
      events.add("connected");
    }

    @Override
    public void disconnected(Throwable cause) {
      events.add("disconnected");
    }

    CompletionStage<LogEntry> append(String text) {
      return append(LogEnd.START, text);
    }

    CompletionStage<LogEntry> append(LogEnd known, String text) {
      return engine.append(
          LOG, known, "incarnation", ++sequence, text.getBytes(StandardCharsets.UTF_8));
    }

    List<String> texts() {
      return SimulatedEngineFixture.texts(entries);
    }
  }

  /** {@return a node that is connected} */
  Node node() {
    Node node = new Node(new SimulatedEngine(server, "node"));
    node.engine.start(node);
    network.deliver();
    node.events.clear();
    return node;
  }

  /** {@return a node that has subscribed to the log} */
  Node subscriber() {
    Node node = node();
    result(node.engine.subscribe(LOG));
    return node;
  }

  /** Delivers all, and returns what a stage completed with; throws what it failed with. */
  <T> T result(CompletionStage<T> stage) {
    network.deliver();
    try {
      return stage.toCompletableFuture().getNow(null);
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  boolean isComplete(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  LogEnd end(Node node) {
    return result(node.engine.read(LOG, 0, 1)).end();
  }

  List<String> log(Node node) {
    return texts(result(node.engine.read(LOG, 0, 1000)).entries());
  }

  void advance(int seconds) {
    network.advance(Duration.ofSeconds(seconds));
  }

  static LogSnapshot snapshot(LogEnd end, String text) {
    return new LogSnapshot(end, text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(LogEntry entry) {
    return new String(entry.data(), StandardCharsets.UTF_8);
  }

  static List<String> texts(List<LogEntry> entries) {
    return entries.stream().map(SimulatedEngineFixture::text).toList();
  }
}
