package dev.roomful.undertow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import io.undertow.UndertowOptions;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.websocket.Session;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.Options;

/** Peculiarities of Undertow that must not reach a chat, on a real server. */
class UndertowQuirksTest {
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

  @ParameterizedTest(name = "opcode {0}")
  @ValueSource(ints = {1, 8, 9, 10})
  void anUnmaskedFrameEndsTheConnectionHoweverItIsSplit(int opcode) throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    byte[] masked = WireClient.encode(true, 0, 2, new byte[300], true);
    byte[] unmasked = WireClient.encode(true, 0, opcode, new byte[] {3, (byte) 232}, false);
    byte[] both = Arrays.copyOf(masked, masked.length + unmasked.length);
    System.arraycopy(unmasked, 0, both, masked.length, unmasked.length);
    for (int split : new int[] {masked.length, masked.length + 1, both.length}) {
      WireClient ann = testServer.join(chat, "hall", "ann");
      ann.raw(Arrays.copyOf(both, split));
      if (split < both.length) {
        assertEquals(new Received.Binary("00".repeat(300)), ann.next());
        ann.raw(Arrays.copyOfRange(both, split, both.length));
      }
      assertEquals(1002, ann.awaitClose().code());
      Await.until("it has left", () -> chat.participants() == 0);
    }
  }

  @Test
  void aHandshakeThatIsSentTooSlowlyIsEndedByUndertowsParseTimeout() throws Exception {
    testServer.builder.setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, 300);
    testServer.serve(testServer.chat(handler, TestServer.LIMITS));
    assertSlowHandshakeIsEnded(testServer.uri("http", "").getPort());
  }

  @Test
  void anEmbeddedServerEndsAHandshakeThatIsSentTooSlowly() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    try (UndertowChat embedded =
        UndertowChat.start(chat, TestServer.PATH, "localhost", 0, Duration.ofMillis(300))) {
      assertSlowHandshakeIsEnded(embedded.uri().getPort());
    }
  }

  /** Sends a byte at a time until the server has closed the connection. */
  private static void assertSlowHandshakeIsEnded(int port) throws Exception {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(20);
      socket.getOutputStream().write("GET /chat/hall/ann HTTP/1.1\r\nX-Slow: ".getBytes(UTF_8));
      Await.until("the server has closed the connection", () -> isClosedAfterOneMore(socket));
    }
  }

  private static boolean isClosedAfterOneMore(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Counts the reported outcomes of an operation. */
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

    /** {@return whether it ends within the time} */
    boolean awaitWithin(Duration time) {
      long deadline = System.nanoTime() + time.toNanos();
      while (times() == 0 && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      return times() > 0;
    }
  }

  /** Serves a chat and returns the connection of its only client, for the test to write to. */
  private Connection open(boolean direct, WireClient[] client) throws Exception {
    AtomicReference<Connection> opened = new AtomicReference<>();
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    if (!direct) { // Only the I/O thread may use the conduit of this timeout.
      testServer.builder.setSocketOption(Options.WRITE_TIMEOUT, 60_000);
    }
    testServer.serve(
        chat,
        new UndertowBinding() {
          @Override
          public Connection connection(Session session, Limits limits) {
            opened.set(super.connection(session, limits));
            return opened.get();
          }
        });
    client[0] = testServer.join(chat, "hall", "ann");
    return opened.get();
  }

  private static Batch chunkBatch() {
    Frame half = Frame.text("~".repeat(CHUNK_CHARS / 2));
    return Batch.of(half, half);
  }

  /** Writes until the buffers of the client and the system are full: the last write is stuck. */
  private static List<CountingCompletion> fill(Connection connection) {
    List<CountingCompletion> writes = new ArrayList<>();
    do {
      CountingCompletion completion = new CountingCompletion();
      connection.write(chunkBatch(), completion);
      writes.add(completion);
    } while (writes.get(writes.size() - 1).awaitWithin(Duration.ofSeconds(1)));
    assertTrue(writes.size() < 1000, "after " + writes.size() + " writes");
    return writes;
  }

  @ParameterizedTest(name = "on any thread: {0}")
  @ValueSource(booleans = {true, false})
  void everyWriteIsCompletedExactlyOnceWhenTheConnectionIsAborted(boolean direct) throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(direct, client);
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
      assertEquals(1, write.times(), "the number of outcomes of a write");
    }
    assertEquals(2, late.times());
  }

  @ParameterizedTest(name = "on any thread: {0}")
  @ValueSource(booleans = {true, false})
  void everyWriteIsCompletedExactlyOnceWhenTheClientVanishes(boolean direct) throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(direct, client);
    List<CountingCompletion> writes = fill(connection);
    CountingCompletion stuck = writes.get(writes.size() - 1);
    client[0].vanish();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertEquals(CloseStatus.LOST, handler.awaitLeave("ann"));
    for (CountingCompletion write : writes) {
      assertEquals(1, write.times(), "the number of outcomes of a write");
    }
  }

  @Test
  void theServerClosesTheSocketIfTheClientDoesNot() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.close(1000, "bye");
    assertEquals(new Received.Close(1000, "bye"), ann.awaitClose());
    assertEquals(new CloseStatus(1000, "bye"), handler.awaitLeave("ann"));
    assertTrue(ann.awaitEnd(Duration.ofSeconds(3)), "the server has closed the socket");
  }

  @Test
  void aBlockedHandlerUsesBoundedMemoryWhileItsClientFloods() throws Exception {
    int messages = (50 << 20) / CHUNK_CHARS;
    CountDownLatch unblocked = new CountDownLatch(1);
    List<Integer> handled = Collections.synchronizedList(new ArrayList<>());
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            Await.latch(unblocked);
            String text = message.text();
            handled.add(Integer.parseInt(text.substring(0, text.indexOf(':'))));
          }
        };
    Chat chat = testServer.chat(blocking, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    String chunk = "~".repeat(CHUNK_CHARS);
    long before = usedHeap();
    AtomicInteger sent = new AtomicInteger();
    Thread flood =
        new Thread(
            () -> {
              for (int i = 0; i < messages; i++) {
                ann.text(i + ":" + chunk);
                sent.set(i + 1);
              }
            });
    flood.start();
    Await.untilStable("the number of sent messages", Duration.ofMillis(400), sent::get);
    assertTrue(sent.get() < messages, "nothing slowed it down");
    long growth = usedHeap() - before;
    assertTrue(
        growth < 8 << 20, () -> "after " + sent + " messages the heap has grown by " + growth);
    unblocked.countDown();
    Await.until("all are handled", Duration.ofSeconds(15), () -> handled.size() == messages);
    assertEquals(IntStream.range(0, messages).boxed().toList(), handled);
    flood.join(Await.TIMEOUT.toMillis());
  }

  @Test
  void noCallbackRunsOnAThreadThatReadsForManyConnections() throws Exception {
    List<String> threads = Collections.synchronizedList(new ArrayList<>());
    RoomHandler watching =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant participant) {
            threads.add("join on " + Thread.currentThread().getName());
          }

          @Override
          public void onMessage(Room room, Message message) {
            threads.add("message on " + Thread.currentThread().getName());
          }

          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            threads.add("leave on " + Thread.currentThread().getName());
          }
        };
    Chat chat = testServer.chat(watching, TestServer.LIMITS);
    testServer.serve(chat);
    for (int i = 0; i < 20; i++) {
      WireClient ann = testServer.join(chat, "hall", "ann");
      ann.text("hello");
      if (i % 2 == 0) {
        ann.close(1000, "");
      } else {
        ann.vanish();
      }
      Await.until("it has left", () -> chat.participants() == 0);
    }
    assertEquals(
        List.of(), threads.stream().filter(thread -> thread.contains("I/O")).toList(), "callbacks");
  }

  /** Undertow then logs a stack trace for each session, which is not printed here. */
  @Test
  void stoppingTheServerAloneReportsEveryParticipantAsLost() throws Exception {
    Logger listeners = Logger.getLogger("org.xnio.listener");
    listeners.setLevel(Level.OFF);
    try {
      assertStoppingReportsEveryParticipantAsLost();
    } finally {
      listeners.setLevel(null);
    }
  }

  private void assertStoppingReportsEveryParticipantAsLost() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    for (int i = 0; i < 20; i++) {
      testServer.join(chat, "hall", "p" + i);
    }
    testServer.server().stop();
    Await.until("all have left", () -> handler.departures().size() == 20);
    assertEquals(
        List.of(CloseStatus.LOST),
        handler.departures().stream().map(RecordingHandler.Departure::status).distinct().toList());
    Await.until("none is counted", () -> chat.connections() == 0);
  }

  @Test
  void deflateThatTheApplicationHasInstalledIsNotNegotiatedForTheChat() throws Exception {
    testServer.deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
        new WebSocketDeploymentInfo().addExtension(new PerMessageDeflateHandshake()));
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann =
        testServer.connect(testServer.request("/chat/hall/ann").offer("permessage-deflate"));
    assertNull(ann.responseHeaders().get("Sec-WebSocket-Extensions"));
    ann.text("plain");
    assertEquals("plain", ann.nextText());
  }

  @Test
  void theServersIdleTimeoutDoesNotCloseAClientThatOnlyAnswersPings() throws Exception {
    testServer.builder.setServerOption(UndertowOptions.IDLE_TIMEOUT, 300);
    Chat chat =
        testServer.chat(
            handler,
            TestServer.LIMITS
                .withPingInterval(Duration.ofMillis(800))
                .withIdleTimeout(Duration.ofSeconds(3)));
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.assertSilent(Duration.ofMillis(2200));
    assertTrue(ann.pings().size() >= 1, "it was pinged");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }
}
