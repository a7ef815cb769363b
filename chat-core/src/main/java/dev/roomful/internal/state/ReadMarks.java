package dev.roomful.internal.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Up to which offset each participant has read a room. Bounded: the mark that moved longest ago is
 * forgotten first. Guarded by the room's lock.
 */
final class ReadMarks {
  /** How many participants of a room have a mark at most. */
  static final int MAX_MARKS = 10_000;

  private Map<String, Long> offsets = Map.of(); // until there is one

  /** Moves a mark forward; returns false if it is there already, or further on. */
  boolean move(String id, long offset) {
    Long before = offsets.get(id);
    if (before != null && before >= offset) {
      return false;
    }
    if (offsets.isEmpty()) {
      offsets = new LinkedHashMap<>();
    }
    offsets.remove(id); // so that it is the newest one
    offsets.put(id, offset);
    if (offsets.size() > MAX_MARKS) {
      offsets.remove(offsets.keySet().iterator().next());
    }
    return true;
  }

  OptionalLong offset(String id) {
    Long offset = offsets.get(id);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** {@return the participants whose marks are at an offset or further on} */
  List<String> readersOf(long offset) {
    return offsets.entrySet().stream()
        .filter(mark -> mark.getValue() >= offset)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** {@return all marks, the one that moved longest ago first} */
  Map<String, Long> all() {
    return offsets;
  }

  void clear() {
    offsets = Map.of();
  }

  void restore(Map<String, Long> marks) {
    offsets = marks.isEmpty() ? Map.of() : new LinkedHashMap<>(marks);
  }
}
