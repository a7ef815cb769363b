package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The table of server versions and write paths in {@code docs/deployment.md}. A test of each
 * adapter finds out one row; the build runs it once for each version.
 */
public final class WritePathTable {
  /** Set to true, this system property writes the row instead of comparing it. */
  public static final String UPDATE = "roomful.versions.update";

  private static final String BEGIN = "<!-- write paths -->";
  private static final String END = "<!-- end of write paths -->";
  private static final int HEADER_LINES = 2;

  private WritePathTable() {}

  /**
   * Compares a row with the document.
   *
   * @param server the name of the server; the build adds which of its versions it is
   * @param cells the version, and the write path over HTTP/1.1, over TLS and over HTTP/2
   */
  public static void check(String server, String... cells) throws IOException {
    String key = "| " + server + ", " + System.getProperty("roomful.server", "newest") + " |";
    String row = key + " " + String.join(" | ", cells) + " |";
    Path document =
        Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolve("../docs/deployment.md");
    List<String> lines = new ArrayList<>(Files.readAllLines(document));
    int first = lines.indexOf(BEGIN) + 1 + HEADER_LINES;
    List<String> rows = lines.subList(first, lines.indexOf(END));
    if (Boolean.getBoolean(UPDATE)) {
      TreeSet<String> updated = new TreeSet<>(rows);
      updated.removeIf(line -> line.startsWith(key));
      updated.add(row);
      rows.clear();
      rows.addAll(updated);
      Files.write(document, lines);
      return;
    }
    assertEquals(
        row,
        rows.stream().filter(line -> line.startsWith(key)).findFirst().orElse("no row " + key),
        "docs/deployment.md is out of date; CONTRIBUTING.md has the command that writes it anew");
  }
}
