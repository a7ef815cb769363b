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
import dev.roomful.jakarta.Wiring;
import dev.roomful.testkit.Dial;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import io.undertow.UndertowOptions;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.jsr.UndertowSession;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
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

/** Batches among Undertow's own frames, on a real server, each way that they can go. */
class WritePathTest {
  /** How a server is set up, and with it the way of the batches. */
  enum Way {
    /** Straight to the socket. */
    GATE,
    /** The same, while Undertow counts bytes. */
    GATE_AND_STATISTICS,
    /** Through Undertow's queue, because of a timeout that only its IO thread may touch. */
    QUEUE,
    /** Through Undertow's queue, because of TLS. */
    TLS
  }

  private static final int SMALL_BUFFER = 8 * 1024;
  private static @Nullable Certificate certificate;

  private final CountDownLatch heard = new CountDownLatch(1);
  private final Diary diary =
      new Diary() {
        @Override
        public void onMessage(Room room, Message message) {
          heard.countDown();
        }
      };
  private @Nullable Site site;
  private @Nullable UndertowSession session;
  private @Nullable Connection connection;

  @BeforeAll
  static void certify(@TempDir Path folder) throws Exception {
    certificate = Certificate.in(folder);
  }

  @AfterEach
  void stop() throws Exception {
    if (site != null) {
      site.stop();
    }
  }

  /** A client that does not read before it is told, and its connection in the hands of the test. */
  private WireClient open(Way way) throws Exception {
    return open(way, false, diary);
  }

  private WireClient open(Way way, boolean deflate, RoomHandler handler) throws Exception {
    Site started = new Site(way == Way.TLS ? certificate : null);
    site = started;
    started.builder.setSocketOption(Options.SEND_BUFFER, SMALL_BUFFER);
    if (way == Way.QUEUE) {
      started.builder.setSocketOption(Options.WRITE_TIMEOUT, 60_000);
    }
    started.builder.setServerOption(
        UndertowOptions.ENABLE_STATISTICS, way == Way.GATE_AND_STATISTICS);
    // On a slow machine it takes its time to read what was written.
    Chat chat = started.chat(handler, Site.LIMITS.closeTimeout(Duration.ofSeconds(10)));
    started.serve(chat, lent(new UndertowWiring()));
    if (deflate) {
      ((WebSocketDeploymentInfo)
              started
                  .deployment
                  .getServletContextAttributes()
                  .get(WebSocketDeploymentInfo.ATTRIBUTE_NAME))
          .addExtension(new PerMessageDeflateHandshake());
    }
    Dial dial = started.dial("/chat/hall/ann").receiveBuffer(SMALL_BUFFER / 2);
    WireClient client = started.connect(deflate ? dial.offer("permessage-deflate") : dial);
    Site.participant(chat, "ann");
    boolean gated = ((UndertowConnection) connection()).isGated();
    assertEquals(way == Way.GATE || way == Way.GATE_AND_STATISTICS, gated, "is a gate in place?");
    return client;
  }

  private Wiring lent(Wiring wiring) {
    return new Wiring() {
      @Override
      public Wiring upgrading(HttpServletRequest request) {
        return lent(wiring.upgrading(request));
      }

      @Override
      public Connection connection(Session opened, Limits limits) {
        session = (UndertowSession) opened;
        connection = wiring.connection(opened, limits);
        return connection;
      }

      @Override
      public Receiver receiver(Session opened, Receiver receiver, Gateway gateway) {
        return wiring.receiver(opened, receiver, gateway);
      }
    };
  }

  private Connection connection() {
    Connection opened = connection;
    assertNotNull(opened);
    return opened;
  }

  /** How one operation ended, and how often that was told. */
  private static final class Ended implements Completion {
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();
    private final AtomicInteger times = new AtomicInteger();

    @Override
    public void succeeded() {
      times.incrementAndGet();
      first.complete(true);
    }

    @Override
    public void failed(Throwable cause) {
      times.incrementAndGet();
      first.complete(false);
    }

    boolean isPending() {
      return times.get() == 0;
    }

    boolean well() throws Exception {
      return first.get(20, TimeUnit.SECONDS);
    }
  }

  private Ended write(Batch batch) {
    Ended ended = new Ended();
    connection().write(batch, ended);
    return ended;
  }

  /** About 64 KiB of frames with all lengths of headers, no two alike. */
  private static Batch batch(long seed, List<Received> expected) {
    Random random = new Random(seed);
    Batch batch = new Batch();
    for (int size : new int[] {0, 1, 125, 126, 127, 3000, 20_000, 40_000}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      if (size % 2 == 0) {
        assertTrue(batch.add(Frame.binary(bytes)));
        expected.add(new Received.Binary(HexFormat.of().formatHex(bytes)));
      } else {
        String text = HexFormat.of().formatHex(bytes) + "\u00e9\ud83d\ude00";
        assertTrue(batch.add(Frame.text(text)));
        expected.add(new Received.Text(text));
      }
    }
    return batch;
  }

  /** Returns when the IO thread has done what was posted to it. */
  private void settle() throws Exception {
    CompletableFuture<Void> posted = new CompletableFuture<>();
    assertNotNull(session);
    session.getWebSocketChannel().getIoThread().execute(() -> posted.complete(null));
    posted.get(5, TimeUnit.SECONDS);
  }

  /** A batch that does not fit into the buffers of the network, half way out. */
  private Ended halfWritten(List<Received> expected) throws Exception {
    Ended ended = write(batch(1, expected));
    settle();
    assertTrue(ended.isPending(), "the client does not read, and the buffers are small");
    return ended;
  }

  /** Tells the difference in few words. */
  private static void assertReceived(Received expected, Received received, int index) {
    if (!expected.equals(received)) {
      String came = received.toString();
      throw new AssertionError(
          "number " + index + " came as " + came.substring(0, Math.min(100, came.length())));
    }
  }

  private static void assertReceives(WireClient client, List<Received> expected) {
    for (int i = 0; i < expected.size(); i++) {
      Received received = client.next();
      assertReceived(expected.get(i), received, i);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void batchesAreByteExactAmongPingsOfBothSides(Way way) throws Exception {
    WireClient client = open(way);
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
                  assertTrue(write(batch).well());
                  if (batch.hashCode() % 3 == 0) {
                    Ended ping = new Ended();
                    connection().ping(ping);
                    assertTrue(ping.well());
                    pinged++;
                  }
                }
              } catch (Exception broken) {
                throw new AssertionError(broken);
              }
              return pinged;
            });
    List<Received.Pong> answers = new ArrayList<>();
    int asked = 0;
    for (int i = 0; i < expected.size(); ) {
      // Few enough for Undertow, which ends a connection that pings all the time.
      if (i % 6 == 0 && asked <= i / 6) {
        client.ping(String.valueOf(asked++).getBytes(StandardCharsets.UTF_8));
      }
      Received received = client.next();
      if (received instanceof Received.Pong pong) {
        answers.add(pong);
      } else {
        assertReceived(expected.get(i), received, i++);
      }
    }
    while (answers.size() < asked) {
      answers.add((Received.Pong) client.next());
    }
    for (int i = 0; i < asked; i++) {
      assertEquals(String.valueOf(i), new String(answers.get(i).bytes(), StandardCharsets.UTF_8));
    }
    int pinged = written.get(5, TimeUnit.SECONDS);
    client.ping(new byte[0]);
    client.next();
    assertEquals(pinged, client.pings().size());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aPongComesBehindAHalfWrittenBatch(Way way) throws Exception {
    WireClient client = open(way);
    List<Received> expected = new ArrayList<>();
    Ended ended = halfWritten(expected);
    client.ping(new byte[] {7});
    client.text("the ping was read before this");
    assertTrue(heard.await(5, TimeUnit.SECONDS));
    expected.add(new Received.Pong("07"));
    assertReceives(client, expected);
    assertTrue(ended.well());
    assertEquals(1, ended.times.get());
    List<Received> more = new ArrayList<>();
    Ended next = write(batch(2, more));
    assertReceives(client, more);
    assertTrue(next.well());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theCloseFrameComesRightBehindABatchThatWasWrittenInParts(Way way) throws Exception {
    WireClient client = open(way);
    List<Received> expected = new ArrayList<>();
    Ended ended = halfWritten(expected);
    CompletableFuture<Void> closing =
        ended.first.thenAcceptAsync(well -> connection().close(1000, "that is all"));
    expected.add(new Received.Close(1000, "that is all"));
    assertReceives(client, expected);
    closing.get(5, TimeUnit.SECONDS);
    assertTrue(ended.well());
    assertTrue(client.awaitEnd(Await.PATIENCE));
    assertEquals(1, ended.times.get());
  }

  /** Not with TLS, of which Undertow closes the way out too when the client's close was read. */
  @ParameterizedTest
  @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "TLS")
  void aClientThatClosesAmidABatchIsAnsweredBehindIt(Way way) throws Exception {
    WireClient client = open(way);
    List<Received> expected = new ArrayList<>();
    Ended ended = halfWritten(expected);
    client.close(1000, "enough");
    assertEquals(1000, diary.awaitLeft("ann").code());
    expected.add(new Received.Close(1000, "enough"));
    assertReceives(client, expected);
    assertTrue(ended.well());
    assertTrue(client.awaitEnd(Await.PATIENCE));
    assertEquals(1, ended.times.get());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aBatchBehindTheCloseFrameFailsOnceAndIsNotSent(Way way) throws Exception {
    WireClient client = open(way);
    client.answerCloses(false);
    connection().close(4000, "go");
    Ended behind = write(batch(3, new ArrayList<>()));
    assertEquals(new Received.Close(4000, "go"), client.next());
    assertTrue(behind.isPending() || !behind.well());
    client.close(4000, "");
    assertFalse(behind.well());
    assertInstanceOfEnd(client.next());
    assertEquals(1, behind.times.get());
  }

  private static void assertInstanceOfEnd(Received received) {
    assertTrue(received instanceof Received.End, () -> "came " + received);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aBatchWaitsForAHalfWrittenFrameOfUndertow(Way way) throws Exception {
    WireClient client = open(way);
    assertNotNull(session);
    byte[] large = new byte[300_000];
    new Random(5).nextBytes(large);
    WebSockets.sendBinary(ByteBuffer.wrap(large), session.getWebSocketChannel(), null);
    settle();
    List<Received> expected = new ArrayList<>();
    expected.add(new Received.Binary(HexFormat.of().formatHex(large)));
    Ended ended = halfWritten(expected);
    client.ping(new byte[] {8});
    client.text("the ping was read before this");
    assertTrue(heard.await(5, TimeUnit.SECONDS));
    // The pong is Undertow's too: it may come before the batch that is still whole, or behind it.
    List<Received> messages = new ArrayList<>();
    for (int i = 0; i <= expected.size(); i++) {
      Received received = client.next();
      if (!(received instanceof Received.Pong)) {
        messages.add(received);
      }
    }
    for (int i = 0; i < expected.size(); i++) {
      assertReceived(expected.get(i), messages.get(i), i);
    }
    assertEquals(List.of(new Received.Pong("08")), client.pongs());
    assertTrue(ended.well());
    assertEquals(1, ended.times.get());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anAbortAmidABatchCompletesItExactlyOnce(Way way) throws Exception {
    WireClient client = open(way);
    Ended ended = halfWritten(new ArrayList<>());
    client.ping(new byte[] {9});
    connection().abort();
    connection().abort();
    assertFalse(ended.well());
    assertTrue(client.awaitEnd(Await.PATIENCE), "the socket is closed");
    Ended late = write(batch(4, new ArrayList<>()));
    assertFalse(late.well());
    diary.awaitLeft("ann");
    assertEquals(1, ended.times.get());
    assertEquals(1, late.times.get());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aClientThatVanishesAmidABatchFailsItExactlyOnce(Way way) throws Exception {
    WireClient client = open(way);
    Ended ended = halfWritten(new ArrayList<>());
    client.vanish();
    assertFalse(ended.well());
    assertEquals(1006, diary.awaitLeft("ann").code());
    assertEquals(1, ended.times.get());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void deflateThatIsOfferedAndInstalledIsNotInTheWay(Way way) throws Exception {
    WireClient client = open(way, true, diary);
    assertNull(client.responseHeaders().get("Sec-WebSocket-Extensions"));
    List<Received> expected = new ArrayList<>();
    Ended ended = write(batch(6, expected));
    assertReceives(client, expected);
    assertTrue(ended.well());
  }
}
