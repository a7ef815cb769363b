package dev.roomful.internal.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The number of the last entry of each node in one log. An entry is accepted if its number follows,
 * so that a node can send again what it is not sure about, without a table of entries. Guarded like
 * the state that it belongs to.
 */
public final class NodeSequences {
  /** A node that has appended nothing for this long has no entries on their way. */
  private static final long FORGOTTEN_MILLIS = TimeUnit.HOURS.toMillis(1);

  private Map<String, Last> byNode = Map.of(); // until there is one

  /**
   * The last entry of a node.
   *
   * @param sequence its number
   * @param millis when it was appended
   * @param lost whether the node was declared lost: nothing of it is accepted any more
   */
  public record Last(long sequence, long millis, boolean lost) {}

  /**
   * Takes note of an entry; returns false if it is a duplicate, out of order, or of a lost node.
   */
  public boolean accept(String node, long sequence, long millis) {
    Last last = byNode.get(node);
    boolean accepted = sequence == (last == null ? 1 : last.sequence() + 1) && !isLost(node);
    if (accepted) {
      if (last == null) {
        byNode.values().removeIf(other -> millis - other.millis() > FORGOTTEN_MILLIS);
      }
      put(node, new Last(sequence, millis, false));
    }
    return accepted;
  }

  /** Accepts nothing of a node any more. */
  public void lose(String node, long millis) {
    put(node, new Last(last(node), millis, true));
  }

  private void put(String node, Last last) {
    if (byNode.isEmpty()) {
      byNode = new LinkedHashMap<>();
    }
    byNode.put(node, last);
  }

  public boolean isLost(String node) {
    Last last = byNode.get(node);
    return last != null && last.lost();
  }

  /** {@return the number of the last accepted entry of a node, 0 if there is none} */
  public long last(String node) {
    Last last = byNode.get(node);
    return last == null ? 0 : last.sequence();
  }

  public Map<String, Last> all() {
    return byNode;
  }

  /** Takes what a snapshot contains. */
  void restore(Map<String, Last> restored) {
    byNode = new LinkedHashMap<>(restored);
  }
}
