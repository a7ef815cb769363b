package dev.roomful.testing;

import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.cluster.LogMachine;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.cluster.Submission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A node whose only log is a list of texts, for tests of {@link LogReplica}. */
final class TextLog implements LogMachine {
  private static final String LOST = "lost ";
  private static final Duration TICK = Duration.ofMillis(100);

  final SimulatedEngine engine;
  private final NodeScheduler scheduler;
  final ClusterNode node;
  final LogReplica replica;
  private final List<String> texts = new ArrayList<>();

  /** The number of the last entry of each node. */
  private final Map<String, Long> numbers = new LinkedHashMap<>();

  private final Set<String> lostNodes = new TreeSet<>();

  boolean restoring;

  /** Whether the replica has read the log. */
  boolean restored;

  /** A text that is to be appended. */
  static final class Text implements Submission {
    final String text;
    private final boolean expires;
    boolean applied;
    boolean givenUp;

    Text(String text, boolean expires) {
      this.text = text;
      this.expires = expires;
    }

    @Override
    public byte[] content() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean expires() {
      return expires;
    }

    @Override
    public void givenUp() {
      givenUp = true;
    }

    @Override
    public String toString() {
      return text + (applied ? ", applied" : "") + (givenUp ? ", given up" : "");
    }
  }

  TextLog(SimulatedServer server, String name) {
    engine = new SimulatedEngine(server, name);
    scheduler = new NodeScheduler(server.network(), name);
    node = new ClusterNode(engine, scheduler);
    node.start();
    scheduler.every(TICK, node::tick);
    replica = new LogReplica(node, "texts", this);
    replica.start();
  }

  private TextLog(TextLog first) {
    engine = first.engine;
    scheduler = first.scheduler;
    node = first.node;
    replica = new LogReplica(node, "texts", this);
  }

  /** {@return another copy on the same node, which is not started} */
  TextLog successor() {
    return new TextLog(this);
  }

  void crash() {
    engine.crash();
    scheduler.crash();
  }

  void pause(boolean pause) {
    engine.pause(pause);
    scheduler.pause(pause);
  }

  List<String> texts() {
    return texts;
  }

  @Override
  public boolean apply(LogEntry entry, byte[] content, @Nullable Submission own) {
    long last = numbers.getOrDefault(entry.node(), 0L);
    if (isLost(entry.node()) || entry.nodeSequence() != last + 1) {
      return false;
    }
    numbers.put(entry.node(), entry.nodeSequence());
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.startsWith(LOST)) {
      String lost = text.substring(LOST.length());
      lostNodes.add(lost);
      if (lost.equals(node.incarnation())) {
        node.lost(lost);
      }
    } else if (!text.isEmpty()) {
      texts.add(text);
      if (own != null) {
        ((Text) own).applied = true;
      }
    }
    return true;
  }

  @Override
  public void beginRestore(byte @Nullable [] snapshot) {
    restoring = true;
    texts.clear();
    numbers.clear();
    lostNodes.clear();
    if (snapshot == null) {
      return;
    }
    for (String line : new String(snapshot, StandardCharsets.UTF_8).lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (line.startsWith("node ")) {
        numbers.put(line.substring(5, space), Long.parseLong(line.substring(space + 1)));
      } else if (line.startsWith(LOST)) {
        lostNodes.add(line.substring(LOST.length()));
      } else if (!line.isEmpty()) {
        texts.add(line);
      }
    }
  }

  @Override
  public void endRestore() {
    restoring = false;
    restored = true;
    numbers.keySet().forEach(node::seen);
  }

  @Override
  public byte[] snapshot() {
    StringBuilder lines = new StringBuilder();
    numbers.forEach((name, number) -> lines.append("node " + name + " " + number + "\n"));
    lostNodes.forEach(name -> lines.append(LOST + name + "\n"));
    texts.forEach(text -> lines.append(text + "\n"));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isComplete() {
    return true;
  }

  @Override
  public long lastSequence(String incarnation) {
    return numbers.getOrDefault(incarnation, 0L);
  }

  @Override
  public Set<String> nodes() {
    Set<String> present = new TreeSet<>(numbers.keySet());
    present.removeAll(lostNodes);
    present.remove(node.incarnation());
    return present;
  }

  @Override
  public boolean isLost(String name) {
    return lostNodes.contains(name);
  }

  @Override
  public Submission nodeLost(String lost) {
    return new Text(LOST + lost, false);
  }

  @Override
  public void incarnationChanged() {}
}
