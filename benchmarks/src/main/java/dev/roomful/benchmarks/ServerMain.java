package dev.roomful.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * One of the servers, in a process of its own: of a benchmark, and then it ends when its standard
 * input does; or at a port, for other clients.
 */
@Command(
    name = "server",
    description = "One of the servers by itself, for another program's clients.",
    mixinStandardHelpOptions = true)
final class ServerMain implements Callable<Integer> {
  /** Before the port, on standard output. */
  static final String READY = "listening on ";

  @Parameters(index = "0", paramLabel = "NAME", description = "of ${COMPLETION-CANDIDATES}")
  private ServerKind kind = ServerKind.ROOMFUL_JETTY;

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "where it listens until it is killed; 0 (default) for any, until its input ends")
  private int port;

  @Override
  public Integer call() throws Exception {
    System.out.println(READY + kind.start(port));
    System.out.flush();
    if (port != 0) {
      Thread.currentThread().join();
    }
    while (System.in.read() >= 0) {
      // nothing is said there: the end is what matters
    }
    Runtime.getRuntime().halt(0);
    return 0;
  }
}
