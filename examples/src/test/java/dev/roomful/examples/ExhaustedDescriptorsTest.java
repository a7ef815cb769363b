package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.Await;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
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
        for (int i = 0; i < LIMIT; i++) {
          flood.add(new Socket(ready.getHost(), ready.getPort()));
        }
        assertTrue(!canConnect(ready), "there is a descriptor left for a client");
        exchange(ann, bob, "meanwhile");
        close(flood);
        Await.until(() -> "a new client connects", BOUND, () -> canConnect(ready));
        exchange(ann, bob, "afterwards");
      }
      assertTrue(program.isAlive());
    } finally {
      close(flood);
      program.destroyForcibly();
    }
  }

  private static void exchange(WireClient ann, WireClient bob, String text) {
    ann.text(text);
    assertEquals("You wrote: " + text, ann.nextText());
    for (String next = bob.nextText(); !next.equals("Client #1 says: " + text); ) {
      next = bob.nextText(); // who came and went meanwhile
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
