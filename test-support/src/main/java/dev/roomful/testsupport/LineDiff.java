package dev.roomful.testsupport;

import java.util.ArrayList;
import java.util.List;

/** The difference between two listings whose indented lines belong to the line above them. */
final class LineDiff {
  private final List<String> before;
  private final List<String> after;
  private final int[][] common;
  private final List<String> result = new ArrayList<>();
  private String heading = "";
  private boolean headingShown = true;

  private LineDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
    this.common = new int[before.size() + 1][after.size() + 1];
  }

  /**
   * Returns the removed lines, marked {@code -}, and the added lines, marked {@code +}. A changed
   * line that is indented follows the unchanged line that it belongs to.
   */
  static List<String> of(List<String> before, List<String> after) {
    return new LineDiff(before, after).compare();
  }

  private List<String> compare() {
    measure();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        unchanged(before.get(i));
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        changed('-', before.get(i));
        i++;
      } else {
        changed('+', after.get(j));
        j++;
      }
    }
    return result;
  }

  /** Fills {@code common[i][j]}, the most lines that the rests from i and from j have in common. */
  private void measure() {
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
  }

  private void unchanged(String line) {
    if (!line.startsWith(" ")) {
      heading = line;
      headingShown = false;
    }
  }

  private void changed(char mark, String line) {
    if (!line.startsWith(" ")) {
      headingShown = true;
    } else if (!headingShown) {
      result.add("  " + heading);
      headingShown = true;
    }
    result.add(mark + " " + line);
  }
}
