package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.frames.FrameWriter;
import dev.roomful.testkit.ConnectRequest;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import io.undertow.UndertowOptions;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.websocket.Session;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xnio.Options;

/** Batches and control frames on a real server, on each path to the socket. */
class WritePathTest {
  /** The configuration of a server, which determines the path of batches. */
  enum WritePath {
    /** Straight to the socket. */
    SOCKET,
    /** Straight to the socket while Undertow counts bytes. */
    SOCKET_WITH_STATISTICS,
    /** On the I/O thread, because only that may use the timeout's conduit. */
    IO_THREAD,
    /** On the I/O thread, because of TLS. */
    TLS
  }

  private static final int SMALL_BUFFER = 8 * 1024;
  private static @Nullable TestCertificate certificate;

  private final CountDownLatch messageReceived = new CountDownLatch(1);
  private final RecordingHandler recordingHandler =
      new RecordingHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          messageReceived.countDown();
        }
      };
  private @Nullable TestServer testServer;
  private @Nullable Connection connection;

  @BeforeAll
  static void createCertificate(@TempDir Path folder) throws Exception {
    certificate = TestCertificate.create(folder);
  }

  @AfterEach
  void stop() throws Exception {
    if (testServer != null) {
      testServer.stop();
    }
  }

  /** Connects a client that does not read before the test does, and captures its connection. */
  private WireClient open(WritePath path) throws Exception {
    return open(path, false, recordingHandler);
  }

  private WireClient open(WritePath path, boolean deflate, RoomHandler handler) throws Exception {
    TestServer started = new TestServer(path == WritePath.TLS ? certificate : null);
    testServer = started;
    started.builder.setSocketOption(Options.SEND_BUFFER, SMALL_BUFFER);
    if (path == WritePath.IO_THREAD) {
      started.builder.setSocketOption(Options.WRITE_TIMEOUT, 60_000);
    }
    started.builder.setServerOption(
        UndertowOptions.ENABLE_STATISTICS, path == WritePath.SOCKET_WITH_STATISTICS);
    // A slow machine needs time to read what was written.
    Chat chat = started.chat(handler, TestServer.LIMITS.withCloseTimeout(Duration.ofSeconds(10)));
    started.serve(
        chat,
        new UndertowBinding() {
          @Override
          public Connection connection(Session session, Limits limits) {
            connection = super.connection(session, limits);
            return connection;
          }
        });
    if (deflate) {
      ((WebSocketDeploymentInfo)
              started
                  .deployment
                  .getServletContextAttributes()
                  .get(WebSocketDeploymentInfo.ATTRIBUTE_NAME))
          .addExtension(new PerMessageDeflateHandshake());
    }
    ConnectRequest request = started.request("/chat/hall/ann").receiveBuffer(SMALL_BUFFER / 2);
    WireClient client = started.connect(deflate ? request.offer("permessage-deflate") : request);
    TestServer.awaitParticipant(chat, "ann");
    boolean direct = socket().writesOnAnyThread();
    assertEquals(
        path == WritePath.SOCKET || path == WritePath.SOCKET_WITH_STATISTICS,
        direct,
        "batches are written on any thread");
    return client;
  }

  private UndertowSocket socket() {
    return (UndertowSocket) ((FrameWriter) connection()).socket();
  }

  private Connection connection() {
    Connection opened = connection;
    assertNotNull(opened);
    return opened;
  }

  /** Records the outcome of an operation and how often it was reported. */
  private static final class TrackedCompletion implements Completion {
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private final AtomicInteger completions = new AtomicInteger();

    @Override
    public void succeeded() {
      completions.incrementAndGet();
      outcome.complete(true);
    }

    @Override
    public void failed(Throwable cause) {
      completions.incrementAndGet();
      outcome.complete(false);
    }

    boolean isPending() {
      return completions.get() == 0;
    }

    boolean awaitSuccess() throws Exception {
      return outcome.get(20, TimeUnit.SECONDS);
    }
  }

  private TrackedCompletion write(Batch batch) {
    TrackedCompletion completion = new TrackedCompletion();
    connection().write(batch, completion);
    return completion;
  }

  /** Creates a batch of about 64 KiB with headers of all lengths, different for each seed. */
  private static Batch batch(long seed, List<Received> expected) {
    Random random = new Random(seed);
    List<Frame> frames = new ArrayList<>();
    for (int size : new int[] {0, 1, 125, 126, 127, 3000, 20_000, 40_000}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      if (size % 2 == 0) {
        frames.add(Frame.binary(bytes));
        expected.add(new Received.Binary(HexFormat.of().formatHex(bytes)));
      } else {
        String text = HexFormat.of().formatHex(bytes) + "\u00e9\ud83d\ude00";
        frames.add(Frame.text(text));
        expected.add(new Received.Text(text));
      }
    }
    return Batch.of(frames.toArray(Frame[]::new));
  }

  /** Returns when the IO thread has run the tasks that it had. */
  private void awaitIoThread() throws Exception {
    CompletableFuture<Void> posted = new CompletableFuture<>();
    socket().ioThread().execute(() -> posted.complete(null));
    posted.get(5, TimeUnit.SECONDS);
  }

  /** Starts to write a batch that does not fit into the buffers of the network. */
  private TrackedCompletion halfWritten(List<Received> expected) throws Exception {
    TrackedCompletion completion = write(batch(1, expected));
    awaitIoThread();
    assertTrue(completion.isPending(), "the client does not read, and the buffers are small");
    return completion;
  }

  /** Fails with a short description, because batches are large. */
  private static void assertReceived(Received expected, Received received, int index) {
    if (!expected.equals(received)) {
      String description = received.toString();
      throw new AssertionError(
          "message "
              + index
              + " was received as "
              + description.substring(0, Math.min(100, description.length())));
    }
  }

  private static void assertReceives(WireClient client, List<Received> expected) {
    for (int i = 0; i < expected.size(); i++) {
      Received received = client.next();
      assertReceived(expected.get(i), received, i);
    }
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void batchesAreByteExactAmongPingsOfBothSides(WritePath path) throws Exception {
    WireClient client = open(path);
    int batches = 150;
    List<Received> expected = new ArrayList<>();
    List<Batch> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      all.add(batch(i, expected));
    }
    CompletableFuture<Integer> written =
        CompletableFuture.supplyAsync(
            () -> {
              int pinged = 0;
              try {
                for (Batch batch : all) {
                  assertTrue(write(batch).awaitSuccess());
                  if (batch.hashCode() % 3 == 0) {
                    TrackedCompletion ping = new TrackedCompletion();
                    connection().ping(ping);
                    assertTrue(ping.awaitSuccess());
                    pinged++;
                  }
                }
              } catch (Exception broken) {
                throw new AssertionError(broken);
              }
              return pinged;
            });
    List<Received.Pong> pongs = new ArrayList<>();
    int clientPings = 0;
    for (int i = 0; i < expected.size(); ) {
      // The chat ends a connection that pings all the time.
      if (i % 6 == 0 && clientPings <= i / 6) {
        client.ping(String.valueOf(clientPings++).getBytes(StandardCharsets.UTF_8));
      }
      Received received = client.next();
      if (received instanceof Received.Pong pong) {
        pongs.add(pong);
      } else {
        assertReceived(expected.get(i), received, i++);
      }
    }
    // While a batch is written in part, the latest ping is answered in place of those before it.
    while (pongs.isEmpty() || number(pongs.get(pongs.size() - 1)) < clientPings - 1) {
      pongs.add((Received.Pong) client.next());
    }
    List<Integer> numbers = pongs.stream().map(WritePathTest::number).toList();
    assertEquals(numbers.stream().distinct().sorted().toList(), numbers);
    int pinged = written.get(5, TimeUnit.SECONDS);
    client.ping(new byte[0]);
    client.next();
    assertEquals(pinged, client.pings().size());
  }

  private static int number(Received.Pong pong) {
    return Integer.parseInt(new String(pong.bytes(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aPongFollowsAHalfWrittenBatch(WritePath path) throws Exception {
    WireClient client = open(path);
    List<Received> expected = new ArrayList<>();
    TrackedCompletion completion = halfWritten(expected);
    client.ping(new byte[] {7});
    client.text("the ping was read before this");
    assertTrue(messageReceived.await(5, TimeUnit.SECONDS));
    expected.add(new Received.Pong("07"));
    assertReceives(client, expected);
    assertTrue(completion.awaitSuccess());
    assertEquals(1, completion.completions.get());
    List<Received> more = new ArrayList<>();
    TrackedCompletion next = write(batch(2, more));
    assertReceives(client, more);
    assertTrue(next.awaitSuccess());
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void theCloseFrameFollowsABatchWrittenInParts(WritePath path) throws Exception {
    WireClient client = open(path);
    List<Received> expected = new ArrayList<>();
    TrackedCompletion completion = halfWritten(expected);
    CompletableFuture<Void> closing =
        completion.outcome.thenAcceptAsync(success -> connection().close(1000, "that is all"));
    expected.add(new Received.Close(1000, "that is all"));
    assertReceives(client, expected);
    closing.get(5, TimeUnit.SECONDS);
    assertTrue(completion.awaitSuccess());
    assertTrue(client.awaitEnd(Await.TIMEOUT));
    assertEquals(1, completion.completions.get());
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aClientThatClosesDuringABatchIsAnsweredAfterIt(WritePath path) throws Exception {
    WireClient client = open(path);
    List<Received> expected = new ArrayList<>();
    TrackedCompletion completion = halfWritten(expected);
    client.close(1000, "enough");
    assertEquals(1000, recordingHandler.awaitLeave("ann").code());
    expected.add(new Received.Close(1000, "enough"));
    assertReceives(client, expected);
    assertTrue(completion.awaitSuccess());
    assertTrue(client.awaitEnd(Await.TIMEOUT));
    assertEquals(1, completion.completions.get());
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aBatchAfterTheCloseFrameFailsOnceAndIsNotSent(WritePath path) throws Exception {
    WireClient client = open(path);
    client.answerCloses(false);
    connection().close(4000, "go");
    TrackedCompletion late = write(batch(3, new ArrayList<>()));
    assertEquals(new Received.Close(4000, "go"), client.next());
    assertTrue(late.isPending() || !late.awaitSuccess());
    client.close(4000, "");
    assertFalse(late.awaitSuccess());
    assertEnd(client.next());
    assertEquals(1, late.completions.get());
  }

  private static void assertEnd(Received received) {
    assertTrue(received instanceof Received.End, () -> "received " + received);
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void anAbortDuringABatchCompletesItExactlyOnce(WritePath path) throws Exception {
    WireClient client = open(path);
    TrackedCompletion completion = halfWritten(new ArrayList<>());
    client.ping(new byte[] {9});
    connection().abort();
    connection().abort();
    assertFalse(completion.awaitSuccess());
    assertTrue(client.awaitEnd(Await.TIMEOUT), "the socket is closed");
    TrackedCompletion late = write(batch(4, new ArrayList<>()));
    assertFalse(late.awaitSuccess());
    recordingHandler.awaitLeave("ann");
    assertEquals(1, completion.completions.get());
    assertEquals(1, late.completions.get());
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aClientThatVanishesDuringABatchFailsItExactlyOnce(WritePath path) throws Exception {
    WireClient client = open(path);
    TrackedCompletion completion = halfWritten(new ArrayList<>());
    client.vanish();
    assertFalse(completion.awaitSuccess());
    assertEquals(1006, recordingHandler.awaitLeave("ann").code());
    assertEquals(1, completion.completions.get());
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void offeredAndInstalledDeflateDoesNotPreventBatches(WritePath path) throws Exception {
    WireClient client = open(path, true, recordingHandler);
    assertNull(client.responseHeaders().get("Sec-WebSocket-Extensions"));
    List<Received> expected = new ArrayList<>();
    TrackedCompletion completion = write(batch(6, expected));
    assertReceives(client, expected);
    assertTrue(completion.awaitSuccess());
  }
}
