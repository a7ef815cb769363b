package dev.roomful.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis server as a process of its own, on a free port of the loopback interface. It can be
 * killed, paused, and started again with the same port and folder.
 *
 * <p>The program is the one that the system property {@code redis.binary} names, or else the one in
 * {@code org.signal:embedded-redis}, which the module has to depend on in scope {@code test}.
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final String VERSION = "7.0.15";

  private final Path folder;
  private final int port;
  private final List<String> arguments;
  private Process process;

  private RedisServer(Path folder, int port, List<String> arguments) throws IOException {
    this.folder = folder;
    this.port = port;
    this.arguments = arguments;
    this.process = launch();
  }

  /**
   * Starts a server that stores nothing on disk, unless an option says otherwise, and waits until
   * it answers.
   *
   * @param folder for its files, which may exist already
   * @param options as on its command line, such as {@code "--appendonly", "yes"}
   */
  public static RedisServer start(Path folder, String... options) throws IOException {
    return startOn(freePort(), folder, options);
  }

  /** Starts a server as {@link #start} does, on a given port. */
  public static RedisServer startOn(int port, Path folder, String... options) throws IOException {
    Files.createDirectories(folder);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--port", Integer.toString(port),
                "--bind", "127.0.0.1",
                "--dir", folder.toString(),
                "--save", "",
                "--repl-diskless-sync-delay", "0"));
    arguments.addAll(List.of(options));
    return new RedisServer(folder, port, arguments);
  }

  /**
   * Starts a Sentinel, which chooses another primary when the first one is down.
   *
   * @param folder for its files
   * @param name what clients call the group of servers
   * @param primary the primary at the beginning
   */
  public static RedisServer startSentinel(Path folder, String name, RedisServer primary)
      throws IOException {
    Files.createDirectories(folder);
    int port = freePort();
    Path configuration = folder.resolve("sentinel.conf");
    Files.writeString(
        configuration,
        String.join(
            "\n",
            "port " + port,
            "bind 127.0.0.1",
            "dir " + folder,
            "sentinel monitor " + name + " 127.0.0.1 " + primary.port() + " 1",
            "sentinel down-after-milliseconds " + name + " 1000",
            "sentinel failover-timeout " + name + " 5000",
            ""));
    return new RedisServer(folder, port, List.of(configuration.toString(), "--sentinel"));
  }

  /** {@return a port that nobody listens on} */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public int port() {
    return port;
  }

  /** {@return the port of the bus of a Redis Cluster} */
  int clusterPort() {
    return Integer.parseInt(arguments.get(arguments.indexOf("--cluster-port") + 1));
  }

  /** {@return the address without a password or TLS} */
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Sends one command and returns its reply as text; fails if it is an error. */
  public String command(String... words) throws IOException {
    try (RedisConnection connection = new RedisConnection(port)) {
      return connection.command(words);
    }
  }

  /** {@return whether the process has not ended} */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Ends the process at once, as a crash does. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Stops the process from running, until {@link #resume}; its connections remain open. */
  public void pause() throws IOException {
    signal("STOP");
  }

  /** Lets a paused process run again. */
  public void resume() throws IOException {
    signal("CONT");
  }

  /** Starts a killed server again, with the files that it left. */
  public void restart() throws IOException {
    if (process.isAlive()) {
      throw new IllegalStateException("the server runs: kill it first");
    }
    process = launch();
  }

  /**
   * Removes the data of a killed server, so that it has lost them when it starts again. It stays a
   * member of its Redis Cluster.
   */
  public void deleteData() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (file.toString().contains("appendonly") || file.toString().endsWith(".rdb")) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(arguments);
    Path log = folder.resolve("redis.log");
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    try {
      Await.until(
          "Redis answers on port " + port,
          START_TIMEOUT,
          () -> !started.isAlive() || isListening());
    } catch (AssertionError notStarted) {
      started.destroyForcibly();
      throw notStarted;
    }
    if (!started.isAlive()) {
      throw new IOException("Redis did not start: " + Files.readString(log));
    }
    return started;
  }

  /** An error such as NOAUTH is an answer, LOADING is not. */
  private boolean isListening() {
    if (arguments.contains("--tls-port")) {
      return logHas("Ready to accept connections");
    }
    try {
      command("PING");
      return true;
    } catch (IOException failure) {
      String message = String.valueOf(failure.getMessage());
      return message.startsWith("NOAUTH");
    }
  }

  private boolean logHas(String text) {
    try {
      return Files.readString(folder.resolve("redis.log")).contains(text);
    } catch (IOException notYet) {
      return false;
    }
  }

  private void signal(String name) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(new File(folder.toFile(), "kill.log"))
            .start();
    try {
      if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IOException(Files.readString(folder.resolve("kill.log")));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  private static synchronized Path program() throws IOException {
    String given = System.getProperty("redis.binary");
    if (given != null) {
      return Path.of(given);
    }
    String name = "redis-server-" + VERSION + "-" + system() + "-" + processor();
    Path program =
        Path.of(System.getProperty("basedir", ""), "target", "redis", name).toAbsolutePath();
    if (!Files.isExecutable(program)) {
      Files.createDirectories(program.getParent());
      try (InputStream in = RedisServer.class.getClassLoader().getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException(
              name
                  + " is not on the class path: depend on org.signal:embedded-redis, or set"
                  + " -Dredis.binary to the path of redis-server");
        }
        Path part = Files.createTempFile(program.getParent(), name, ".part");
        Files.write(part, in.readAllBytes());
        if (!part.toFile().setExecutable(true)) {
          throw new IOException(part + " cannot be made executable");
        }
        // Another process may have been faster: tests run in two.
        Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return program;
  }

  private static String system() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return system.contains("mac") ? "darwin" : "linux";
  }

  private static String processor() {
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (processor) {
      case "aarch64", "arm64" -> "arm64";
      case "x86", "i386", "i686" -> "386";
      default -> "amd64";
    };
  }
}
