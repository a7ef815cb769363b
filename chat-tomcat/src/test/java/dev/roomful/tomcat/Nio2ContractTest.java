package dev.roomful.tomcat;

import dev.roomful.Chat;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.WireContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The contract through Tomcat's socket wrapper, as over TLS, in place of the JDK's channel.
 *
 * <p>When the JDK finds an event of a channel that was closed meanwhile as the last of several, it
 * handles the others only after the next event of any channel ({@code sun.nio.ch.EPollPort}). Then
 * the only client would wait for ever. So one more client sends a byte now and then.
 */
class Nio2ContractTest extends WireContract {
  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    TestServer server = new TestServer(TestServer.NIO2);
    server.mount(chat, path);
    server.start();
    BusyClient other = new BusyClient(server.port());
    return RunningTransport.at(
        URI.create("ws://127.0.0.1:" + server.port()),
        () -> {
          other.close();
          server.stop();
        });
  }

  /** Sends a request that does not end. */
  private static final class BusyClient {
    private final Socket socket;
    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "busy-client");
              thread.setDaemon(true);
              return thread;
            });

    BusyClient(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      send("GET / HTTP/1.1\r\nX-Endless: ");
      timer.scheduleWithFixedDelay(() -> send("x"), 0, 100, TimeUnit.MILLISECONDS);
    }

    private void send(String text) {
      try {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException lost) {
        throw new UncheckedIOException(lost);
      }
    }

    void close() throws IOException {
      timer.shutdownNow();
      socket.close();
    }
  }
}
