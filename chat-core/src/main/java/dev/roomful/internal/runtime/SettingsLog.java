package dev.roomful.internal.runtime;

import dev.roomful.RoomOptions;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.cluster.LogMachine;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.cluster.Submission;
import dev.roomful.internal.state.NodeSequences;
import dev.roomful.internal.validation.LogEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The log in which nodes write down their room options, so that two applications with one key
 * prefix, or two configurations of one application, are noticed. Each node warns once.
 */
final class SettingsLog implements LogMachine {
  private static final String NAME = "settings";

  private final String own;
  private final ClusterNode node;
  private final LogReplica replica;

  // Used by the replica only.
  private final NodeSequences nodes = new NodeSequences();
  private String last = "";
  private boolean written;
  private boolean warned;

  private SettingsLog(ClusterNode node, String own) {
    this.own = own;
    this.node = node;
    this.replica = new LogReplica(node, NAME, this);
  }

  /** Compares the options of this node with those of others from now on. */
  static SettingsLog open(
      ClusterNode node, @Nullable RoomOptions defaults, Map<String, RoomOptions> declared) {
    SettingsLog log = new SettingsLog(node, describe(defaults, declared));
    log.replica.start();
    return log;
  }

  /** What has to be equal on all nodes, without callbacks, which have no comparable form. */
  private static String describe(
      @Nullable RoomOptions defaults, Map<String, RoomOptions> declared) {
    StringBuilder text = new StringBuilder();
    if (defaults != null) {
      text.append("rooms: ").append(describe(defaults));
    }
    new TreeMap<>(declared)
        .forEach(
            (name, options) ->
                text.append("; room \"").append(name).append("\": ").append(describe(options)));
    return text.toString();
  }

  private static String describe(RoomOptions options) {
    return "policy="
        + options.policy()
        + ", capacity="
        + options.capacity()
        + ", permanent="
        + options.isPermanent()
        + ", keepEmptyFor="
        + options.keepEmptyFor()
        + ", history="
        + options.history()
        + ", displayNames="
        + options.displayNames();
  }

  private void compare(String other) {
    if (!other.isEmpty() && !other.equals(own) && !warned) {
      warned = true;
      LogEvent.OPTIONS_DIFFER.log(
          () ->
              "Another node of this cluster has other room options, so that rooms may differ; give"
                  + " all nodes the same options, or another application another key prefix",
          own,
          other);
    }
  }

  private Submission submission() {
    byte[] content = own.getBytes(StandardCharsets.UTF_8);
    return new Submission() {
      @Override
      public byte[] content() {
        return content;
      }

      @Override
      public boolean expires() {
        return true;
      }

      @Override
      public void givenUp() {}
    };
  }

  @Override
  public boolean apply(LogEntry entry, byte[] content, @Nullable Submission submission) {
    boolean accepted = nodes.accept(entry.node(), entry.nodeSequence(), entry.millis());
    if (accepted && content.length > 0) {
      last = new String(content, StandardCharsets.UTF_8);
      if (written) {
        compare(last);
      }
    }
    return accepted;
  }

  @Override
  public void beginRestore(byte @Nullable [] snapshot) {
    last = snapshot == null ? "" : new String(snapshot, StandardCharsets.UTF_8);
  }

  @Override
  public void endRestore() {
    compare(last);
    if (!written && !last.equals(own)) {
      replica.submit(submission());
    }
    written = true;
  }

  @Override
  public byte[] snapshot() {
    return last.getBytes(StandardCharsets.UTF_8);
  }

  /** Numbers are not part of the snapshot, and one entry of a node is enough. */
  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public long lastSequence(String node) {
    return nodes.last(node);
  }

  @Override
  public Set<String> nodes() {
    return Set.of();
  }

  /** An entry of an earlier incarnation says the same, so that nothing has to be kept out. */
  @Override
  public boolean isLost(String incarnation) {
    return !incarnation.equals(node.incarnation());
  }

  @Override
  public Submission nodeLost(String node) {
    return submission();
  }

  @Override
  public void incarnationChanged() {}
}
