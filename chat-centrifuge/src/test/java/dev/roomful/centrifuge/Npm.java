package dev.roomful.centrifuge;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Copies {@code src/test/node} to {@code target/node} and installs its packages. */
final class Npm {
  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");
  private static final int TIMEOUT_MINUTES = 3;

  private Npm() {}

  /**
   * Installs the packages and returns the directory. Skips the test without Node and npm, or fails
   * it where {@code ROOMFUL_REQUIRE_NODE} is set.
   */
  static synchronized Path install() throws Exception {
    Files.createDirectories(INSTALLED);
    boolean installed = Files.exists(INSTALLED.resolve("node_modules").resolve("ws"));
    if (!isInstalled("node") || (!installed && !isInstalled("npm"))) {
      TestProcess.skipOrFail("no Node.js with npm on the path", "ROOMFUL_REQUIRE_NODE");
    }
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Files.copy(file, INSTALLED.resolve(file.getFileName()), REPLACE_EXISTING);
      }
    }
    if (!installed) {
      run("npm", "ci", "--no-audit", "--no-fund");
    }
    return INSTALLED;
  }

  private static boolean isInstalled(String program) throws Exception {
    try {
      run(program, "--version");
      return true;
    } catch (IOException absent) {
      return false;
    }
  }

  private static void run(String... command) throws Exception {
    try (TestProcess program = TestProcess.start(INSTALLED, command)) {
      assertEquals(0, program.exitCode().get(TIMEOUT_MINUTES, TimeUnit.MINUTES), program::output);
    }
  }
}
