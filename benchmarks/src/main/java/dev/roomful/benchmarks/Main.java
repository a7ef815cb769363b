package dev.roomful.benchmarks;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Runs a benchmark that the command line selects.
 *
 * <pre>
 * mvn -q -Pbenchmarks -pl benchmarks -am package -DskipTests
 * java -jar benchmarks/target/benchmarks.jar jmh          # the core alone
 * java -jar benchmarks/target/benchmarks.jar loopback     # servers over sockets
 * java -jar benchmarks/target/benchmarks.jar cluster      # nodes on a Redis that it starts
 * java -jar benchmarks/target/benchmarks.jar storm        # all clients at once after a restart
 * java -jar benchmarks/target/benchmarks.jar presence     # a large room whose members see each other
 * java -jar benchmarks/target/benchmarks.jar warm-up      # how long a new JVM is slow
 * </pre>
 */
@Command(
    name = "benchmarks",
    description = "Measures what messages, joins and leaves cost.",
    mixinStandardHelpOptions = true,
    subcommands = {
      JmhTable.class,
      Loopback.class,
      ServerMain.class,
      ClusterCommand.class,
      Storm.class,
      Presence.class,
      WarmUp.class
    })
final class Main {
  // A field, so that the garbage collector does not remove the logger together with its level.
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  private Main() {}

  /** Ends the program with the exit code of the command line. */
  public static void main(String[] args) {
    ROOT_LOGGER.setLevel(Level.WARNING);
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(args.length == 0 ? line.execute("--help") : line.execute(args));
  }
}
