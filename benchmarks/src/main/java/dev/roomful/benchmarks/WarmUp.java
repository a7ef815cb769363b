package dev.roomful.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures how long a new JVM needs more processor time for a delivery than a warm one: each server
 * starts in a JVM of its own, and clients publish at a fixed rate as soon as they are connected.
 * The last ten seconds of the run count as warm, and a server is warm after the seconds before the
 * first three in a row with at most 1.5 times their processor time for a delivery.
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar warm-up
 * java -jar benchmarks/target/benchmarks.jar warm-up --servers roomful-jetty --jvm "-XX:TieredStopAtLevel=1"
 * </pre>
 */
@Command(
    name = "warm-up",
    description = "Measures how long a new JVM needs more processor time than a warm one.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WarmUp implements Callable<Integer> {
  private static final int WARM_SECONDS = 10;
  private static final double WARM_RATIO = 1.5;

  /** A later second above the bound is the noise of the machine. */
  private static final int SECONDS_IN_A_ROW = 3;

  private static final int PAYLOAD = 50;

  @Option(
      names = "--servers",
      split = ",",
      paramLabel = "NAME",
      description = "servers to measure: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private List<ServerKind> servers =
      List.of(ServerKind.ROOMFUL_JETTY, ServerKind.ROOMFUL_UNDERTOW, ServerKind.ROOMFUL_TOMCAT);

  @Option(names = "--rooms", paramLabel = "N", description = "rooms (default: ${DEFAULT-VALUE})")
  private int rooms = 100;

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "members of a room, of which one publishes (default: ${DEFAULT-VALUE})")
  private int members = 10;

  @Option(
      names = "--per-second",
      paramLabel = "N",
      description = "messages a second in a room (default: ${DEFAULT-VALUE})")
  private double perSecond = 10;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description =
          "seconds of a run, of which the last " + WARM_SECONDS + " are warm (default: 60)")
  private int duration = 60;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "runs of each server (default: ${DEFAULT-VALUE})")
  private int rounds = 1;

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Override
  public Integer call() throws IOException {
    Scenario scenario =
        new Scenario(
            rooms,
            members,
            1,
            perSecond,
            1,
            PAYLOAD,
            Duration.ZERO,
            Duration.ofSeconds(Math.max(duration, 2 * WARM_SECONDS)));
    System.out.println(scenario);
    Table table =
        new Table(
            "server",
            "listens after, s",
            "CPU until the load, s",
            "warm after, s",
            "CPU beyond warm, s",
            "warm, \u00b5s/delivery");
    for (int round = 0; round < rounds; round++) {
      for (ServerKind server : servers) {
        table.add(measure(server, scenario));
      }
    }
    System.out.print(table.text());
    return 0;
  }

  private List<String> measure(ServerKind kind, Scenario scenario) throws IOException {
    long started = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(kind, jvm.list(), null)) {
      double listening = (System.nanoTime() - started) / 1e9;
      try (LoadGenerator load =
          new LoadGenerator(scenario, kind.protocol().wireFormat(), server.address())) {
        Duration beforeLoad = server.cpu();
        List<LoadGenerator.Second> seconds = load.runSeconds(server);
        double warm = micros(seconds.subList(seconds.size() - WARM_SECONDS, seconds.size()));
        int warmAfter = warmAfter(seconds, WARM_RATIO * warm);
        System.out.println(
            seconds.stream()
                .map(second -> number(micros(List.of(second))))
                .collect(Collectors.joining(" ", "  " + kind + ", \u00b5s in each second: ", "")));
        return List.of(
            kind.toString(),
            number(listening),
            number(beforeLoad.toNanos() / 1e9),
            Integer.toString(warmAfter),
            number((micros(seconds) - warm) * deliveries(seconds) / 1e6),
            number(warm));
      }
    }
  }

  /** {@return the number of seconds before the first of several within a bound} */
  private static int warmAfter(List<LoadGenerator.Second> seconds, double maxMicros) {
    int within = 0;
    for (int i = 0; i < seconds.size(); i++) {
      within = micros(seconds.subList(i, i + 1)) <= maxMicros ? within + 1 : 0;
      if (within == SECONDS_IN_A_ROW) {
        return i + 1 - within;
      }
    }
    return seconds.size();
  }

  /** {@return the processor time of a delivery} */
  private static double micros(List<LoadGenerator.Second> seconds) {
    return seconds.stream().mapToLong(second -> second.serverCpu().toNanos()).sum()
        / 1e3
        / Math.max(1, deliveries(seconds));
  }

  private static long deliveries(List<LoadGenerator.Second> seconds) {
    return seconds.stream().mapToLong(LoadGenerator.Second::deliveries).sum();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
