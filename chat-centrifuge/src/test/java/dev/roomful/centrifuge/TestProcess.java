package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process that a test runs. Its output is kept for the case that it fails. */
final class TestProcess implements AutoCloseable {
  private static final int STOP_TIMEOUT_SECONDS = 10;

  private final Process process;
  private final Path log;

  private TestProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static TestProcess start(Path directory, String... command) throws IOException {
    Path log = Files.createTempFile(directory, "log", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new TestProcess(process, log);
  }

  /** Skips the test because of a problem, or fails it where the variable is set. */
  static void skipOrFail(String problem, String variable) {
    if ("true".equals(System.getenv(variable))) {
      fail(problem);
    }
    System.err.println("The tests with the SDK for browsers do not run: " + problem);
    abort(problem);
  }

  /** {@return the exit code, when the process has ended} */
  CompletableFuture<Integer> exitCode() {
    return process.onExit().thenApply(Process::exitValue);
  }

  String output() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Terminates the process, by force if need be. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.delete(log);
  }
}
