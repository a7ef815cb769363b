package dev.roomful.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Orders the entries of named logs and distributes them to the nodes of a chat.
 *
 * <p><b>Logs.</b> A log is a sequence of entries with the sequences 1, 2, 3 and so on, without
 * gaps. It exists as soon as something is appended. Its name has 1 to 256 characters, any of them.
 * The engine accepts entries of at least 4 MiB.
 *
 * <p><b>Tokens.</b> The engine gives each entry a token that no other entry of any log ever has,
 * also not after the engine lost data: 1 to 32 characters, none of them a colon. An entry names the
 * token of the entry before it, so that a node notices when the log does not continue what the node
 * has applied.
 *
 * <p><b>Order.</b> Appends of one node to one log that are started one after the other take effect
 * in that order, or fail. The listener receives the entries of a log in their order, but may miss
 * some; {@link #read} misses none. The log is the truth, the listener is the fast path.
 *
 * <p><b>Failures.</b> A stage fails with an {@link EngineUnavailableException} if the engine could
 * not be reached or did not answer; the operation may have taken effect or not. Nothing is sent
 * again by the engine. While it is not reachable, operations fail at once.
 *
 * <p><b>Threads.</b> All methods may be called by any thread, do not block, and may be called from
 * within the listener and from actions that depend on a stage.
 */
public interface ClusterEngine extends AutoCloseable {
  /**
   * Connects to the engine. Called once, before all other methods. Returns when the engine was
   * reached and checked; afterwards the engine reconnects by itself, without a bound on the number
   * of attempts.
   *
   * @param listener receives entries of subscribed logs, and learns of lost connections
   * @throws IllegalStateException if the engine cannot be reached, is too old, or lacks a
   *     permission; the message names the remedy
   */
  void start(EngineListener listener);

  /**
   * Appends one entry to a log. The entry gets the next sequence, a token, and the time of the
   * engine's clock.
   *
   * @param log the name of the log
   * @param known the last entry that the node has applied, {@link LogEnd#START} if none
   * @param node the incarnation of the node that appends
   * @param nodeSequence the number that the node gives the entry
   * @param data the content
   * @return the entry, as other nodes receive it; fails with a {@link LogRewoundException} and
   *     without an effect if the log ends before the known entry, or ends with another entry of
   *     that sequence
   */
  CompletionStage<LogEntry> append(
      String log, LogEnd known, String node, long nodeSequence, byte[] data);

  /**
   * Reads entries of a log in their order.
   *
   * @param log the name of the log
   * @param after the sequence after which to begin, 0 for the first entry
   * @param limit the largest number of entries, at least 1
   * @return the entries and the end of the log. If entries after {@code after} were removed, the
   *     first entry is a later one, or there is none although the log ends later
   */
  CompletionStage<LogPage> read(String log, long after, int limit);

  /**
   * Subscribes this node to a log: the listener receives entries that are appended after the stage
   * has completed. The engine subscribes again by itself after it has reconnected, before it calls
   * {@link EngineListener#connected}. Subscribing twice has the effect of once.
   *
   * @param log the name of the log
   * @return completes when the node is subscribed
   */
  CompletionStage<Void> subscribe(String log);

  /**
   * Ends a subscription. The listener may still receive entries for a short time.
   *
   * @param log the name of the log
   */
  void unsubscribe(String log);

  /**
   * Returns the newest stored snapshot of a log.
   *
   * @param log the name of the log
   * @return the snapshot, or empty if none is stored
   */
  CompletionStage<Optional<LogSnapshot>> snapshot(String log);

  /**
   * Stores the state of a log after one of its entries, and removes this entry and all before it.
   * The end of the log does not change.
   *
   * @param log the name of the log
   * @param snapshot the state, with the entry that it was made after
   * @return true if it was stored; false, without an effect, if a snapshot of the same or a later
   *     entry is stored, if the log ends before that entry, or if the log is known to have another
   *     entry there
   */
  CompletionStage<Boolean> storeSnapshot(String log, LogSnapshot snapshot);

  /**
   * Replaces a log that has lost entries by a state that contains them: removes all entries, stores
   * the snapshot, and lets the log end with the entry of the snapshot. The next entry names the
   * token of the snapshot as the one before.
   *
   * @param log the name of the log
   * @param expected how the log ends now
   * @param snapshot the state, with the last entry that it contains
   * @return true if it was replaced; false, without an effect, if the log ends otherwise than
   *     expected, or not before the entry of the snapshot
   */
  CompletionStage<Boolean> replace(String log, LogEnd expected, LogSnapshot snapshot);

  /**
   * Declares that a node is alive, for a time on the engine's clock.
   *
   * @param node the incarnation of the node
   * @param expiry how long it counts as alive if it does not renew the lease
   * @return true if the lease was held or is the first one of this node; false if it had expired
   *     and is held again now
   */
  CompletionStage<Boolean> renewLease(String node, Duration expiry);

  /**
   * Ends the lease of a node at once.
   *
   * @param node the incarnation of the node
   * @return completes when the node does not count as alive any more
   */
  CompletionStage<Void> releaseLease(String node);

  /**
   * Returns the nodes whose leases have not expired.
   *
   * @return the incarnations of the nodes
   */
  CompletionStage<Set<String>> liveNodes();

  /** Closes the connections and stops the threads of this engine. Leases are not released. */
  @Override
  void close();
}
