package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An example that runs as a process of its own during a test. */
final class ExampleProcess implements AutoCloseable {
  private final Process process;
  private final URI uri;

  private ExampleProcess(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts the program, and waits until it is ready.
   *
   * @param errors the file for its error output
   * @param arguments its command line, without the port, which is a free one
   */
  static ExampleProcess start(Path errors, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--port", "0"));
    Process process = launch(errors, all);
    try {
      return new ExampleProcess(process, awaitReady(process, errors, ""));
    } catch (IOException | AssertionError notReady) {
      process.destroyForcibly();
      throw notReady;
    }
  }

  /** Starts the program without waiting. */
  static Process launch(Path errors, List<String> arguments) throws IOException {
    return launch(errors, List.of(), arguments);
  }

  /**
   * Starts the program without waiting.
   *
   * @param shell what comes before the command, such as a shell that sets limits
   */
  static Process launch(Path errors, List<String> shell, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(shell);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  /**
   * {@return the address in the line that reports that the program is ready}
   *
   * @param prefix how the line begins
   */
  static URI awaitReady(Process process, Path errors, String prefix) throws IOException {
    String line = process.inputReader().readLine();
    String output = Files.readString(errors);
    assertTrue(line != null && line.startsWith(prefix), () -> line + "\n" + output);
    return URI.create(line.substring(line.indexOf(": ") + 2));
  }

  /** {@return the address of its page} */
  URI uri() {
    return uri;
  }

  /** Ends the process with SIGKILL. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
