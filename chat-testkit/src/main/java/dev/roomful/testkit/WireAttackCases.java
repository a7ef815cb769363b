package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Handshakes that are meant to harm, and many clients that misbehave at once. */
abstract class WireAttackCases extends WireAbuseCases {
  private static final int CROWD = 1000;
  private static final int MIB = 1 << 20;
  private static final String SECRET = "c0ffee5ecret";
  private static final int ROUNDS = 5;

  /** How many of the clients that never read get more than the system buffers for them. */
  private static final int FLOODED = 20;

  private URI base() {
    if (served() instanceof RunningServer wire) {
      return wire.base();
    }
    throw new IllegalStateException("serve(...) must return what RunningTransport.at(...) gives");
  }

  @Test
  @Rule("3.1")
  void aThousandHalfOpenHandshakesDelayNobody() throws Exception {
    Chat chat = open(new CaseHandler());
    byte[] half = "GET /chat/hall/eve HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < CROWD; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(
            new InetSocketAddress(base().getHost(), base().getPort()), (int) PATIENCE.toMillis());
        socket.getOutputStream().write(half);
      }
      Peer ann = enter("hall", "ann");
      ann.text("hello");
      assertEquals("hello", ann.nextText());
      assertEquals(1, chat.connections());
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  @Rule("4.2")
  void oversizeHeadersAreRejected() throws Exception {
    Chat chat = open(new CaseHandler());
    assertRefused(request("/chat/hall/eve").header("X-Large", "x".repeat(MIB)));
    assertRefused(request("/chat/hall/eve?x=" + "x".repeat(MIB)));
    ConnectRequest many = request("/chat/hall/eve");
    for (int i = 0; i < 50_000; i++) {
      many.header("X-" + i, "x");
    }
    assertRefused(many);
    enter("hall", "ann");
    assertEquals(1, chat.participants());
  }

  /** Rejected with an error of the client, or cut off. */
  private void assertRefused(ConnectRequest request) {
    int status;
    try {
      track(request.connect());
      status = 101;
    } catch (WireClient.Rejected rejected) {
      status = rejected.status();
    } catch (IOException cut) {
      return;
    }
    int seen = status;
    assertTrue(seen >= 400 && seen < 500, () -> "answered with " + seen);
  }

  @Test
  @Rule("4.3")
  void anOriginThatOnlyLooksLikeTheServersIsRejected() throws Exception {
    Chat chat = open(new CaseHandler());
    String host = base().getHost();
    int port = base().getPort();
    for (String origin :
        List.of(
            "http://" + host + ":" + port + ".evil.example",
            "http://" + host + ".evil.example:" + port,
            "http://evil-" + host + ":" + port,
            "http://" + host + ":" + (port + 1),
            "http://" + host,
            "http://" + host + ":" + port + "@evil.example",
            "http://evil.example/" + host + ":" + port,
            "http://evil.example?" + host + ":" + port,
            host + ":" + port)) {
      assertEquals(403, rejection(request("/chat/hall/eve").header("Origin", origin)), origin);
    }
    assertTrue(isEmpty(chat));
  }

  private int rejection(ConnectRequest request) throws IOException {
    try {
      track(request.connect());
      return 101;
    } catch (WireClient.Rejected rejected) {
      return rejected.status();
    }
  }

  @Test
  @Rule("4.2")
  void aHandshakeWithAnotherVersionOrAKeyOfAnotherLengthIsRejected() throws Exception {
    Chat chat = open(new CaseHandler());
    for (String version : List.of("8", "12", "013", "-1", "99999999999")) {
      // Tyrus does not answer at all.
      assertRefused(
          request("/chat/hall/eve")
              .timeout(Duration.ofMillis(300))
              .header("Sec-WebSocket-Version", version));
    }
    for (String key : List.of("abc", "!!!!", "dGhlIHNhbXBsZSBub25jZSE=", "x".repeat(4000))) {
      assertRefused(request("/chat/hall/eve").header("Sec-WebSocket-Key", key));
    }
    assertTrue(isEmpty(chat));
  }

  @Test
  @Rule("4.1")
  void aTrickInThePathLeadsToNoOtherRoom() throws Exception {
    Chat chat = open(new CaseHandler());
    for (String path :
        List.of(
            "/chat/hall%2Fann/eve",
            "/chat/hall/..%2fadmin",
            "/chat/%2e%2e/chat/hall/eve",
            "/chat/hall/%2e%2e/%2e%2e/admin/eve",
            "/chat/hall/eve%00",
            "/chat/hall/eve%0d%0aX-Injected:%20yes",
            "/chat/hall/%c0%ae%c0%ae",
            "/chat/hall/eve%5c..",
            "/chat/hall/eve%255c",
            "/chat//eve",
            "/chat/hall/",
            "/chat/hall/eve/",
            "/CHAT/hall/eve",
            "/chat/hall/eve;room=admin",
            "/chat;room=admin/hall/eve",
            "/chat/" + "x".repeat(129) + "/eve")) {
      try {
        track(request(path).connect());
      } catch (WireClient.Rejected rejected) {
        assertTrue(rejected.status() >= 400 && rejected.status() < 500, path + ": " + rejected);
        assertFalse(rejected.headers().containsKey("X-Injected"), path);
      }
    }
    Set<String> names = new TreeSet<>();
    chat.rooms()
        .forEach(
            room -> {
              names.add(room.name());
              room.participants().forEach(participant -> names.add(participant.id()));
            });
    assertTrue(Set.of("hall", "eve").containsAll(names), () -> "they are in " + names);
  }

  @Test
  @Rule("4.2")
  void connectionsOfOneAddressAreLimited() throws Exception {
    assumeTrue(knowsRemoteAddress(), "the transport does not know the address");
    Chat chat = open(new CaseHandler(), LIMITS.withConnectionsPerAddress(2));
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    assertEquals(429, rejected("/chat/hall/cid").status());
    assertEquals(2, chat.connections());
    bob.vanish();
    Await.until("bob's place is free", PATIENCE, () -> chat.connections() == 1);
    enter("hall", "cid");
  }

  @Test
  @Rule("4.2")
  void neitherSecretsNorMessagesAreLogged() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    LogRecords log = new LogRecords();
    try {
      ConnectRequest request =
          request("/chat/hall/ann?ticket=" + SECRET)
              .header("Authorization", "Bearer " + SECRET)
              .header("Cookie", "SESSION=" + SECRET);
      WireClient ann = track(request.connect());
      ann.text(SECRET);
      assertEquals(SECRET, ann.nextText());
      ann.frame(true, 0, WireFrames.TEXT, (SECRET + "\u00ff").getBytes(ISO_8859_1), true);
      handler.awaitLeft("ann", PATIENCE);
      assertEquals(400, rejection(request.subprotocols("token." + SECRET)));
      assertEquals(
          403,
          rejection(
              request("/chat/hall/ann?ticket=" + SECRET)
                  .header("Origin", "https://evil.example")
                  .header("Authorization", "Bearer " + SECRET)));
    } finally {
      log.close();
    }
    assertFalse(log.isEmpty());
    assertEquals(List.of(), log.containing(SECRET));
  }

  /**
   * What waits for a client is bounded by its outbox, wherever it waits. The system buffers some
   * for each, so that only some outboxes are filled: without a bound these alone would exceed the
   * one of the case.
   */
  @Test
  @Rule("3.3")
  void aThousandClientsThatNeverReadFillBoundedMemory() throws Exception {
    int outbox = 16 << 10;
    Limits limits =
        LIMITS
            .withOutboxBytes(outbox)
            .withMessageBytes(4096)
            .withWriteTimeout(Duration.ofMinutes(1));
    Chat chat =
        open(
            chat(new CaseHandler())
                .limits(limits)
                .rooms(RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST)));
    for (int i = 0; i < CROWD; i++) {
      track(request("/chat/room-" + i + "/p" + i).receiveBuffer(4096).connect());
    }
    Await.until("all are in", PATIENCE, () -> chat.participants() == CROWD);
    long heapBefore = heapInUse();
    long directBefore = directMemory();
    for (int round = 0; round < ROUNDS; round++) {
      for (Room room : chat.rooms()) {
        room.announce(Payload.bytes(new byte[4096])); // to one client: no two share a frame
      }
    }
    for (int i = 0; i < FLOODED; i++) {
      flood(chat, room("room-" + i));
    }
    long bound = (long) CROWD * outbox + 16 * MIB;
    long heap = heapInUse() - heapBefore;
    long direct = directMemory() - directBefore;
    assertTrue(heap < bound, () -> "the heap has grown by " + heap);
    assertTrue(direct < bound, () -> "direct memory has grown by " + direct);
    Peer ann = enter("hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }

  /** Publishes until the outbox of the only member has dropped more than 2 MiB. */
  private static void flood(Chat chat, Room room) {
    long drops = chat.stats().drops();
    for (int sent = 0; chat.stats().drops() - drops < 600; sent += 50) {
      assertTrue(sent < 10_000, () -> "nothing is dropped of 40 MB: " + chat.stats());
      for (int i = 0; i < 50; i++) {
        room.announce(Payload.bytes(new byte[4096]));
      }
    }
  }

  static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
