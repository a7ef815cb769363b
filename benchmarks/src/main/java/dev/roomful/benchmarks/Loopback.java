package dev.roomful.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures whole servers over loopback sockets, one after the other in one run. Each server has a
 * JVM of its own; all clients are on one thread of this JVM.
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar loopback                     # one room of 1000, closed loop
 * java -jar benchmarks/target/benchmarks.jar loopback --per-second 10     # the same at a fixed rate
 * java -jar benchmarks/target/benchmarks.jar loopback --rooms 100 --members 10 --publishers 1
 * java -jar benchmarks/target/benchmarks.jar loopback --rooms 1000 --members 1 --servers echo-jetty,roomful-jetty
 * java -jar benchmarks/target/benchmarks.jar loopback --sweep members=10,100,1000,5000 \
 *     --servers roomful-jetty,roomful-undertow
 * java -jar benchmarks/target/benchmarks.jar loopback --servers roomful-jetty,centrifuge-jetty    # a protocol
 * </pre>
 */
@Command(
    name = "loopback",
    description = "Measures servers over loopback sockets, and compares this library with others.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Loopback implements Callable<Integer> {
  private static final int SERVER_CPU = 0;
  private static final int CLIENT_CPU = 1;

  private enum Axis {
    MEMBERS,
    ROOMS,
    SIZE;

    Scenario at(Scenario scenario, int value) {
      return switch (this) {
        case MEMBERS -> scenario.members(value);
        case ROOMS -> scenario.rooms(value);
        case SIZE -> scenario.payload(value);
      };
    }
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--servers",
      split = ",",
      paramLabel = "NAME",
      description = "servers to measure: ${COMPLETION-CANDIDATES} (default: all with plain text)")
  private List<ServerKind> servers = ServerKind.plainText();

  @Option(names = "--rooms", paramLabel = "N", description = "rooms (default: ${DEFAULT-VALUE})")
  private int rooms = 1;

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "members of a room (default: 1000); 1 counts replies")
  private int members = 1000;

  @Option(
      names = "--publishers",
      paramLabel = "N",
      description = "members of a room that publish (default: 10)")
  private int publishers = 10;

  @Option(
      names = "--per-second",
      paramLabel = "N",
      description = "messages a second of a publisher; 0 (default) for a closed loop")
  private double perSecond = 0;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "messages of a publisher that are not yet delivered, in a closed loop"
              + " (default: ${DEFAULT-VALUE})")
  private int inFlight = 4;

  @Option(names = "--size", paramLabel = "BYTES", description = "size of a message (default: 50)")
  private int size = 50;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description = "seconds before the measurement (default: 6)")
  private int warmUp = 6;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "seconds of the measurement (default: 8)")
  private int duration = 8;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "measurements of each server, of which the median is reported (default: 1)")
  private int rounds = 1;

  @Option(
      names = "--sweep",
      paramLabel = "AXIS=N,N",
      description = "measures with several values of members, rooms or size")
  private @Nullable String sweep;

  @Option(
      names = "--pin",
      description = "runs servers on the first processor, clients on the second (Linux, taskset)")
  private boolean pin;

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "also writes the table to a file")
  private @Nullable Path markdown;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "writes a bar chart of the ratios to a file")
  private @Nullable Path svg;

  @Override
  public Integer call() throws Exception {
    Scenario scenario;
    try {
      scenario =
          new Scenario(
              rooms,
              members,
              Math.min(publishers, members),
              perSecond,
              inFlight,
              size,
              Duration.ofSeconds(warmUp),
              Duration.ofSeconds(duration));
    } catch (IllegalArgumentException invalid) {
      throw usageError(invalid.getMessage());
    }
    if (pin) {
      pinClients();
    }
    Table table = sweep == null ? compare(scenario) : sweep(scenario, sweep);
    System.out.print(table.text());
    if (markdown != null) {
      Files.writeString(markdown, table.markdown());
    }
    return 0;
  }

  private Table compare(Scenario scenario) throws IOException {
    System.out.println(scenario);
    Map<ServerKind, Measurement> results = measure(scenario);
    ServerKind baseKind = base(results.keySet());
    Measurement base = Objects.requireNonNull(results.get(baseKind));
    Table table =
        new Table(
            "server",
            "deliveries/s",
            "server CPU \u00b5s/delivery",
            "deliveries per CPU",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "frames/read",
            "lost",
            "wrong");
    BarChart chart =
        new BarChart(
            "Deliveries for a second of the server\u2019s processor time",
            scenario + ". " + baseKind + " = 1.");
    results.forEach(
        (server, measured) -> {
          double ratio = measured.perCpuSecond() / base.perCpuSecond();
          table.add(
              server.toString(),
              String.format(Locale.ROOT, "%,.0f", measured.perSecond()),
              String.format(Locale.ROOT, "%.2f", measured.cpuMicros()),
              ratio(ratio),
              millis(measured, 0.5),
              millis(measured, 0.99),
              millis(measured, 0.999),
              String.format(Locale.ROOT, "%.1f", measured.framesPerRead()),
              Long.toString(measured.lost()),
              Long.toString(measured.wrong()));
          chart.add(server.toString(), ratio, server.isRoomful());
        });
    if (svg != null) {
      chart.write(svg);
    }
    return table;
  }

  /** {@return what ratios refer to: the first loop or bare endpoint, or else the first server} */
  private static ServerKind base(Set<ServerKind> measured) {
    return Stream.of(
            ServerKind.LOOP_JETTY,
            ServerKind.LOOP_UNDERTOW,
            ServerKind.LOOP_TOMCAT,
            ServerKind.ECHO_JETTY,
            ServerKind.ECHO_UNDERTOW,
            ServerKind.ECHO_TOMCAT)
        .filter(measured::contains)
        .findFirst()
        .orElseGet(() -> measured.iterator().next());
  }

  /** {@return a table whose cells have the cost of a delivery and its ratio to the first row} */
  private Table sweep(Scenario scenario, String definition) throws IOException {
    String[] parts = definition.split("=", 2);
    Axis axis =
        Arrays.stream(Axis.values())
            .filter(each -> each.name().equalsIgnoreCase(parts[0]))
            .findFirst()
            .orElseThrow(
                () -> usageError("--sweep " + definition + ": choose members, rooms or size"));
    if (parts.length < 2 || !parts[1].matches("\\d{1,7}(,\\d{1,7})*")) {
      throw usageError("--sweep " + definition + ": give numbers, as in members=10,100,1000");
    }
    List<String> headings = new ArrayList<>(List.of(axis.name().toLowerCase(Locale.ROOT)));
    servers.forEach(server -> headings.add(server + ", \u00b5s/delivery"));
    Table table = new Table(headings.toArray(String[]::new));
    Map<ServerKind, Measurement> first = new EnumMap<>(ServerKind.class);
    for (String value : parts[1].split(",", -1)) {
      Scenario current = axis.at(scenario, Integer.parseInt(value));
      System.out.println(current);
      Map<ServerKind, Measurement> results = measure(current);
      List<String> cells = new ArrayList<>(List.of(value));
      for (ServerKind server : servers) {
        Measurement measured = results.get(server);
        if (measured == null) {
          cells.add("");
          continue;
        }
        first.putIfAbsent(server, measured);
        double ratio = measured.cpuMicros() / Objects.requireNonNull(first.get(server)).cpuMicros();
        cells.add(
            String.format(Locale.ROOT, "%.2f (%s)", measured.cpuMicros(), ratio(ratio))
                + (measured.lost() + measured.wrong() > 0 ? " LOST" : ""));
      }
      table.add(cells);
    }
    return table;
  }

  private Map<ServerKind, Measurement> measure(Scenario scenario) throws IOException {
    Map<ServerKind, List<Measurement>> all = new EnumMap<>(ServerKind.class);
    for (int round = 0; round < rounds; round++) {
      for (ServerKind server : servers) {
        if (scenario.rooms() == 1 || server.hasRooms()) {
          all.computeIfAbsent(server, ignored -> new ArrayList<>()).add(measure(server, scenario));
        }
      }
    }
    Map<ServerKind, Measurement> medians = new EnumMap<>(ServerKind.class);
    all.forEach((server, results) -> medians.put(server, Measurement.median(results)));
    return medians;
  }

  private Measurement measure(ServerKind kind, Scenario scenario) throws IOException {
    try (ServerProcess server = ServerProcess.start(kind, jvm.list(), pin ? SERVER_CPU : null);
        LoadGenerator load =
            new LoadGenerator(scenario, kind.protocol().wireFormat(), server.address())) {
      Measurement measured = load.run(server);
      System.out.printf(
          Locale.ROOT,
          "  %-16s %,12.0f deliveries/s, %6.2f \u00b5s of server CPU each%n",
          kind,
          measured.perSecond(),
          measured.cpuMicros());
      return measured;
    }
  }

  private static void pinClients() throws IOException {
    try {
      String process = Long.toString(ProcessHandle.current().pid());
      int exit =
          new ProcessBuilder("taskset", "-apc", Integer.toString(CLIENT_CPU), process)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IOException("taskset failed with exit code " + exit);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private ParameterException usageError(@Nullable String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private static String millis(Measurement measured, double share) {
    return String.format(Locale.ROOT, "%.1f", measured.latencies().quantile(share).toNanos() / 1e6);
  }

  static String ratio(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f\u00d7" : "%.1f\u00d7", value);
  }
}
