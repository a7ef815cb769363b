package dev.roomful.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures what happens when a server has restarted and all its clients come back: each server
 * starts in a JVM of its own, and as soon as it listens all clients connect. Clients with a
 * protocol also recover twenty messages.
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar storm                  # 5,000 clients at once
 * java -jar benchmarks/target/benchmarks.jar storm --spread 3000    # over three seconds
 * </pre>
 */
@Command(
    name = "storm",
    description = "Measures how fast all clients are connected again after a restart.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Storm implements Callable<Integer> {
  @Option(
      names = "--servers",
      split = ",",
      paramLabel = "NAME",
      description = "servers to measure: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private List<ServerKind> servers =
      List.of(
          ServerKind.LOOP_JETTY,
          ServerKind.ROOMFUL_JETTY,
          ServerKind.CENTRIFUGE_JETTY,
          ServerKind.LOOP_UNDERTOW,
          ServerKind.ROOMFUL_UNDERTOW,
          ServerKind.CENTRIFUGE_UNDERTOW,
          ServerKind.LOOP_TOMCAT,
          ServerKind.ROOMFUL_TOMCAT,
          ServerKind.CENTRIFUGE_TOMCAT);

  @Option(names = "--clients", paramLabel = "N", description = "clients (default: 5000)")
  private int clients = 5000;

  @Option(
      names = "--spread",
      paramLabel = "MS",
      description = "time over which clients connect, as Limits.withReconnectDelay (default: 0)")
  private int spread = 0;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "measurements of each server, of which the median is reported (default: 3)")
  private int rounds = 3;

  @Mixin private JvmOptions jvm = new JvmOptions();

  private record Round(StormClients.Result clients, Duration cpu) {
    double perCpuSecond() {
      return clients.latencies().count() / (cpu.toNanos() / 1e9);
    }
  }

  @Override
  public Integer call() throws IOException {
    Map<ServerKind, List<Round>> all = new EnumMap<>(ServerKind.class);
    for (int round = 0; round < rounds; round++) {
      for (ServerKind server : servers) {
        all.computeIfAbsent(server, ignored -> new ArrayList<>()).add(measure(server));
      }
    }
    Table table =
        new Table(
            "server",
            "handshakes per CPU second",
            "all connected after, s",
            "p50 ms",
            "p99 ms",
            "failed attempts");
    all.forEach(
        (server, measured) -> {
          Round median =
              measured.stream()
                  .sorted(Comparator.comparingDouble(Round::perCpuSecond))
                  .toList()
                  .get(measured.size() / 2);
          table.add(
              server.toString(),
              String.format(Locale.ROOT, "%,.0f", median.perCpuSecond()),
              String.format(Locale.ROOT, "%.2f", median.clients.time().toMillis() / 1e3),
              millis(median, 0.5),
              millis(median, 0.99),
              Integer.toString(median.clients.retries()));
        });
    System.out.print(table.text());
    return 0;
  }

  private Round measure(ServerKind kind) throws IOException {
    try (ServerProcess server = ServerProcess.start(kind, jvm.list(), null);
        StormClients storm = clients(kind, server)) {
      Duration before = server.cpu();
      StormClients.Result result = storm.connect(clients, Duration.ofMillis(spread));
      Round round = new Round(result, server.cpu().minus(before));
      System.out.printf(
          Locale.ROOT,
          "  %-16s %,8.0f handshakes per CPU second, all after %.2f s%n",
          kind,
          round.perCpuSecond(),
          result.time().toMillis() / 1e3);
      return round;
    }
  }

  /**
   * {@return clients in rooms of ten or, in a protocol, in one room whose messages they recover}
   */
  private static StormClients clients(ServerKind kind, ServerProcess server) throws IOException {
    InetSocketAddress address = server.address();
    return kind.protocol() == BenchmarkProtocol.TEXT
        ? new StormClients(address, id -> "/ws/" + id + "?room=r" + id / 10, null)
        : new StormClients(address, id -> "/ws/" + id, StormCommands.recover(address));
  }

  private static String millis(Round round, double share) {
    return String.format(
        Locale.ROOT, "%.0f", round.clients.latencies().quantile(share).toNanos() / 1e6);
  }
}
