package dev.roomful.internal.state;

import dev.roomful.Amendment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * How amendments have changed a stored message besides its payload. Immutable.
 *
 * @param edited whether the payload was replaced
 * @param pinned whether it is pinned
 * @param reactions who has reacted, in the order of the reactions; by reaction
 */
record MessageRevision(boolean edited, boolean pinned, Map<String, Set<String>> reactions) {
  static final MessageRevision NONE = new MessageRevision(false, false, Map.of());

  /** What each id of a reaction takes in memory beside its characters, roughly. */
  private static final int REACTION_BYTES = 48;

  MessageRevision withEdited() {
    return new MessageRevision(true, pinned, reactions);
  }

  MessageRevision withPinned(boolean nowPinned) {
    return new MessageRevision(edited, nowPinned, reactions);
  }

  /** {@return whether one more reaction would be too many} */
  boolean isFullFor(String reaction, String id) {
    Set<String> same = reactions.getOrDefault(reaction, Set.of());
    return !same.contains(id)
        && (reactionCount() >= Amendment.MAX_REACTIONS
            || (same.isEmpty() && reactions.size() >= Amendment.MAX_REACTION_KINDS));
  }

  private int reactionCount() {
    return reactions.values().stream().mapToInt(Set::size).sum();
  }

  MessageRevision withReaction(String reaction, String id, boolean added) {
    Set<String> ids = new LinkedHashSet<>(reactions.getOrDefault(reaction, Set.of()));
    boolean changed = added ? ids.add(id) : ids.remove(id);
    if (!changed) {
      return this;
    }
    Map<String, Set<String>> all = new LinkedHashMap<>(reactions);
    if (ids.isEmpty()) {
      all.remove(reaction);
    } else {
      all.put(reaction, Collections.unmodifiableSet(ids));
    }
    return new MessageRevision(edited, pinned, Collections.unmodifiableMap(all));
  }

  /** {@return what the reactions take in memory, roughly} */
  int bytes() {
    int bytes = 0;
    for (Set<String> ids : reactions.values()) {
      for (String id : ids) {
        bytes += REACTION_BYTES + id.length();
      }
    }
    return bytes;
  }
}
