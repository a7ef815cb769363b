package dev.roomful.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A table in the documents that a test makes from the code. It is between {@code <!-- generated:
 * NAME -->} and {@code <!-- end -->}. With the system property {@code roomful.docs.update} the test
 * writes it anew instead of comparing it.
 */
public final class DocumentedTable {
  private static final String UPDATE = "roomful.docs.update";
  private static final String END = "<!-- end -->";

  private DocumentedTable() {}

  /**
   * Compares a table with {@code docs/monitoring.md}, or writes it.
   *
   * @param name the name of the table
   * @param lines the lines of the table, with its head
   * @throws AssertionError if the document has other lines, or no table of the name
   */
  public static void check(String name, List<String> lines) throws IOException {
    check("docs/monitoring.md", name, lines);
  }

  /**
   * Compares a table with a document, or writes it.
   *
   * @param document the path of the document, relative to the root of the project
   * @param name the name of the table
   * @param lines the lines of the table, with its head
   * @throws AssertionError if the document has other lines, or no table of the name
   */
  public static void check(String document, String name, List<String> lines) throws IOException {
    Path file =
        Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("..").resolve(document);
    String text = Files.readString(file);
    String begin = "<!-- generated: " + name + " -->\n";
    int start = text.indexOf(begin) + begin.length();
    int end = text.indexOf(END, start);
    if (start < begin.length() || end < 0) {
      throw new AssertionError(document + " has no table between " + begin + " and " + END);
    }
    String expected = String.join("\n", lines) + "\n";
    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(file, text.substring(0, start) + expected + text.substring(end));
    } else if (!text.substring(start, end).equals(expected)) {
      throw new AssertionError(
          "The table \""
              + name
              + "\" of "
              + document
              + " is out of date ('-' only in the file, '+' only in the"
              + " code):\n"
              + String.join("\n", LineDiff.of(text.substring(start, end).lines().toList(), lines))
              + "\nWrite it anew:\n  mvn -q test -Dtest='*DocumentTest'"
              + " -Dsurefire.failIfNoSpecifiedTests=false -D"
              + UPDATE
              + "=true\n");
    }
  }
}
