package dev.roomful.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One of the servers, in a process of its own that ends when its standard input does. */
@Command(name = "server", hidden = true)
final class ServerMain implements Callable<Integer> {
  /** Before the port, on standard output. */
  static final String READY = "listening on ";

  @Parameters(index = "0")
  private ServerKind kind = ServerKind.ROOMFUL_JETTY;

  @Override
  public Integer call() throws Exception {
    System.out.println(READY + kind.start());
    System.out.flush();
    while (System.in.read() >= 0) {
      // nothing is said there: the end is what matters
    }
    Runtime.getRuntime().halt(0);
    return 0;
  }
}
