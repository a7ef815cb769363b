package dev.roomful.internal.validation;

import java.util.Arrays;

/** A set of Unicode code points, written as ranges. */
final class CodePointSet {
  private final int[] firsts;
  private final int[] lasts;

  private CodePointSet(int[] firsts, int[] lasts) {
    this.firsts = firsts;
    this.lasts = lasts;
  }

  /**
   * Returns a set.
   *
   * @param ranges the first and the last code point of each range, in ascending order
   * @throws IllegalArgumentException if they are not pairs in ascending order
   */
  static CodePointSet of(int... ranges) {
    int[] firsts = new int[ranges.length / 2];
    int[] lasts = new int[ranges.length / 2];
    int previous = -1;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] <= previous || ranges[i + 1] < ranges[i]) {
        throw new IllegalArgumentException(
            String.format("the range at U+%04X is not in order", ranges[i]));
      }
      previous = ranges[i + 1];
      firsts[i / 2] = ranges[i];
      lasts[i / 2] = previous;
    }
    return new CodePointSet(firsts, lasts);
  }

  boolean contains(int point) {
    int found = Arrays.binarySearch(firsts, point);
    int range = found >= 0 ? found : -found - 2;
    return range >= 0 && point <= lasts[range];
  }
}
