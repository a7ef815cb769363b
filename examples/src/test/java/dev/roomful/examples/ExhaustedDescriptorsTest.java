package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program whose process has no file descriptor left for further connections. */
class ExhaustedDescriptorsTest {
  private static final int LIMIT = 400;
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration BOUND = Duration.ofSeconds(30);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void thoseWhoAreHereGoOnAndOthersConnectWhenThereAreDescriptorsAgain(Host.Kind server)
      throws Exception {
    Path errors = folder.resolve("err");
    Process program =
        ExampleProcess.launch(
            errors,
            List.of("/bin/sh", "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "sh"),
            List.of("excluding-self", "--server", server.toString(), "--port", "0"));
    List<Socket> flood = new ArrayList<>();
    try {
      URI ready = ExampleProcess.awaitReady(program, errors, "excluding-self on " + server + ": ");
      try (WireClient ann = connect(ready, "/ws/1", BOUND);
          WireClient bob = connect(ready, "/ws/2", BOUND)) {
        exchange(ann, bob, "before");
        causeALogEntry(ready);
        for (int i = 0; i < LIMIT; i++) {
          flood.add(new Socket(ready.getHost(), ready.getPort()));
        }
        assertFalse(canConnect(ready), "there is a descriptor left for a client");
        exchange(ann, bob, "meanwhile");
        close(flood);
        Await.until("a new client connects", BOUND, () -> canConnect(ready));
        exchange(ann, bob, "afterwards");
      }
      assertTrue(program.isAlive());
    } finally {
      close(flood);
      program.destroyForcibly();
    }
  }

  /**
   * The first log entry of a JVM loads the time zones from a file. If Tomcat's acceptor has to log
   * that it cannot accept, and there is no descriptor for that file either, its thread ends.
   */
  private static void causeALogEntry(URI ready) throws IOException {
    HttpURLConnection plain = (HttpURLConnection) ready.resolve("/ws/3").toURL().openConnection();
    assertEquals(426, plain.getResponseCode());
  }

  private static void exchange(WireClient ann, WireClient bob, String text) {
    ann.text(text);
    awaitText(ann, "You wrote: " + text);
    awaitText(bob, "Client #1 says: " + text);
  }

  /** Skips what is said about those who came and went meanwhile. */
  private static void awaitText(WireClient client, String expected) {
    String next = client.nextText();
    while (!next.equals(expected)) {
      next = client.nextText();
    }
  }

  private static WireClient connect(URI ready, String path, Duration timeout) throws IOException {
    return WireClient.request(URI.create("ws://" + ready.getAuthority() + path))
        .timeout(timeout)
        .connect();
  }

  private static boolean canConnect(URI ready) {
    try (WireClient client = connect(ready, "/ws/3", SHORT)) {
      client.text("hello");
      return client.nextText().equals("You wrote: hello");
    } catch (IOException | AssertionError refused) {
      return false;
    }
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
