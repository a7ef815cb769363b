package dev.roomful.internal.session;

import dev.roomful.Outcome;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.cluster.LogMachine;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.cluster.Submission;
import dev.roomful.internal.state.NodeSequences;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RevocationState;
import dev.roomful.internal.state.RevocationState.Entry;
import dev.roomful.internal.validation.LogEvent;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The log of revocations, which all nodes share. A node keeps what it knows even if the engine
 * loses it, and appends it again.
 */
final class RevocationLog implements LogMachine {
  private static final String NAME = "revocations";

  private final ClusterNode node;
  private final RevocationState known;
  private final Sessions sessions;
  private final LogReplica replica;

  // Used by the replica only.
  private final RevocationState logged = new RevocationState();
  private final NodeSequences nodes = new NodeSequences();
  private boolean complete = true;
  private boolean restoring;

  /**
   * Creates the log of a node.
   *
   * @param known what connections and handshakes are compared with
   */
  RevocationLog(ClusterNode node, RevocationState known, Sessions sessions) {
    this.node = node;
    this.known = known;
    this.sessions = sessions;
    this.replica = new LogReplica(node, NAME, this);
  }

  /** Follows the log from now on. */
  void start() {
    replica.start();
  }

  private static final class EntrySubmission implements Submission {
    final CompletableFuture<Outcome> applied = new CompletableFuture<>();
    private final byte[] content;
    private final boolean expires;

    EntrySubmission(byte[] content, boolean expires) {
      this.content = content;
      this.expires = expires;
    }

    @Override
    public byte[] content() {
      return content;
    }

    @Override
    public boolean expires() {
      return expires;
    }

    @Override
    public void givenUp() {
      applied.complete(Outcome.rejected(Rejections.unavailable()));
    }
  }

  /**
   * Appends a revocation whenever the engine can be reached, and waits for that for a moment: until
   * all nodes that can be reached will apply it.
   */
  Outcome append(Entry entry) {
    EntrySubmission submission = new EntrySubmission(entry.encode(), false);
    replica.submit(submission);
    node.await(submission.applied);
    return submission.applied.getNow(Outcome.rejected(Rejections.unavailable()));
  }

  @Override
  public boolean apply(LogEntry entry, byte[] content, @Nullable Submission own) {
    if (!nodes.accept(entry.node(), entry.nodeSequence(), entry.millis())) {
      return false;
    }
    Outcome outcome = Outcome.done();
    Entry revocation = decode(content);
    if (revocation != null) {
      boolean added = !known.contains(revocation);
      logged.add(revocation, entry.millis());
      outcome = known.add(revocation, entry.millis());
      if (added && !restoring) {
        closeRevoked(revocation);
      }
    }
    if (own instanceof EntrySubmission submission) {
      submission.applied.complete(outcome);
    }
    return true;
  }

  /** Not here: closing runs callbacks of the application. */
  private void closeRevoked(@Nullable Entry added) {
    sessions.environment.callbacks().execute(() -> sessions.closeRevoked(added));
  }

  private @Nullable Entry decode(byte[] content) {
    if (content.length == 0) {
      return null; // it was given up
    }
    Entry entry = null;
    try {
      entry = Entry.decode(content);
    } catch (IllegalArgumentException malformed) {
      LogEvent.REVOCATION_UNREADABLE.logFailure(
          () -> "A revocation in the log cannot be read; skipping it", malformed);
    }
    complete &= entry != null;
    return entry;
  }

  @Override
  public void beginRestore(byte @Nullable [] snapshot) {
    restoring = true;
    complete = logged.restore(snapshot, nodes);
    long now = sessions.environment.scheduler().currentTimeMillis();
    logged.entries().forEach(entry -> known.add(entry, now));
  }

  @Override
  public void endRestore() {
    restoring = false;
    closeRevoked(null);
    for (Entry entry : known.entries()) {
      if (!logged.contains(entry)) {
        replica.submit(new EntrySubmission(entry.encode(), false));
      }
    }
  }

  @Override
  public byte[] snapshot() {
    return logged.encode(nodes);
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public long lastSequence(String incarnation) {
    return nodes.last(incarnation);
  }

  @Override
  public Set<String> nodes() {
    return Set.of();
  }

  /** A revocation holds whatever becomes of the node that has appended it. */
  @Override
  public boolean isLost(String incarnation) {
    return !incarnation.equals(node.incarnation());
  }

  @Override
  public Submission nodeLost(String lost) {
    return new EntrySubmission(new byte[0], true);
  }

  @Override
  public void incarnationChanged() {}
}
