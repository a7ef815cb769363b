package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Compares the public API of the module under test with its reviewed listing, {@code api.txt}. Runs
 * in every module that depends on {@code test-support}; there is no subclass to write. A module
 * that exports no package has no listing.
 */
class PublicApiTest {
  private static final String UPDATE = "roomful.api.update";

  @Test
  void thePublicApiIsTheOneThatWasReviewed() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Path file = module.resolve("api.txt");
    List<String> actual = PublicApi.of(module.resolve(Path.of("target", "classes")));
    if (Boolean.getBoolean(UPDATE)) {
      write(file, actual);
      return;
    }
    List<String> reviewed = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (!reviewed.equals(actual)) {
      fail(difference(module.getFileName() + "/api.txt", reviewed, actual));
    }
  }

  private static void write(Path file, List<String> lines) throws IOException {
    if (lines.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      Files.writeString(file, String.join("\n", lines) + "\n");
    }
  }

  private static String difference(String file, List<String> reviewed, List<String> actual) {
    return "The public API differs from "
        + file
        + " ('-' only in the file, '+' only in the code):\n"
        + String.join("\n", LineDiff.of(reviewed, actual))
        + "\nIf the change is intended, write the file anew and review its diff:\n"
        + "  mvn -q test -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false -D"
        + UPDATE
        + "=true\n";
  }
}
