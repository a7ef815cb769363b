package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application as a module, with the core and this adapter, becomes a runtime image ({@code
 * jlink}) that chats. The image has no class path, and of the JDK only the modules that something
 * in it requires.
 */
class RuntimeImageTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", ""), "src", "test", "application").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void aChatRunsInARuntimeImage() throws Exception {
    assumeTrue(ToolProvider.findFirst("jlink").isPresent(), "this JDK has no jlink");
    String dependencies =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> Files.exists(Path.of(entry)))
            .collect(Collectors.joining(File.pathSeparator));
    Path application = folder.resolve("application");
    Path image = folder.resolve("image");
    run(
        "javac",
        List.of(
            "-proc:none",
            "-d",
            application.toString(),
            "--module-path",
            dependencies,
            SOURCES.resolve("module-info.java").toString(),
            SOURCES.resolve(Path.of("app", "Main.java")).toString()));
    run(
        "jlink",
        List.of(
            "--module-path",
            application + File.pathSeparator + dependencies,
            "--add-modules",
            "app",
            "--output",
            image.toString()));

    assertEquals(
        List.of("dev.roomful", "dev.roomful.jakarta", "dev.roomful.jetty"),
        execute(image, "--list-modules")
            .lines()
            .map(line -> line.replaceFirst("@.*", ""))
            .filter(name -> name.startsWith("dev.roomful"))
            .sorted()
            .toList());
    String output = execute(image, "-m", "app/app.Main");
    assertTrue(output.lines().anyMatch("received hello"::equals), output);
  }

  private static void run(String tool, List<String> arguments) {
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages);
    Optional<ToolProvider> found = ToolProvider.findFirst(tool);
    int code = found.orElseThrow().run(out, out, arguments.toArray(String[]::new));
    assertEquals(0, code, () -> tool + ": " + messages);
  }

  /** Runs the image's {@code java}, and returns what it prints. */
  private String execute(Path image, String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder command = new ProcessBuilder(image.resolve(Path.of("bin", "java")).toString());
    command.command().addAll(List.of(arguments));
    Process process = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertTrue(process.waitFor(50, TimeUnit.SECONDS), "the image does not end");
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(output);
    assertEquals(0, process.exitValue(), printed);
    return printed;
  }
}
