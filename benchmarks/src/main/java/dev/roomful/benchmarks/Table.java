package dev.roomful.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of texts, for the terminal or as Markdown. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  void add(String... cells) {
    add(List.of(cells));
  }

  void add(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(cells.size() + " cells for the headings " + rows.get(0));
    }
    rows.add(List.copyOf(cells));
  }

  /** {@return the table with aligned columns; all but the first are aligned to the right} */
  String text() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        String format = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
        text.append(String.format(format, row.get(i)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(row.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
      if (text.length() > 0 && row.equals(rows.get(0))) {
        text.append("|---|").append("---:|".repeat(row.size() - 1)).append('\n');
      }
    }
    return text.toString();
  }

  void writeMarkdown(Path file) throws IOException {
    Files.writeString(file, markdown());
  }
}
