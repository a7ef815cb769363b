package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program as a process of its own, from its first line to its exit code. */
class ProcessTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final int MESSAGE_LENGTH = 60_000;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killRunningProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @EnumSource
  void onSigtermOutboxesAreDrainedClientsGetTheRestartCodeAndTheProgramEndsWithZero(
      Host.Kind server) throws Exception {
    Process program = start("excluding-self", "--server", server.toString(), "--port", "0");
    URI ready = awaitReady(program, "excluding-self on " + server + ": ");
    try (WireClient ann = connect(ready, "/ws/1")) {
      ann.text("hello");
      assertEquals("You wrote: hello", ann.nextText());
      RunningExample.awaitHandled(ann);
      try (WireClient bob =
          WireClient.request(webSocketUri(ready, "/ws/2"))
              .receiveBuffer(4096)
              .timeout(BOUND)
              .connect()) {
        bob.text("hi");
        assertEquals("You wrote: hi", bob.nextText());
        assertEquals("Client #2 says: hi", ann.nextText());

        // Bob does not read this yet: it fills the buffers of the system, then his outbox.
        for (int i = 0; i < 12; i++) {
          ann.text(i + "x".repeat(MESSAGE_LENGTH));
        }
        for (int i = 0; i < 12; i++) {
          assertEquals("You wrote: " + i + "x".repeat(MESSAGE_LENGTH), ann.nextText());
        }
        RunningExample.awaitHandled(ann);

        terminate(program);
        assertEquals(new Received.Close(1012, "restarting, come back"), ann.next());
        for (int i = 0; i < 12; i++) {
          assertEquals("Client #1 says: " + i + "x".repeat(MESSAGE_LENGTH), bob.nextText());
        }
        assertEquals(new Received.Close(1012, "restarting, come back"), bob.next());
      }
      assertEquals(0, exitCode(program));
      assertEquals(List.of(), program.inputReader().lines().toList());
      assertEquals("", errorOutput());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anIdleProgramEndsAtOnce(Host.Kind server) throws Exception {
    Process program = start("echo", "--server", server.toString(), "--port", "0");
    awaitReady(program, "echo on " + server + ": ");
    terminate(program);
    assertTrue(program.waitFor(5, TimeUnit.SECONDS), "it still runs without connections");
    assertEquals(0, program.exitValue());
    assertEquals("", errorOutput());
  }

  @ParameterizedTest
  @EnumSource
  void aPortInUseIsTheOnlyErrorPrinted(Host.Kind server) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Process program = start("echo", "--server", server.toString(), "--port", port);
      assertEquals(1, exitCode(program));
      assertEquals(
          "cannot listen on 127.0.0.1 port "
              + port
              + " (Address already in use): choose another with --host or --port",
          errorOutput().strip());
      assertEquals(List.of(), program.inputReader().lines().toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKilledClientOfPlainRoomsResumesUnnoticed(Host.Kind server) throws Exception {
    Process program = start("plain-rooms", "--server", server.toString(), "--port", "0");
    URI ready = awaitReady(program, "plain-rooms on " + server + ": ");
    try (WireClient ann = connect(ready, "/ws?name=Ann")) {
      assertTrue(ann.nextText().endsWith(" here: Ann"));
      String[] welcome;
      try (WireClient bob = connect(ready, "/ws?name=Bob")) {
        welcome = bob.nextText().split(" ", -1);
        bob.vanish();
      }
      ann.text("still there?");
      try (WireClient resumed =
          connect(ready, "/ws?name=Bob&resume=" + welcome[5] + "&since=" + welcome[3])) {
        assertTrue(resumed.nextText().endsWith(" here: Ann, Bob"));
        assertEquals("[lobby] Ann: still there?", resumed.nextText());
        resumed.text("yes");
        assertEquals("[lobby] Bob: yes", resumed.nextText());
        assertEquals(
            List.of("* Bob is here", "[lobby] Ann: still there?", "[lobby] Bob: yes"),
            ann.texts(3));
      }
    }
    terminate(program);
    assertEquals(0, exitCode(program));
    assertEquals("", errorOutput());
  }

  @Test
  void aShortTokenSecretIsAcceptedWithAWarning() throws Exception {
    Process program = start("rooms", "--port", "0", "--token-secret", "secret");
    URI ready = awaitReady(program, "rooms on jetty: ");
    assertEquals(
        "--token-secret has 6 bytes, enough to try it out: use at least 32, or it can be guessed",
        errorOutput().strip());
    try (WireClient ann = connect(ready, "/connection/websocket")) {
      ann.text("{\"id\":1,\"connect\":{\"token\":\"" + RoomsExampleTest.token("secret") + "\"}}");
      assertTrue(ann.nextText().startsWith("{\"id\":1,\"connect\":{"));
    }
  }

  @Test
  void aRejectedOriginIsLoggedWithTheHostThatItWasComparedWith() throws Exception {
    URI ready = awaitReady(start("rooms", "--port", "0"), "rooms on jetty: ");
    WireClient.Rejected refused =
        assertThrows(
            WireClient.Rejected.class,
            () ->
                WireClient.request(webSocketUri(ready, "/connection/websocket"))
                    .header("Origin", "https://chat.example.org")
                    .connect());
    assertEquals(403, refused.status());
    String expected =
        "https://chat.example.org is not allowed and is not the host " + ready.getAuthority();
    assertTrue(errorOutput().contains(expected), this::errorOutput);
  }

  @Test
  void anOriginCanBeAllowed() throws Exception {
    Process program = start("rooms", "--port", "0", "--allow-origin", "https://chat.example.org");
    URI ready = awaitReady(program, "rooms on jetty: ");
    WireClient.request(webSocketUri(ready, "/connection/websocket"))
        .header("Origin", "https://chat.example.org")
        .connect()
        .close();
    assertEquals("", errorOutput());
  }

  @Test
  void aClientAboveTheDefaultRateIsClosedWith1008() throws Exception {
    URI ready = awaitReady(start("echo", "--port", "0"), "echo on jetty: ");
    try (WireClient ann = connect(ready, "/ws")) {
      flood(ann, 1000);
      assertEquals(1008, ann.awaitClose().code());
    }
  }

  @Test
  void theRateCanBeSet() throws Exception {
    Process program = start("echo", "--port", "0", "--rate", "1");
    URI ready = awaitReady(program, "echo on jetty: ");
    try (WireClient ann = connect(ready, "/ws")) {
      ann.text("one");
      ann.text("two");
      assertEquals(List.of("Message text was: one", "Message text was: two"), ann.texts(2));
      flood(ann, 60); // a minute's worth
      Received last = ann.next();
      while (last instanceof Received.Text) {
        last = ann.next();
      }
      assertEquals(
          new Received.Close(1008, "more than 1 messages a second"),
          assertInstanceOf(Received.Close.class, last));
    }
  }

  @Test
  void rateZeroLiftsTheLimit() throws Exception {
    Process program = start("echo", "--port", "0", "--rate", "0");
    URI ready = awaitReady(program, "echo on jetty: ");
    try (WireClient ann = connect(ready, "/ws")) {
      flood(ann, 1000);
      assertEquals(Collections.nCopies(1000, "Message text was: x"), ann.texts(1000));
    }
  }

  private Process start(String... arguments) throws IOException {
    Process process = ExampleProcess.launch(folder.resolve("err"), List.of(arguments));
    started.add(process);
    return process;
  }

  private URI awaitReady(Process process, String prefix) throws IOException {
    return ExampleProcess.awaitReady(process, folder.resolve("err"), prefix);
  }

  private static URI webSocketUri(URI ready, String path) {
    return URI.create("ws://" + ready.getAuthority() + path);
  }

  private static WireClient connect(URI ready, String path) throws IOException {
    return WireClient.request(webSocketUri(ready, path)).timeout(BOUND).connect();
  }

  private static void flood(WireClient client, int messages) {
    try {
      for (int i = 0; i < messages; i++) {
        client.text("x");
      }
    } catch (UncheckedIOException ignored) {
      // The server closed the connection meanwhile. The test reads the close code.
    }
  }

  /** Sends SIGTERM. {@link Process#destroy} would also close the stream of its output. */
  private static void terminate(Process program) {
    assertTrue(program.toHandle().destroy(), "it has ended already");
  }

  private static int exitCode(Process program) throws InterruptedException {
    assertTrue(program.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), "it still runs");
    return program.exitValue();
  }

  /** {@return the error output without the warnings of JDK 24 and newer about jboss-threads} */
  private String errorOutput() {
    try {
      return Files.readString(folder.resolve("err"))
          .replaceAll("WARNING: .*(sun\\.misc\\.Unsafe|Please consider reporting).*\\R", "");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
