package dev.roomful.centrifuge;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The SDK that browsers use, in Node, in both forms: {@code src/test/node}. Needs Node with npm,
 * and says so where they are not; where {@code ROOMFUL_REQUIRE_NODE} is set it fails then.
 */
class NodeClientTest {
  private static final Path HERE = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");
  private static final int MINUTES = 3;

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 2 * MINUTES, unit = TimeUnit.MINUTES)
  void theSdkTellsItsStories(Site.Kind kind) throws Exception {
    install();
    try (Club club = new Club(kind)) {
      run(INSTALLED, "node", "conformance.mjs", club.uri().toString(), Club.SECRET);
    }
  }

  private static synchronized void install() throws Exception {
    boolean found = runs("node", "--version") && runs("npm", "--version");
    if (!found && "true".equals(System.getenv("ROOMFUL_REQUIRE_NODE"))) {
      fail("no Node.js with npm on the path");
    }
    assumeTrue(found, "no Node.js with npm on the path: the tests with the SDK do not run");
    Files.createDirectories(INSTALLED);
    for (String file : List.of("package.json", "package-lock.json", "conformance.mjs")) {
      Files.copy(HERE.resolve(file), INSTALLED.resolve(file), REPLACE_EXISTING);
    }
    if (!Files.exists(INSTALLED.resolve("node_modules").resolve("ws"))) {
      run(INSTALLED, "npm", "ci", "--no-audit", "--no-fund");
    }
  }

  private static boolean runs(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static void run(Path where, String... command) throws Exception {
    Path log = Files.createTempFile(where, "log", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      fail(String.join(" ", command) + " does not end: " + Files.readString(log));
    }
    assertEquals(0, process.exitValue(), () -> text(log));
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
