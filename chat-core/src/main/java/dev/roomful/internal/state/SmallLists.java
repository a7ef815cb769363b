package dev.roomful.internal.state;

import java.util.ArrayList;
import java.util.List;

/**
 * Changes lists that nearly always have one element, and of which there is one for each connection:
 * an immutable list of one element needs half the memory of an {@link ArrayList}.
 */
public final class SmallLists {
  private SmallLists() {}

  /** {@return an immutable list with one more element at its end} */
  public static <T> List<T> with(List<T> list, T added) {
    if (list.isEmpty()) {
      return List.of(added);
    }
    List<T> all = new ArrayList<>(list);
    all.add(added);
    return List.copyOf(all);
  }

  /** {@return an immutable list without an object; the same list if it was not in it} */
  public static <T> List<T> without(List<T> list, T removed) {
    if (list.isEmpty() || (list.size() == 1 && list.get(0) == removed)) {
      return List.of();
    }
    List<T> others = list.stream().filter(element -> element != removed).toList();
    return others.size() == list.size() ? list : others;
  }
}
