package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Closing the chat flushes what is queued, within a time limit. */
abstract class ShutdownCases extends ResumeCases {

  @Test
  @Rule("5.2")
  void closingTheChatFlushesAndClosesWithRestart() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      peers.add(enter("room" + i % 3, "p" + i));
    }
    numbers(500).forEach(chat::announce);
    Future<Duration> closing = closeBeside(chat);
    for (Peer peer : peers) {
      assertReceives(numbers(500), peer);
      assertEquals(close(CloseStatus.RESTART), peer.poll(PROMPTLY));
      assertTrue(peer.awaitEnd(PROMPTLY));
    }
    closing.get(5, TimeUnit.SECONDS);
    assertTrue(isEmpty(chat));
    for (int i = 0; i < 10; i++) {
      assertEquals(CloseStatus.RESTART, handler.awaitLeft("p" + i, PROMPTLY));
      assertEquals(List.of("joined", "left"), handler.transitions("p" + i));
    }
    assertNoThreadIsLeft();
  }

  private Future<Duration> closeBeside(Chat chat) {
    return beside(
        () -> {
          long start = System.nanoTime();
          chat.close();
          return Duration.ofNanos(System.nanoTime() - start);
        });
  }

  @Test
  @Rule("5.2")
  void aStalledReaderDelaysTheCloseForABoundedTime() throws Exception {
    Duration limit = Duration.ofSeconds(1);
    Chat chat =
        open(
            new CaseHandler(),
            LIMITS.withOutboxBytes(64 << 20).withShutdownTimeout(limit).withCloseTimeout(PATIENCE));
    enter("swamp", "slow");
    Peer ann = enter("hall", "ann");
    flood(participant("slow"));
    Future<Duration> closing = closeBeside(chat);
    assertEquals(close(CloseStatus.RESTART), ann.poll(Duration.ofMillis(700)));
    Duration took = closing.get(10, TimeUnit.SECONDS);
    assertTrue(took.compareTo(limit.plusSeconds(2)) < 0, () -> "closing took " + took);
    assertTrue(isEmpty(chat));
    assertNoThreadIsLeft();
  }

  @Test
  @Rule("5.2")
  void handshakesAreRejectedWhileTheChatClosesAndAfter() throws Exception {
    Chat chat =
        open(
            new CaseHandler(),
            LIMITS
                .withOutboxBytes(64 << 20)
                .withShutdownTimeout(Duration.ofMillis(800))
                .withCloseTimeout(PATIENCE));
    enter("swamp", "slow");
    Peer ann = enter("hall", "ann");
    flood(participant("slow"));
    Future<Duration> closing = closeBeside(chat);
    assertEquals(close(CloseStatus.RESTART), ann.poll(PROMPTLY));
    assertEquals(503, rejected("/chat/hall/bob").status());
    assertFalse(closing.isDone(), "that was while it was closing");
    closing.get(10, TimeUnit.SECONDS);
    assertEquals(503, rejected("/chat/hall/bob").status());
    assertTrue(isEmpty(chat));
  }

  @Test
  @Rule("5.1")
  void theChatsThreadsAreDaemonsAndEndWithIt() throws Exception {
    Chat chat = open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    ann.text("work to do");
    assertEquals("work to do", ann.nextText());
    List<Thread> threads = chatThreads();
    assertFalse(threads.isEmpty());
    assertTrue(threads.stream().allMatch(Thread::isDaemon), threads::toString);
    Future<Duration> closing = closeBeside(chat);
    ann.awaitClose();
    closing.get(5, TimeUnit.SECONDS);
    assertNoThreadIsLeft();
  }

  @Test
  @Rule("5.2")
  void anAnnouncementDuringTheCloseDoesNotFail() throws Exception {
    Chat chat =
        open(new CaseHandler((room, message) -> room.publish(message.withPayload("received"))));
    Peer ann = enter("hall", "ann");
    Future<Duration> closing = closeBeside(chat);
    assertEquals(close(CloseStatus.RESTART), ann.awaitClose());
    chat.announce("too late");
    Duration took = closing.get(5, TimeUnit.SECONDS);
    assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, () -> "closing took " + took);
    chat.close(); // has no effect, and returns at once
  }
}
