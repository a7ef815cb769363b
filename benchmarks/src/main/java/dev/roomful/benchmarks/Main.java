package dev.roomful.benchmarks;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Chooses the benchmark.
 *
 * <pre>
 * mvn -q -Pbenchmarks -pl benchmarks -am package -DskipTests
 * java -jar benchmarks/target/benchmarks.jar jmh          # the core alone
 * java -jar benchmarks/target/benchmarks.jar loopback     # servers over sockets
 * </pre>
 */
@Command(
    name = "benchmarks",
    description = "Measures how fast a room is.",
    mixinStandardHelpOptions = true,
    subcommands = {JmhTable.class, Loopback.class, ServerMain.class})
final class Main {
  /** Kept, or the garbage collector would forget what level it was set to. */
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
