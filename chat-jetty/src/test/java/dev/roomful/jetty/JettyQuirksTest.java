package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviour of Jetty that the adapter hides from the chat, on a real server. */
class JettyQuirksTest {
  private static final int CHUNK_CHARS = 32 << 10;

  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void aStalledReaderUsesBoundedMemoryAndIsAbortedAtItsDeadlineWithoutAffectingOthers()
      throws Exception {
    Chat chat =
        testServer.chat(
            Chat.builder(handler)
                .limits(TestServer.LIMITS.withWriteTimeout(Duration.ofSeconds(2)))
                .authenticator(TestServer::authenticateByPath)
                .rooms(RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST)));
    testServer.serve(chat);
    WireClient stalled = testServer.join(chat, "hall", "stalled");
    WireClient ann = testServer.join(chat, "hall", "ann");
    long before = usedHeap();
    String chunk = "~".repeat(CHUNK_CHARS);
    for (int i = 0; i < 2000; i++) {
      String text = i + chunk;
      chat.announce(text);
      assertEquals(text, ann.nextText(Duration.ofSeconds(1)), "the text that ann receives");
    }
    long growth = usedHeap() - before;
    assertTrue(growth < 16 << 20, () -> "64 MB later the heap has grown by " + growth);
    assertEquals(CloseStatus.TOO_SLOW, handler.awaitLeave("stalled"));
    assertEquals(1, handler.departures().size(), "only it has left");
    assertTrue(stalled.awaitEnd(Await.TIMEOUT), "its socket is closed");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  /** Counts completions of an operation. */
  private static final class CountingCompletion implements Completion {
    final AtomicInteger successes = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public void succeeded() {
      successes.incrementAndGet();
    }

    @Override
    public void failed(Throwable cause) {
      failures.incrementAndGet();
    }

    int times() {
      return successes.get() + failures.get();
    }

    /** Whether it ends so soon. */
    boolean awaitWithin(Duration time) {
      long deadline = System.nanoTime() + time.toNanos();
      while (times() == 0 && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      return times() > 0;
    }
  }

  /** Serves a chat, and gives the connection of its only client for the test to write to. */
  private Connection open(boolean batches, WireClient[] client) throws Exception {
    AtomicReference<Connection> opened = new AtomicReference<>();
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(
        chat,
        new CapturingBinding(batches ? new JettyBinding() : TestServer.unbatchedBinding(), opened));
    client[0] = testServer.join(chat, "hall", "ann");
    return opened.get();
  }

  /** Another wiring, and the connection that it made last. */
  private static class CapturingBinding implements ServerBinding {
    private final ServerBinding binding;
    private final AtomicReference<Connection> opened;

    CapturingBinding(ServerBinding binding, AtomicReference<Connection> opened) {
      this.binding = binding;
      this.opened = opened;
    }

    @Override
    public void upgrade(
        ServerContainer container,
        HttpServletRequest request,
        HttpServletResponse response,
        ServerEndpointConfig config,
        Map<String, String> parameters,
        Gateway gateway)
        throws IOException, DeploymentException {
      binding.upgrade(container, request, response, config, parameters, gateway);
    }

    @Override
    public Connection connection(Session session, Limits limits) {
      Connection connection = binding.connection(session, limits);
      opened.set(connection);
      return connection;
    }

    @Override
    public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
      return binding.receiver(session, receiver, gateway);
    }
  }

  private static Batch chunkBatch() {
    Frame half = Frame.text("~".repeat(CHUNK_CHARS / 2));
    return Batch.of(half, half);
  }

  /** Writes until the client's and the system's buffers are full; the last write is stuck. */
  private static List<CountingCompletion> fill(Connection connection) {
    List<CountingCompletion> writes = new ArrayList<>();
    do {
      CountingCompletion completion = new CountingCompletion();
      connection.write(chunkBatch(), completion);
      writes.add(completion);
    } while (writes.get(writes.size() - 1).awaitWithin(Duration.ofSeconds(1)));
    assertTrue(writes.size() > 1 && writes.size() < 1000, "after " + writes.size() + " writes");
    return writes;
  }

  @ParameterizedTest(name = "batches: {0}")
  @ValueSource(booleans = {true, false})
  void aPingToAStalledPeerDoesNotBlock(boolean batches) throws Exception {
    Connection connection = open(batches, new WireClient[1]);
    fill(connection);
    CountingCompletion pinged = new CountingCompletion();
    long begin = System.nanoTime();
    connection.ping(pinged);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(elapsed.toMillis() < 200, () -> "the ping took " + elapsed);
    assertEquals(0, pinged.times(), "it waits");
    connection.abort();
    Await.until("it failed", () -> pinged.times() > 0);
    assertEquals(1, pinged.times());
  }

  @ParameterizedTest(name = "batches: {0}")
  @ValueSource(booleans = {true, false})
  void everyWriteIsCompletedExactlyOnceWhenTheConnectionIsAborted(boolean batches)
      throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(batches, client);
    List<CountingCompletion> writes = fill(connection);
    CountingCompletion stuck = writes.get(writes.size() - 1);
    connection.abort();
    connection.abort();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertTrue(client[0].awaitEnd(Await.TIMEOUT), "the socket is closed");
    CountingCompletion late = new CountingCompletion();
    connection.write(chunkBatch(), late);
    Await.until("a write that comes too late fails", () -> late.failures.get() == 1);
    connection.ping(late);
    Await.until("a ping that comes too late fails", () -> late.failures.get() == 2);
    for (CountingCompletion write : writes) {
      assertEquals(1, write.times(), "completions of a write");
    }
    assertEquals(2, late.times());
  }

  @ParameterizedTest(name = "batches: {0}")
  @ValueSource(booleans = {true, false})
  void everyWriteIsCompletedExactlyOnceWhenTheClientVanishes(boolean batches) throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(batches, client);
    List<CountingCompletion> writes = fill(connection);
    CountingCompletion stuck = writes.get(writes.size() - 1);
    client[0].vanish();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertEquals(CloseStatus.LOST, handler.awaitLeave("ann"));
    for (CountingCompletion write : writes) {
      assertEquals(1, write.times(), "completions of a write");
    }
  }

  /** Counts the pongs that are reported to a receiver. */
  private record PongCounter(Receiver receiver, AtomicInteger pongs) implements Receiver {
    @Override
    public void text(String text) {
      receiver.text(text);
    }

    @Override
    public void binary(ByteBuffer bytes) {
      receiver.binary(bytes);
    }

    @Override
    public void pong() {
      pongs.incrementAndGet();
      receiver.pong();
    }

    @Override
    public void closed(int code, String reason) {
      receiver.closed(code, reason);
    }
  }

  @Test
  void everyPingAndPongOfAClientIsReportedToTheChat() throws Exception {
    AtomicInteger pongs = new AtomicInteger();
    JettyBinding binding = new JettyBinding();
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(
        chat,
        new CapturingBinding(binding, new AtomicReference<>()) {
          @Override
          public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
            return binding.receiver(session, new PongCounter(receiver, pongs), gateway);
          }
        });
    WireClient ann = testServer.join(chat, "hall", "ann");
    for (int i = 0; i < 100; i++) {
      ann.pong(new byte[0]);
      ann.ping(new byte[0]);
    }
    ann.text("last");
    assertEquals("last", ann.nextText());
    assertEquals(200, pongs.get());
  }

  @Test
  void aClientThatPingsAndDoesNotReadIsStillRead() throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(true, client);
    fill(connection);
    for (byte i = 0; i < 5; i++) {
      client[0].ping(new byte[] {i});
    }
    client[0].text("still read");
    Await.until("the message is handled", () -> handler.messages().contains("still read"));
    connection.abort();
  }

  @Test
  void theServersIdleTimeoutDoesNotCloseAClientThatOnlyAnswersPings() throws Exception {
    testServer.connector.setIdleTimeout(300);
    Chat chat =
        testServer.chat(
            handler, TestServer.LIMITS.withLiveness(Duration.ofMillis(800), Duration.ofSeconds(3)));
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.assertSilent(Duration.ofMillis(2200));
    assertTrue(ann.pings().size() >= 1, "it was pinged");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void aDeadPeerIsClosedAlthoughNoIdleTimeoutOfTheServerFires() throws Exception {
    testServer.connector.setIdleTimeout(0);
    Chat chat =
        testServer.chat(
            handler,
            TestServer.LIMITS.withLiveness(Duration.ofMillis(200), Duration.ofMillis(700)));
    testServer.serve(chat);
    WireClient dead = testServer.join(chat, "hall", "dead");
    dead.answerPings(false);
    dead.answerCloses(false);
    assertEquals(CloseStatus.IDLE_TIMEOUT, handler.awaitLeave("dead"));
    assertEquals(new Received.Close(4001, "no sign of life"), dead.awaitClose());
    assertTrue(dead.awaitEnd(Await.TIMEOUT), "its socket is closed");
    Await.until("it is not counted", () -> chat.connections() == 0);
  }

  @Test
  void aMessageLargerThanJettysFramesArrivesWhole() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    String text = "ü".repeat(200_000);
    byte[] bytes = "b".repeat(400_000).getBytes(StandardCharsets.UTF_8);
    chat.announce("before");
    chat.announce(text);
    chat.announce(Payload.bytes(bytes), chat.rooms());
    chat.announce("after");
    assertEquals("before", ann.nextText());
    assertEquals(text, ann.nextText());
    assertEquals(bytes.length * 2, ((Received.Binary) ann.next()).hex().length());
    assertEquals("after", ann.nextText());
  }

  @Test
  void aWriteToAVanishedClientRunsNoCallbackOnTheWriteLoop() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    String chunk = "~".repeat(CHUNK_CHARS);
    for (int i = 0; i < 100; i++) {
      WireClient client = testServer.join(chat, "hall", "p" + i);
      chat.announce(chunk);
      client.vanish();
      for (int j = 0; j < 3; j++) {
        chat.announce(chunk);
      }
    }
    Await.until("all have left", () -> handler.departures().size() == 100);
    List<String> writeLoopThreads =
        handler.departures().stream()
            .map(RecordingHandler.Departure::thread)
            .filter(name -> name.startsWith("roomful-write"))
            .toList();
    assertEquals(List.of(), writeLoopThreads);
  }
}
