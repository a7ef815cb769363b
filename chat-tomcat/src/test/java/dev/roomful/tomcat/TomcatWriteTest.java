package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes to clients that do not read. */
class TomcatWriteTest {
  private TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  private static final class RecordingCompletion implements Completion {
    final List<String> outcomes = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Whether it ends soon: the network may take more than it has announced. */
    boolean endsSoon() throws InterruptedException {
      return ended.await(300, TimeUnit.MILLISECONDS);
    }

    @Override
    public void succeeded() {
      outcomes.add("succeeded");
      ended.countDown();
    }

    @Override
    public void failed(Throwable cause) {
      outcomes.add("failed: " + cause.getMessage());
      ended.countDown();
    }
  }

  private void useConnector(String connector, Path folder) throws Exception {
    if (connector.equals("TLS")) {
      testServer = new TestServer(TestCertificate.create(folder));
    } else if (connector.equals("NIO2")) {
      testServer = new TestServer(TestServer.NIO2);
    }
  }

  /** After the last write Tomcat does not call the handler of an upgraded connection any more. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"plain", "TLS", "NIO2"})
  void aClientThatReadsItsCloseFrameLateAndKeepsItsSocketIsDisconnected(
      String connector, @TempDir Path folder) throws Exception {
    useConnector(connector, folder);
    Chat chat =
        testServer.chat(
            new RecordingHandler(),
            ServerFixture.LIMITS.withOutboxBytes(64 << 20).withCloseTimeout(Duration.ofSeconds(3)));
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    String chunk = "~".repeat(32 << 10);
    for (int i = 0; i < 400; i++) { // more than the network's buffers hold
      chat.room("hall").orElseThrow().announce(chunk);
    }
    ann.raw(new byte[] {(byte) 0x81, 1, 'x'}); // not masked
    Await.until("the violation is noticed", () -> chat.connections() == 0);
    assertTrue(ann.awaitEnd(Await.TIMEOUT), "all was read, and the close frame");
    AbstractProtocol<?> protocol = (AbstractProtocol<?>) testServer.connector.getProtocolHandler();
    // The acceptor counts the next connection already.
    Await.until("the socket is closed", () -> protocol.getConnectionCount() <= 1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"plain", "TLS", "NIO2"})
  void aStuckWriteIsCompletedOnceWhenTheConnectionIsAborted(String connector, @TempDir Path folder)
      throws Exception {
    useConnector(connector, folder);
    Chat chat = testServer.chat(new RecordingHandler(), ServerFixture.LIMITS);
    AtomicReference<Connection> opened = new AtomicReference<>();
    testServer.serve(chat, new CapturingBinding(opened));
    WireClient ann = testServer.join(chat, "hall", "ann");
    Connection connection = opened.get();
    Frame half = Frame.binary(new byte[30_000]);
    Batch batch = Batch.of(half, half);
    RecordingCompletion stuck = new RecordingCompletion();
    connection.write(batch, stuck);
    for (int i = 0; i < 10_000 && stuck.endsSoon(); i++) {
      assertEquals(List.of("succeeded"), stuck.outcomes);
      stuck = new RecordingCompletion();
      connection.write(batch, stuck);
    }
    assertEquals(List.of(), stuck.outcomes);
    connection.abort();
    connection.abort();
    List<String> outcomes = stuck.outcomes;
    Await.until("the write failed", () -> outcomes.size() == 1);
    assertTrue(ann.awaitEnd(Await.TIMEOUT), "the socket is closed");
    RecordingCompletion late = new RecordingCompletion();
    connection.write(batch, late);
    assertEquals(1, late.outcomes.size());
    assertEquals(1, outcomes.size());
    assertTrue(outcomes.get(0).startsWith("failed") && late.outcomes.get(0).startsWith("failed"));
    Await.until("the chat has forgotten it", () -> chat.connections() == 0);
  }

  /** Two threads serve all: a client that blocked one would be noticed. */
  @Test
  void clientsThatSendPingsAndReadNothingHoldNoThreadOfTomcat() throws Exception {
    testServer.connector.setProperty("maxThreads", "2");
    testServer.connector.setProperty("minSpareThreads", "2");
    Tomcat.addServlet(testServer.context, "page", new TomcatMountTest.PageServlet())
        .addMapping("/");
    Chat chat =
        testServer.chat(new RecordingHandler(), ServerFixture.LIMITS.withOutboxBytes(64 << 20));
    testServer.serve(chat);
    ByteArrayOutputStream pings = new ByteArrayOutputStream();
    for (int i = 0; i < 100; i++) {
      pings.writeBytes(WireClient.encode(true, 0, 9, new byte[125], true));
    }
    List<WireClient> stalled = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      stalled.add(testServer.join(chat, "swamp", "stalled" + i));
    }
    String chunk = "~".repeat(32 << 10);
    for (int i = 0; i < 400; i++) { // more than the network's buffers hold
      chat.room("swamp").orElseThrow().announce(chunk);
    }
    for (WireClient client : stalled) {
      client.raw(pings.toByteArray());
    }
    WireClient ann = testServer.join(chat, "hall", "ann");
    for (int i = 0; i < 20; i++) {
      ann.text("round " + i);
      assertEquals("round " + i, ann.nextText());
      URI page = testServer.uri("http", "/");
      assertEquals(
          "a page",
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
              .body());
    }
    assertEquals(9, chat.connections(), "all are connected");
  }
}
