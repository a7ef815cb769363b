package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Gateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The contract of an adapter for one server, as a JUnit Jupiter class: how chats are mounted on an
 * application's server and on an embedded one, how they stop with it, and what goes over the wire,
 * with and without TLS. It complements {@link WireContract}, whose cases are about the chat.
 */
@Isolated("its cases look for threads of any chat")
public abstract class AdapterContract extends UnresponsiveClientCases {
  /** On both sides of every length at which a header, a buffer or a fragment changes. */
  private static final int[] SIZES = {
    0, 1, 125, 126, 127, 1023, 1024, 4095, 4096, 30_000, 65_535, 65_536, 65_537, 100_000
  };

  private static final int ROUNDS = 30;

  private final List<ServerFixture> servers = new ArrayList<>();

  /** For subclasses. */
  protected AdapterContract() {}

  /**
   * Creates an application's server.
   *
   * @param tls whether it accepts connections over TLS only
   * @return the server, not started
   * @throws Exception if that fails
   */
  protected abstract ServerFixture newServer(boolean tls) throws Exception;

  /**
   * An embedded server with nothing but a chat.
   *
   * @param uri its address, with scheme {@code http}
   * @param server closes it
   */
  public record Embedded(URI uri, AutoCloseable server) {}

  /**
   * Starts an embedded server.
   *
   * @param chat the chat
   * @param path where to mount it
   * @param host the address to listen on
   * @param port the port, 0 for a free one
   * @return the running server
   * @throws Exception if it does not start
   */
  protected abstract Embedded startEmbedded(Chat chat, String path, String host, int port)
      throws Exception;

  /**
   * {@return the prefix of the names of the server's threads, none of which may be left after a
   * case}
   */
  protected abstract String threadPrefix();

  @Override
  final ServerFixture server(boolean tls) throws Exception {
    ServerFixture server = newServer(tls);
    servers.add(server);
    return server;
  }

  @AfterEach
  final void noThreadIsLeft() throws Exception {
    for (ServerFixture server : servers) {
      server.stop();
    }
    servers.clear();
    Await.until(() -> threads("roomful-") + " have ended", TIMEOUT, () -> noThread("roomful-"));
    String prefix = threadPrefix();
    Await.until(() -> threads(prefix) + " have ended", TIMEOUT, () -> noThread(prefix));
  }

  private static boolean noThread(String prefix) {
    return threads(prefix).isEmpty();
  }

  private static List<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  @Test
  void twoChatsOfOneApplicationAreIsolated() throws Exception {
    ServerFixture server = server(false);
    Chat staffChat = server.chat(handler, ServerFixture.LIMITS);
    server.mount(staffChat, "/staff/{room}/{id}");
    Chat publicChat = server.chat(new RecordingHandler(), ServerFixture.LIMITS);
    server.serve(publicChat);
    WireClient ann = server.connect(server.request("/staff/hall/ann"));
    WireClient bob = server.join(publicChat, "hall", "bob");
    ann.text("among us");
    bob.text("hello");
    assertEquals("among us", ann.nextText());
    assertEquals("hello", bob.nextText());
    assertEquals(1, staffChat.connections());
    assertEquals(1, publicChat.connections());
  }

  private interface StopAction {
    void run() throws Exception;
  }

  @Test
  void stoppingTheApplicationClosesClientsWithRestart() throws Exception {
    ServerFixture server = server(false);
    assertClientsAreClosedWithRestart(server, server::stopApplication);
  }

  private void assertClientsAreClosedWithRestart(ServerFixture server, StopAction stop)
      throws Exception {
    Chat chat = server.chat(handler, ServerFixture.LIMITS);
    server.serve(chat);
    WireClient ann = server.join(chat, "hall", "ann");
    chat.announce("the last");
    CompletableFuture<Void> stopping =
        CompletableFuture.runAsync(
            () -> {
              try {
                stop.run();
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    assertEquals("the last", ann.nextText());
    assertEquals(
        new Received.Close(CloseStatus.RESTART.code(), CloseStatus.RESTART.reason()),
        ann.awaitClose());
    assertTrue(ann.awaitEnd(TIMEOUT));
    stopping.get(10, TimeUnit.SECONDS);
    assertEquals(CloseStatus.RESTART, handler.awaitLeave("ann"));
    assertEquals(0, chat.connections());
  }

  @Test
  void aPortInUseIsAnIoExceptionAndClosesTheChat() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Chat chat = server(false).chat(handler, ServerFixture.LIMITS);
      assertThrows(
          IOException.class,
          () -> startEmbedded(chat, ServerFixture.PATH, "127.0.0.1", taken.getLocalPort()));
      assertIsClosed(chat);
    }
  }

  @Test
  void aPathThatCannotBeMountedClosesTheChat() throws Exception {
    Chat chat = server(false).chat(handler, ServerFixture.LIMITS);
    assertThrows(IllegalArgumentException.class, () -> startEmbedded(chat, "chat", "127.0.0.1", 0));
    assertIsClosed(chat);
  }

  @Test
  void aPortThatDoesNotExistClosesTheChat() throws Exception {
    Chat chat = server(false).chat(handler, ServerFixture.LIMITS);
    assertThrows(
        Exception.class, () -> startEmbedded(chat, ServerFixture.PATH, "127.0.0.1", 70_000));
    assertIsClosed(chat);
  }

  private static void assertIsClosed(Chat chat) {
    TestHandshake handshake = TestHandshake.create().withPath("room", "hall").withPath("id", "ann");
    Rejection rejection = assertInstanceOf(Rejection.class, Gateway.of(chat).admit(handshake));
    assertEquals(503, rejection.status());
  }

  @Test
  void closingAnEmbeddedServerTwiceIsAllowed() throws Exception {
    ServerFixture clients = server(false);
    Embedded embedded =
        startEmbedded(
            clients.chat(handler, ServerFixture.LIMITS), ServerFixture.PATH, "127.0.0.1", 0);
    URI address = URI.create("ws://127.0.0.1:" + embedded.uri().getPort() + "/chat/hall/ann");
    WireClient ann = clients.connect(WireClient.request(address));
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    embedded.server().close();
    embedded.server().close();
    assertEquals(CloseStatus.RESTART, handler.awaitLeave("ann"));
    assertEquals(1012, ann.awaitClose().code());
  }

  @Test
  void theUriOfAnEmbeddedServerOnIpv6IsValid() throws Exception {
    assumeTrue(hasIpv6(), "this machine has no IPv6");
    Chat chat = server(false).chat(handler, ServerFixture.LIMITS);
    Embedded embedded = startEmbedded(chat, ServerFixture.PATH, "::1", 0);
    try (AutoCloseable running = embedded.server()) {
      assertTrue(embedded.uri().getHost().startsWith("["), embedded.uri().toString());
      assertTrue(embedded.uri().getPort() > 0, running.toString());
    }
  }

  private static boolean hasIpv6() {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (IOException none) {
      return false;
    }
  }

  @Test
  void framesOfAllSizesAreIntactBetweenPingsPongsAndTheClose() throws Exception {
    assertFramesIntact(server(false));
  }

  @Test
  void framesOfAllSizesAreIntactOverTls() throws Exception {
    assertFramesIntact(server(true));
  }

  /**
   * Asserts that messages of all sizes arrive whole and in order while pings go both ways. For
   * further ways of writing that an adapter has.
   *
   * @param server a server that has not been started, which is stopped after the case
   * @throws Exception if the server does not start
   */
  protected final void assertFramesIntact(ServerFixture server) throws Exception {
    servers.add(server);
    Chat chat =
        server.chat(
            handler,
            ServerFixture.LIMITS
                .withOutboxBytes(64 << 20)
                .withPingInterval(Duration.ofMillis(20))
                .withIdleTimeout(Duration.ofSeconds(20))
                .withCloseTimeout(TIMEOUT));
    server.serve(chat);
    WireClient ann = server.join(chat, "hall", "ann");
    Participant participant = ServerFixture.awaitParticipant(chat, "ann");
    List<Received> expected = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int size : SIZES) {
        String text = "ü".repeat(size / 2) + "x".repeat(size % 2);
        participant.send(text);
        expected.add(new Received.Text(text));
        byte[] bytes = new byte[size];
        participant.send(Payload.bytes(bytes));
        expected.add(new Received.Binary(HexFormat.of().formatHex(bytes)));
      }
      ann.ping(new byte[] {(byte) round});
    }
    for (int i = 0; i < expected.size(); i++) {
      Received next = ann.next();
      while (next instanceof Received.Pong) {
        next = ann.next();
      }
      assertTrue(expected.get(i).equals(next), "message " + i + " is another one");
    }
    ann.assertSilent(Duration.ofMillis(100));
    List<Integer> pongs = ann.pongs().stream().map(pong -> (int) pong.bytes()[0]).toList();
    assertTrue(!ann.pings().isEmpty(), "the server's pings came between them");
    participant.send("the last");
    participant.disconnect(new CloseStatus(4321, "that was all"));
    assertEquals("the last", ann.nextText());
    assertEquals(new Received.Close(4321, "that was all"), ann.awaitClose());
    assertTrue(ann.awaitEnd(TIMEOUT));
    assertEquals(pongs.stream().sorted().distinct().toList(), pongs, "in order, none twice");
    assertEquals(ROUNDS - 1, pongs.get(pongs.size() - 1), "the last ping was answered");
  }

  @Test
  void theTextLimitHoldsWhenTheFirstPartArrivesAlone() throws Exception {
    ServerFixture server = server(false);
    Chat chat = server.chat(handler, ServerFixture.LIMITS.withMessageBytes(8192));
    server.serve(chat);
    WireClient ann = server.join(chat, "hall", "ann");
    byte[] huge = new byte[32 << 20];
    Arrays.fill(huge, (byte) 'a');
    byte[] frame = WireClient.encode(true, 0, 1, huge, true);
    ann.raw(Arrays.copyOf(frame, 2000));
    ann.assertSilent(Duration.ofMillis(200));
    ann.raw(Arrays.copyOfRange(frame, 2000, 40_000));
    int code = ann.awaitClose().code();
    assertTrue(code == 1009 || code == 1006, "closed with " + code);
    assertEquals(1009, handler.awaitLeave("ann").code());
  }

  @Test
  void offeredDeflateIsNotNegotiated() throws Exception {
    ServerFixture server = server(false);
    server.serve(server.chat(handler, ServerFixture.LIMITS));
    WireClient ann =
        server.connect(
            server.request("/chat/hall/ann").offer("permessage-deflate; client_max_window_bits"));
    assertNull(ann.responseHeaders().get("Sec-WebSocket-Extensions"));
    ann.text("plain");
    assertEquals("plain", ann.nextText());
  }
}
