package dev.roomful.internal.cluster;

import dev.roomful.cluster.LogEntry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a log are applied to. All methods but those about {@code node} are called by
 * the log's replica, one at a time and with no lock held.
 */
public interface LogMachine {
  /**
   * Applies the next entry.
   *
   * @param entry the entry
   * @param content what its node submitted; empty in place of what was given up, but may have been
   *     sent
   * @param own the submission, if this node has appended it and still knows it
   * @return false if it was ignored: as a duplicate, out of order, or of a lost node
   */
  boolean apply(LogEntry entry, byte[] content, @Nullable Submission own);

  /**
   * Replaces the state by a snapshot, because entries are missing or the log has other entries than
   * those that were applied. What is applied until {@link #endRestore} may have been applied
   * before.
   *
   * @param snapshot the state, or null for that of an empty log
   */
  void beginRestore(byte @Nullable [] snapshot);

  /** The state is up to date again. */
  void endRestore();

  /** {@return the present state} */
  byte[] snapshot();

  /** {@return whether all entries were understood, so that others may take over the state} */
  boolean isComplete();

  /** {@return the number of the last entry of a node that was not ignored, 0 if there is none} */
  long lastSequence(String node);

  /** {@return the nodes that have something in the state which ends with them} */
  Set<String> nodes();

  /** {@return whether nothing of a node is accepted any more} */
  boolean isLost(String node);

  /** {@return what declares a node lost: nothing of it is accepted afterwards} */
  Submission nodeLost(String node);

  /** This node counts as lost to others, and has a new incarnation. */
  void incarnationChanged();
}
