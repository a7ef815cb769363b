package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Limits;
import dev.roomful.centrifuge.Tokens;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** An example that runs on a server for the time of a test. */
final class RunningExample implements AutoCloseable {
  private final Host host;
  private Runnable beforeClose = () -> {};
  private boolean closed;

  private RunningExample(Host host) {
    this.host = host;
  }

  static RunningExample start(Host.Kind server, Example example) throws Exception {
    return start(server, example, 0);
  }

  static RunningExample start(Host.Kind server, Example example, int port) throws Exception {
    return start(server, example, port, Optional.empty());
  }

  static RunningExample start(Host.Kind server, Example example, int port, Optional<Tokens> tokens)
      throws Exception {
    Limits limits = example.limits().withShutdownTimeout(Duration.ofSeconds(5));
    return new RunningExample(
        server.start(
            new ExamplePageServlet(example), example.mount(limits, tokens), "127.0.0.1", port));
  }

  /** Runs a task before the server stops. */
  void beforeClose(Runnable task) {
    beforeClose = task;
  }

  /** The page's address, or that of something beside it. */
  URI uri(String path) {
    return host.uri().resolve(path);
  }

  int port() {
    return host.uri().getPort();
  }

  WireClient connect(String path) throws IOException {
    return WireClient.connect(URI.create("ws://" + host.uri().getAuthority() + path));
  }

  HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(5)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      beforeClose.run();
      host.close();
    }
  }

  /**
   * Until what a client has said is handled, of which the answer may be only the beginning: its
   * frames are read one after the other, and the examples' handlers run where they are read.
   */
  static void awaitHandled(WireClient client) {
    client.ping(new byte[] {1});
    assertEquals(new Received.Pong("01"), client.next());
  }
}
