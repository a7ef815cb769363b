package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that stall, are silent or vanish, on an application's server. */
abstract class UnresponsiveClientCases {
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int CHUNK_CHARS = 32 << 10;

  final RecordingHandler handler = new RecordingHandler();

  /** {@return a server that has not been started, and is stopped after the case} */
  abstract ServerFixture server(boolean tls) throws Exception;

  @Test
  void aStalledReaderUsesBoundedMemoryAndIsAbortedAtItsDeadlineWithoutAffectingOthers()
      throws Exception {
    ServerFixture server = server(false);
    Chat chat =
        server.chat(
            Chat.builder(handler)
                .limits(ServerFixture.LIMITS.withWriteTimeout(Duration.ofSeconds(2)))
                .authenticator(ServerFixture::authenticateByPath)
                .rooms(RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST)));
    server.serve(chat);
    WireClient stalled = server.join(chat, "hall", "stalled");
    WireClient ann = server.join(chat, "hall", "ann");
    long before = WireFrameCases.heapInUse();
    String chunk = "~".repeat(CHUNK_CHARS);
    for (int i = 0; i < 2000; i++) {
      String text = i + chunk;
      chat.announce(text);
      assertEquals(text, ann.nextText(Duration.ofSeconds(1)), "the text that ann receives");
    }
    long growth = WireFrameCases.heapInUse() - before;
    assertTrue(growth < 16 << 20, () -> "64 MB later the heap has grown by " + growth);
    assertEquals(CloseStatus.TOO_SLOW, handler.awaitLeave("stalled"));
    assertEquals(1, handler.departures().size(), "only it has left");
    assertTrue(stalled.awaitEnd(TIMEOUT), "its socket is closed");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void aDeadPeerIsClosedAlthoughNoIdleTimeoutOfTheServerFires() throws Exception {
    ServerFixture server = server(false);
    Chat chat =
        server.chat(
            handler,
            ServerFixture.LIMITS
                .withPingInterval(Duration.ofMillis(200))
                .withIdleTimeout(Duration.ofMillis(700)));
    server.serve(chat);
    WireClient dead = server.join(chat, "hall", "dead");
    dead.answerPings(false);
    dead.answerCloses(false);
    assertEquals(CloseStatus.IDLE_TIMEOUT, handler.awaitLeave("dead"));
    assertEquals(new Received.Close(4001, "no sign of life"), dead.awaitClose());
    assertTrue(dead.awaitEnd(TIMEOUT), "its socket is closed");
    Await.until("it is not counted", TIMEOUT, () -> chat.connections() == 0);
  }

  @Test
  void aMessageLargerThanTheServersBuffersArrivesWhole() throws Exception {
    ServerFixture server = server(false);
    Chat chat = server.chat(handler, ServerFixture.LIMITS);
    server.serve(chat);
    WireClient ann = server.join(chat, "hall", "ann");
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
    ServerFixture server = server(false);
    Chat chat = server.chat(handler, ServerFixture.LIMITS);
    server.serve(chat);
    String chunk = "~".repeat(CHUNK_CHARS);
    for (int i = 0; i < 100; i++) {
      WireClient client = server.join(chat, "hall", "p" + i);
      chat.announce(chunk);
      client.vanish();
      for (int j = 0; j < 3; j++) {
        chat.announce(chunk);
      }
    }
    Await.until("all have left", TIMEOUT, () -> handler.departures().size() == 100);
    List<String> writeLoopThreads =
        handler.departures().stream()
            .map(RecordingHandler.Departure::thread)
            .filter(name -> name.startsWith("roomful-write"))
            .toList();
    assertEquals(List.of(), writeLoopThreads);
  }
}
