package dev.roomful.testing;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The smallest node that a cluster engine suffices for: a list of texts that is the same on all
 * nodes. Each precaution can be left out, to show that a simulation finds out.
 */
final class ReplicatedTexts implements EngineListener {
  /** What a node does so that nothing is lost, duplicated or reordered. */
  enum Precaution {
    /** Drops an entry whose node sequence is not greater than the last one of its node. */
    DROP_REPEATED,
    /** Reads entries that it has missed. */
    READ_GAPS,
    /** Appends again what failed, from the first one that is not in the log. */
    APPEND_AGAIN,
    /** Gives up what failed if something later of this node is in the log. */
    REJECT_OVERTAKEN
  }

  private static final String LOG = "texts";
  private static final int PAGE = 3;

  private final ClusterEngine engine;
  private final String name;
  private final Set<Precaution> precautions;
  private final List<String> applied = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();
  private final Map<String, Long> lastOfNode = new HashMap<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private LogEnd end = LogEnd.START;
  private long sequence;
  private boolean reading;
  private boolean failed;

  /** A text that is not known to be in the log. */
  private record Pending(long sequence, String text) {}

  ReplicatedTexts(ClusterEngine engine, String name, Set<Precaution> precautions) {
    this.engine = engine;
    this.name = name;
    this.precautions = EnumSet.copyOf(precautions);
  }

  void start() {
    engine.start(this);
    subscribe();
  }

  void add(String text) {
    Pending added = new Pending(++sequence, text);
    pending.add(added);
    append(added);
  }

  List<String> applied() {
    return applied;
  }

  List<String> rejected() {
    return rejected;
  }

  int pendingTexts() {
    return pending.size();
  }

  /** Called regularly: does what has failed again. */
  void tick() {
    subscribe();
    read();
    appendAgain();
  }

  @Override
  public void connected() {
    tick();
  }

  @Override
  public void disconnected(Throwable cause) {
    reading = false;
  }

  @Override
  public void entry(String log, LogEntry entry) {
    if (entry.sequence() == end.sequence() + 1 && entry.previousToken().equals(end.token())) {
      apply(entry);
    } else if (entry.sequence() > end.sequence()) {
      if (has(Precaution.READ_GAPS)) {
        read();
      } else {
        apply(entry);
      }
    }
  }

  private void subscribe() {
    engine.subscribe(LOG);
  }

  private void append(Pending text) {
    engine
        .append(LOG, end, name, text.sequence, text.text.getBytes(StandardCharsets.UTF_8))
        .whenComplete((entry, failure) -> failed |= failure != null);
  }

  private void appendAgain() {
    if (failed && has(Precaution.APPEND_AGAIN)) {
      failed = false;
      pending.forEach(this::append);
    }
  }

  private void read() {
    if (reading || !has(Precaution.READ_GAPS)) {
      return;
    }
    reading = true;
    engine
        .read(LOG, end.sequence(), PAGE)
        .whenComplete(
            (page, failure) -> {
              reading = false;
              if (failure == null) {
                page.entries().forEach(entry -> entry(LOG, entry));
                if (end.sequence() < page.end().sequence()) {
                  read();
                }
              }
            });
  }

  private void apply(LogEntry entry) {
    end = entry.end();
    long last = lastOfNode.getOrDefault(entry.node(), 0L);
    if (entry.nodeSequence() <= last && has(Precaution.DROP_REPEATED)) {
      return;
    }
    lastOfNode.put(entry.node(), entry.nodeSequence());
    applied.add(new String(entry.data(), StandardCharsets.UTF_8));
    if (entry.node().equals(name)) {
      pending.removeIf(text -> text.sequence == entry.nodeSequence());
      if (has(Precaution.REJECT_OVERTAKEN)) {
        pending.stream()
            .filter(text -> text.sequence < entry.nodeSequence())
            .forEach(text -> rejected.add(text.text));
        pending.removeIf(text -> text.sequence < entry.nodeSequence());
      }
    }
  }

  private boolean has(Precaution precaution) {
    return precautions.contains(precaution);
  }
}
