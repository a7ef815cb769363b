package dev.roomful.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures a large room whose members are told who joins and leaves, in the Centrifuge protocol: it
 * is filled at once by a server that has just started, and then some members are replaced all the
 * time.
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar presence                  # 5,000 members
 * java -jar benchmarks/target/benchmarks.jar presence --members 1000
 * </pre>
 */
@Command(
    name = "presence",
    description = "Measures joins and leaves in a large room whose members are told of them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Presence implements Callable<Integer> {
  @Option(
      names = "--servers",
      split = ",",
      paramLabel = "NAME",
      description = "servers to measure (default: ${DEFAULT-VALUE})")
  private List<ServerKind> servers =
      List.of(
          ServerKind.CENTRIFUGE_JETTY,
          ServerKind.CENTRIFUGE_UNDERTOW,
          ServerKind.CENTRIFUGE_TOMCAT);

  @Option(names = "--members", paramLabel = "N", description = "members (default: 5000)")
  private int members = 5000;

  @Option(
      names = "--per-second",
      paramLabel = "N",
      description = "members that are replaced in a second (default: ${DEFAULT-VALUE})")
  private int perSecond = 20;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description = "seconds in which members are replaced before (default: ${DEFAULT-VALUE})")
  private int warmUp = 30;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "seconds in which members are replaced (default: ${DEFAULT-VALUE})")
  private int duration = 20;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "measurements of each server (default: ${DEFAULT-VALUE})")
  private int rounds = 1;

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Override
  public Integer call() throws IOException {
    Table table =
        new Table(
            "server",
            "filled after, s",
            "CPU of a join, ms",
            "processors afterwards",
            "lost connections");
    for (int round = 0; round < rounds; round++) {
      for (ServerKind server : servers) {
        table.add(measure(server));
      }
    }
    System.out.print(table.text());
    return 0;
  }

  private List<String> measure(ServerKind kind) throws IOException {
    try (ServerProcess server = ServerProcess.start(kind, jvm.list(), null);
        StormClients clients =
            new StormClients(server.address(), id -> "/ws/" + id, StormCommands.watch())) {
      Duration started = server.cpu();
      StormClients.Result fill = clients.connect(members, Duration.ZERO);
      Duration filled = server.cpu();
      // What the compilers still have to do does not belong to the next part.
      clients.replace(perSecond, Duration.ofSeconds(warmUp));
      Duration before = server.cpu();
      clients.replace(perSecond, Duration.ofSeconds(duration));
      Duration after = server.cpu();
      return List.of(
          kind.toString(),
          String.format(Locale.ROOT, "%.2f", fill.time().toMillis() / 1e3),
          String.format(Locale.ROOT, "%.2f", millis(started, filled) / members),
          String.format(Locale.ROOT, "%.3f", millis(before, after) / 1e3 / duration),
          Integer.toString(clients.lost()));
    }
  }

  private static double millis(Duration from, Duration to) {
    return to.minus(from).toNanos() / 1e6;
  }
}
