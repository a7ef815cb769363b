package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Overflow;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.Wiring;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import io.undertow.UndertowOptions;
import io.undertow.websockets.core.protocol.version07.WebSocket07Channel;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.jsr.UndertowSession;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Undertow does that a chat must not notice, on a real server. */
class UndertowTrapsTest {
  private static final int LUMP = 32 << 10;

  private final Diary diary = new Diary();
  private final Site site = new Site();

  @AfterEach
  void stop() throws Exception {
    site.stop();
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void aStalledReaderCostsBoundedMemoryIsCutAtItsDeadlineAndNobodyElseNotices() throws Exception {
    Chat chat =
        site.chat(
            Chat.builder(diary)
                .limits(Site.LIMITS.writeTimeout(Duration.ofSeconds(2)))
                .doorman(Site::asThePathSays)
                .rooms(RoomOptions.defaults().overflow(Overflow.DROP_OLDEST)));
    site.serve(chat);
    WireClient stalled = site.enter(chat, "hall", "stalled");
    WireClient ann = site.enter(chat, "hall", "ann");
    long before = used();
    String lump = "~".repeat(LUMP);
    for (int i = 0; i < 2000; i++) {
      String text = i + lump;
      chat.announce(text);
      assertEquals(text, ann.nextText(Duration.ofSeconds(1)), "what ann hears");
    }
    long more = used() - before;
    assertTrue(more < 16 << 20, () -> "64 MB later the heap has grown by " + more);
    assertEquals(CloseStatus.TOO_SLOW, diary.awaitLeft("stalled"));
    assertEquals(1, diary.left.size(), "only it has left");
    assertTrue(stalled.awaitEnd(Await.PATIENCE), "its socket is closed");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void theTextLimitHoldsWhenTheFirstPieceComesAlone() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS.messageBytes(8192));
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
    byte[] huge = new byte[32 << 20];
    Arrays.fill(huge, (byte) 'a');
    byte[] frame = WireClient.encode(true, 0, 1, huge, true);
    ann.raw(Arrays.copyOf(frame, 2000));
    ann.assertSilent(Duration.ofMillis(200));
    ann.raw(Arrays.copyOfRange(frame, 2000, 40_000));
    assertEquals(1009, ann.awaitClose().code());
    assertEquals(1009, diary.awaitLeft("ann").code());
  }

  @Test
  void deflateThatIsOfferedIsNotNegotiated() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    WireClient ann =
        site.connect(
            site.dial("/chat/hall/ann").offer("permessage-deflate; client_max_window_bits"));
    assertNull(ann.responseHeaders().get("Sec-WebSocket-Extensions"));
    ann.text("plain");
    assertEquals("plain", ann.nextText());
  }

  /** How often an operation was told to have ended. */
  private static final class Ended implements Completion {
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
    boolean within(Duration time) {
      long deadline = System.nanoTime() + time.toNanos();
      while (times() == 0 && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      return times() > 0;
    }
  }

  /** Serves a chat, and keeps the connection of its only client for the test to write to. */
  private Connection open(boolean gate, WireClient[] client) throws Exception {
    AtomicReference<Connection> opened = new AtomicReference<>();
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat, keeping(gate ? new UndertowWiring() : gateless(), opened));
    client[0] = site.enter(chat, "hall", "ann");
    return opened.get();
  }

  private static Wiring gateless() {
    return (session, limits) -> new UndertowConnection((UndertowSession) session, null);
  }

  private static Wiring keeping(Wiring wiring, AtomicReference<Connection> opened) {
    return new Wiring() {
      @Override
      public Wiring upgrading(HttpServletRequest request) {
        return keeping(wiring.upgrading(request), opened);
      }

      @Override
      public Connection connection(Session session, Limits limits) {
        Connection connection = wiring.connection(session, limits);
        opened.set(connection);
        return connection;
      }

      @Override
      public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
        return wiring.receiver(session, receiver, gateway);
      }
    };
  }

  private static Batch lump() {
    Batch batch = new Batch();
    batch.add(Frame.text("~".repeat(LUMP / 2)));
    batch.add(Frame.text("~".repeat(LUMP / 2)));
    return batch;
  }

  /** Writes until the client's and the system's buffers are full; the last write is stuck. */
  private static List<Ended> fill(Connection connection) {
    List<Ended> writes = new ArrayList<>();
    do {
      Ended ended = new Ended();
      connection.write(lump(), ended);
      writes.add(ended);
    } while (writes.get(writes.size() - 1).within(Duration.ofSeconds(1)));
    assertTrue(writes.size() > 1 && writes.size() < 1000, "after " + writes.size() + " writes");
    return writes;
  }

  @ParameterizedTest(name = "gate: {0}")
  @ValueSource(booleans = {true, false})
  void aPingToAStalledPeerDoesNotBlock(boolean gate) throws Exception {
    Connection connection = open(gate, new WireClient[1]);
    fill(connection);
    Ended pinged = new Ended();
    long begin = System.nanoTime();
    connection.ping(pinged);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took.toMillis() < 200, () -> "the ping took " + took);
    assertEquals(0, pinged.times(), "it is not on its way");
    connection.abort();
    Await.until("it failed", () -> pinged.times() > 0);
    assertEquals(1, pinged.times());
  }

  @ParameterizedTest(name = "gate: {0}")
  @ValueSource(booleans = {true, false})
  void everyWriteIsCompletedExactlyOnceWhenTheConnectionIsAborted(boolean gate) throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(gate, client);
    List<Ended> writes = fill(connection);
    Ended stuck = writes.get(writes.size() - 1);
    connection.abort();
    connection.abort();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertTrue(client[0].awaitEnd(Await.PATIENCE), "the socket is closed");
    Ended late = new Ended();
    connection.write(lump(), late);
    Await.until("a write that comes too late fails", () -> late.failures.get() == 1);
    connection.ping(late);
    Await.until("a ping that comes too late fails", () -> late.failures.get() == 2);
    for (Ended write : writes) {
      assertEquals(1, write.times(), "how often a write was told to have ended");
    }
    assertEquals(2, late.times());
  }

  @ParameterizedTest(name = "gate: {0}")
  @ValueSource(booleans = {true, false})
  void everyWriteIsCompletedExactlyOnceWhenTheClientVanishes(boolean gate) throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(gate, client);
    List<Ended> writes = fill(connection);
    Ended stuck = writes.get(writes.size() - 1);
    client[0].vanish();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertEquals(CloseStatus.LOST, diary.awaitLeft("ann"));
    for (Ended write : writes) {
      assertEquals(1, write.times(), "how often a write was told to have ended");
    }
  }

  @Test
  void manyWritesInUndertowsQueueAreCompletedExactlyOnceWhenTheConnectionIsAborted()
      throws Exception {
    AtomicReference<UndertowSession> session = new AtomicReference<>();
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(
        chat,
        (opened, limits) -> {
          session.set((UndertowSession) opened);
          return new UndertowConnection(session.get(), null);
        });
    site.enter(chat, "hall", "ann");
    WebSocket07Channel channel = (WebSocket07Channel) session.get().getWebSocketChannel();
    List<Ended> writes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Ended ended = new Ended();
      WireSink.write(channel, lump().wire(), ended);
      writes.add(ended);
    }
    assertEquals(0, writes.get(999).times(), "the last of 32 MB is not written");
    session.get().forceClose();
    Await.until(
        "every write is completed", () -> writes.stream().allMatch(write -> write.times() > 0));
    Await.until("the closing was told", () -> !diary.left.isEmpty());
    assertEquals(1000, writes.stream().mapToInt(Ended::times).sum(), "none is completed twice");
    assertEquals(1, writes.get(999).failures.get(), "the last one failed");
  }

  @Test
  void theSocketOfAClientThatClosesButNeverHangsUpIsClosed() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
    ann.close(1000, "bye");
    assertEquals(new Received.Close(1000, "bye"), ann.awaitClose());
    assertEquals(new CloseStatus(1000, "bye"), diary.awaitLeft("ann"));
    assertTrue(ann.awaitEnd(Duration.ofSeconds(3)), "the server has closed the socket");
  }

  @Test
  void aBlockedHandlerCostsBoundedMemoryWhileItsClientFloods() throws Exception {
    int messages = (50 << 20) / LUMP;
    CountDownLatch gate = new CountDownLatch(1);
    List<Integer> handled = Collections.synchronizedList(new ArrayList<>());
    RoomHandler blocking =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            Await.open(gate);
            String text = message.text();
            handled.add(Integer.parseInt(text.substring(0, text.indexOf(':'))));
          }
        };
    Chat chat = site.chat(blocking, Site.LIMITS);
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
    String lump = "~".repeat(LUMP);
    long before = used();
    AtomicInteger sent = new AtomicInteger();
    Thread flood =
        new Thread(
            () -> {
              for (int i = 0; i < messages; i++) {
                ann.text(i + ":" + lump);
                sent.set(i + 1);
              }
            });
    flood.start();
    Await.calm("what it can send", Duration.ofMillis(400), sent::get);
    assertTrue(sent.get() < messages, "nothing held it back");
    long more = used() - before;
    assertTrue(more < 8 << 20, () -> "after " + sent + " messages the heap has grown by " + more);
    gate.countDown();
    Await.until("all are handled", Duration.ofSeconds(15), () -> handled.size() == messages);
    assertEquals(IntStream.range(0, messages).boxed().toList(), handled);
    flood.join(Await.PATIENCE.toMillis());
  }

  @Test
  void noCallbackRunsOnAThreadThatReadsForManyConnections() throws Exception {
    List<String> threads = Collections.synchronizedList(new ArrayList<>());
    RoomHandler watching =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant who) {
            threads.add("joined on " + Thread.currentThread().getName());
          }

          @Override
          public void onMessage(Room room, Message message) {
            threads.add("said on " + Thread.currentThread().getName());
          }

          @Override
          public void onLeave(Room room, Participant who, CloseStatus why) {
            threads.add("left on " + Thread.currentThread().getName());
          }
        };
    Chat chat = site.chat(watching, Site.LIMITS);
    site.serve(chat);
    for (int i = 0; i < 20; i++) {
      WireClient ann = site.enter(chat, "hall", "ann");
      ann.text("hello");
      if (i % 2 == 0) {
        ann.close(1000, "");
      } else {
        ann.vanish();
      }
      Await.until("it has gone", () -> chat.participants() == 0);
    }
    assertEquals(
        List.of(), threads.stream().filter(thread -> thread.contains("I/O")).toList(), "callbacks");
  }

  @Test
  void stoppingTheServerAloneTellsThatEverybodyWasLost() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    for (int i = 0; i < 20; i++) {
      site.enter(chat, "hall", "p" + i);
    }
    site.server().stop();
    Await.until("all have left", () -> diary.left.size() == 20);
    assertEquals(
        List.of(CloseStatus.LOST), diary.left.stream().map(Diary.Left::why).distinct().toList());
    Await.until("none is counted", () -> chat.connections() == 0);
  }

  @Test
  void deflateThatTheApplicationHasInstalledIsNotNegotiatedForTheChat() throws Exception {
    site.deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
        new WebSocketDeploymentInfo().addExtension(new PerMessageDeflateHandshake()));
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    WireClient ann = site.connect(site.dial("/chat/hall/ann").offer("permessage-deflate"));
    assertNull(ann.responseHeaders().get("Sec-WebSocket-Extensions"));
    ann.text("plain");
    assertEquals("plain", ann.nextText());
  }

  @Test
  void theServersIdleTimeoutDoesNotEndAClientThatOnlyAnswersPings() throws Exception {
    site.builder.setServerOption(UndertowOptions.IDLE_TIMEOUT, 300);
    Chat chat =
        site.chat(diary, Site.LIMITS.liveness(Duration.ofMillis(800), Duration.ofSeconds(3)));
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
    ann.assertSilent(Duration.ofMillis(2200));
    assertTrue(ann.pings().size() >= 1, "it was pinged");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void aDeadPeerIsEndedAlthoughNoIdleTimeoutOfTheServerFires() throws Exception {
    Chat chat =
        site.chat(diary, Site.LIMITS.liveness(Duration.ofMillis(200), Duration.ofMillis(700)));
    site.serve(chat);
    WireClient dead = site.enter(chat, "hall", "dead");
    dead.answerPings(false);
    dead.answerCloses(false);
    assertEquals(CloseStatus.SILENT, diary.awaitLeft("dead"));
    assertEquals(new Received.Close(4001, "no sign of life"), dead.awaitClose());
    assertTrue(dead.awaitEnd(Await.PATIENCE), "its socket is closed");
    Await.until("it is not counted", () -> chat.connections() == 0);
  }

  @Test
  void aMessageLargerThanUndertowsBuffersArrivesWhole() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
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
  void aWriteThatFindsTheClientGoneRunsNoCallbackOnTheLane() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    String lump = "~".repeat(LUMP);
    for (int i = 0; i < 100; i++) {
      WireClient client = site.enter(chat, "hall", "p" + i);
      chat.announce(lump);
      client.vanish();
      for (int j = 0; j < 3; j++) {
        chat.announce(lump);
      }
    }
    Await.until("all have left", () -> diary.left.size() == 100);
    List<String> lanes =
        diary.left.stream()
            .map(Diary.Left::thread)
            .filter(name -> name.startsWith("roomful-lane"))
            .toList();
    assertEquals(List.of(), lanes);
  }
}
