package dev.roomful.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs the Autobahn test suite against all server adapters at once. Groups 12 and 13 are about
 * compression, which no adapter negotiates; 9 and 10 are about messages above our default limit.
 */
class AutobahnTest {
  private static final String GROUPS = "1.*,2.*,3.*,4.*,5.*,6.*,7.*";
  private static final int CASES = 246;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The suite waits much, so more of it runs side by side than there are processors. */
  private static final String PARTS = "4";

  /** Cases in which the suite only observes: the reaction is not specified. */
  private static final Set<String> INFORMATIONAL = Set.of("7.1.6", "7.13.1", "7.13.2");

  /**
   * A valid message and right behind it a violation. The connection fails at once, before or after
   * the handler has replied to the message; the suite prefers the reply.
   */
  private static final Set<String> VIOLATION_BEHIND_A_MESSAGE =
      Set.of("3.2", "3.3", "3.4", "4.1.3", "4.1.4", "4.2.3", "4.2.4", "5.15");

  /**
   * Invalid UTF-8 in the middle of a text that has not ended. The connection fails when the text
   * has been read; the suite prefers the first wrong byte.
   */
  private static final Set<String> INVALID_TEXT = Set.of("6.4.1", "6.4.2", "6.4.3", "6.4.4");

  private static final Set<String> CHECK_WHOLE_TEXTS =
      Set.of("Jetty", "Undertow", "Tomcat", "Jakarta on Tyrus");

  private record Result(String server, String id, String behavior, String behaviorAtClose) {
    static Result parse(String line) {
      String[] fields = line.split("\t", -1);
      return new Result(fields[1], fields[2], fields[3], fields[4]);
    }

    boolean isAsExpected() {
      return switch (behavior) {
        case "OK" -> behaviorAtClose.equals("OK");
        case "INFORMATIONAL" -> INFORMATIONAL.contains(id);
        case "NON-STRICT" -> behaviorAtClose.equals("OK") && isExplained();
        default -> false;
      };
    }

    private boolean isExplained() {
      return VIOLATION_BEHIND_A_MESSAGE.contains(id)
          || (INVALID_TEXT.contains(id) && CHECK_WHOLE_TEXTS.contains(server));
    }
  }

  private final List<EchoServer> servers = new ArrayList<>();

  @AfterEach
  void stopServers() throws Exception {
    for (EchoServer server : servers) {
      server.stop().close();
    }
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void everyServerPassesEveryCase() throws Exception {
    servers.add(EchoServer.jetty());
    servers.add(EchoServer.undertow());
    servers.add(EchoServer.tomcat());
    servers.add(EchoServer.jakartaOnTomcat());
    servers.add(EchoServer.jakartaOnTyrus());
    List<Result> results = runSuite();
    List<Result> unexpected = results.stream().filter(result -> !result.isAsExpected()).toList();
    assertTrue(unexpected.isEmpty(), () -> unexpected + ", reports are in target/autobahn");
    // A suite that ends early reports no failure. So the cases are counted.
    Map<String, Set<String>> cases =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    Result::server,
                    TreeMap::new,
                    Collectors.mapping(Result::id, Collectors.toSet())));
    assertEquals(servers.size(), cases.size(), () -> "servers: " + cases.keySet());
    cases.forEach((server, ids) -> assertEquals(CASES, ids.size(), () -> server + ": " + ids));
  }

  private List<Result> runSuite() throws Exception {
    Path reports = Files.createDirectories(Path.of("target", "autobahn"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // it runs for half a minute
    command.addAll(List.of("-cp", suiteClassPath(), "org.python.util.jython", script()));
    command.addAll(List.of(reports.toString(), PARTS, GROUPS));
    servers.forEach(server -> command.add(server.name() + "=" + server.address()));
    Path output = reports.resolve("output.txt");
    Process suite =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(suite.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES), "the suite has not ended");
      assertEquals(0, suite.exitValue(), "the suite failed, see target/autobahn/output.txt");
    } finally {
      suite.destroyForcibly();
    }
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(line -> line.startsWith("result\t")).map(Result::parse).toList();
    }
  }

  /** A process of its own: Jython would take the packages {@code io.…} for its module io. */
  private static String suiteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.contains("jython-standalone") || entry.contains("autobahn"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String script() throws URISyntaxException, IOException {
    return Path.of(Objects.requireNonNull(AutobahnTest.class.getResource("suite.py")).toURI())
        .toRealPath()
        .toString();
  }
}
