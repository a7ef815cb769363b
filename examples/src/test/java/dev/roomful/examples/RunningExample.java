package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** An example that runs on a server during a test. */
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
    return start(server, example, listener(port), settings(example));
  }

  static RunningExample start(
      Host.Kind server, Example example, Listener listener, ChatSettings settings)
      throws Exception {
    return new RunningExample(
        server.start(new ExamplePageServlet(example, settings), example.mount(settings), listener));
  }

  static Listener listener(int port) {
    return Listener.of("127.0.0.1", port);
  }

  /** The settings of an example, with a shutdown that suits a test. */
  static ChatSettings settings(Example example) {
    return ChatSettings.of(example.limits().withShutdownTimeout(Duration.ofSeconds(5)));
  }

  /** Runs a task before the server stops. */
  void beforeClose(Runnable task) {
    beforeClose = task;
  }

  /** {@return the address of a path on the server} */
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
   * Waits until all messages of a client are handled. A reply may be sent in the middle of a
   * handler. The server reads the ping after the handlers of the earlier messages have returned,
   * because the handlers of the examples run on the thread that reads.
   */
  static void awaitHandled(WireClient client) {
    client.ping(new byte[] {1});
    assertEquals(new Received.Pong("01"), client.next());
  }
}
