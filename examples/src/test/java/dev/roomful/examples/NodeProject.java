package dev.roomful.examples;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Node.js project in {@code target/node}: the files of {@code src/test/node}, the pages of the
 * examples in its folder {@code web}, and the npm packages of its lock file.
 */
final class NodeProject {
  private static final Path TESTS = Path.of("src", "test", "node");
  private static final Path PAGES =
      Path.of("src", "main", "resources", "dev", "roomful", "examples", "web");
  private static final Path FOLDER = Path.of("target", "node");
  private static final Path LOCK = Path.of("package-lock.json");

  /** A copy of the lock file whose packages are installed. */
  private static final Path INSTALLED_LOCK = FOLDER.resolve("node_modules").resolve(LOCK);

  private static final int TIMEOUT_MINUTES = 3;

  private NodeProject() {}

  /**
   * Copies the files and installs the packages. Skips the test if Node.js or npm is missing; fails
   * it instead if the environment variable {@code ROOMFUL_REQUIRE_NODE} is {@code true}.
   */
  static synchronized void prepare() throws Exception {
    Files.createDirectories(FOLDER);
    boolean installed =
        Files.exists(INSTALLED_LOCK) && Files.mismatch(TESTS.resolve(LOCK), INSTALLED_LOCK) == -1;
    if (!canRun("node") || (!installed && !canRun("npm"))) {
      skipOrFail("Node.js with npm is not on the path");
    }
    delete(FOLDER.resolve("web"));
    copy(TESTS, FOLDER);
    copy(PAGES, FOLDER.resolve("web"));
    if (!installed) {
      run("npm", "ci", "--no-audit", "--no-fund");
      Files.copy(TESTS.resolve(LOCK), INSTALLED_LOCK, REPLACE_EXISTING);
    }
  }

  private static void skipOrFail(String problem) {
    if ("true".equals(System.getenv("ROOMFUL_REQUIRE_NODE"))) {
      fail(problem);
    }
    System.err.println("Skipping the tests of the pages' scripts: " + problem);
    abort(problem);
  }

  private static boolean canRun(String program) throws Exception {
    try {
      run(program, "--version");
      return true;
    } catch (IOException missing) {
      return false;
    }
  }

  /** Runs a program in the project's folder. Fails the test if the exit code is not 0. */
  static void run(String... command) throws Exception {
    Path output = Files.createTempFile(FOLDER, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      assertTrue(
          ended && process.exitValue() == 0,
          () ->
              String.join(" ", command) + (ended ? " failed:\n" : " timed out:\n") + read(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      return "the output cannot be read: " + failure;
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        Path copy = target.resolve(source.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy, REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> contentsFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : contentsFirst) {
        Files.delete(path);
      }
    }
  }
}
