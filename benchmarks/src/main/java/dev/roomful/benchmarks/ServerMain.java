package dev.roomful.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs one of the servers. {@link Loopback} starts it in a process of its own, which ends with its
 * standard input. With a port it runs until it is killed, for clients of other programs.
 */
@Command(
    name = "server",
    description = "Runs one of the servers, for clients of another program.",
    mixinStandardHelpOptions = true)
final class ServerMain implements Callable<Integer> {
  /** What precedes the port on standard output. */
  static final String READY = "listening on ";

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "the server: ${COMPLETION-CANDIDATES}")
  private ServerKind kind = ServerKind.ROOMFUL_JETTY;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "port to listen on; 0 (default) for a free one, until the standard input ends")
  private int port;

  @Override
  public Integer call() throws Exception {
    System.out.println(READY + kind.start(port));
    System.out.flush();
    if (port != 0) {
      Thread.currentThread().join();
    }
    while (System.in.read() >= 0) {
      // only the end of the input matters
    }
    Runtime.getRuntime().halt(0);
    return 0;
  }
}
