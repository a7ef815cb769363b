package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Limits of what a client may send, and how long it may be silent. */
abstract class LimitCases extends SlownessCases {

  @Test
  @Rule("3.2")
  void aTextAboveTheLimitClosesItsSenderOnly() throws Exception {
    assertTooBig(peer -> peer.text("b".repeat(1025)));
  }

  @Test
  @Rule("3.2")
  void theLimitCountsBytesNotCharacters() throws Exception {
    assertTooBig(peer -> peer.text("ä".repeat(513)));
  }

  @Test
  @Rule("3.2")
  void bytesAboveTheLimitCloseTheirSenderOnly() throws Exception {
    assertTooBig(peer -> peer.binary(new byte[1025]));
  }

  @Test
  @Rule("3.2")
  void fragmentsCountTogetherAgainstTheLimit() throws Exception {
    assertTooBig(peer -> peer.fragments("b".repeat(1025), 400, 400));
  }

  private void assertTooBig(Consumer<Peer> violation) throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler, LIMITS.withMessageBytes(1024));
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    ann.text("b".repeat(1024));
    ann.text("ä".repeat(512));
    ann.fragments("b".repeat(1024), 512);
    violation.accept(ann);
    assertEquals(1009, ann.awaitClose().code());
    handler.awaitLeft("ann", PROMPTLY);
    bob.text("small");
    assertEquals(
        List.of("b".repeat(1024), "ä".repeat(512), "b".repeat(1024), "small"), bob.texts(4));
    assertEquals(List.of("joined", "left"), handler.transitions("ann"));
  }

  @Test
  @Rule("3.2")
  void aClientAboveItsRateIsClosedAndItsBurstIsDelivered() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler, LIMITS.withMessagesPerSecond(5).withMessageBurst(20));
    Peer bob = enter("hall", "bob");
    Peer ann = enter("hall", "ann");
    for (String number : numbers(60)) {
      try {
        ann.text(number);
      } catch (UncheckedIOException closed) {
        break;
      }
    }
    assertEquals(1008, ann.awaitClose().code());
    assertEquals(1008, handler.awaitLeft("ann", PROMPTLY).code());
    bob.text("end");
    int received = 0;
    for (String text = bob.nextText(); !text.equals("end"); text = bob.nextText()) {
      assertEquals("" + received++, text);
    }
    int count = received;
    assertTrue(count >= 19 && count < 40, () -> "received of a burst of 20: " + count);
  }

  @Test
  @Rule("4.2")
  void aParticipantAboveTheRoomsCapacityIsRejected() throws Exception {
    Chat chat = open(chat(new CaseHandler()).rooms(RoomOptions.defaults().withCapacity(2)));
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    assertEquals(503, rejected("/chat/hall/cid").status());
    enter("hall", "ann"); // another tab is no other participant
    enter("garden", "cid");
    assertTrue(chat.participant("cid").isPresent());
    bob.close(1000, "");
    Await.until("bob's place is free", PATIENCE, () -> room("hall").size() == 1);
    enter("hall", "dan");
  }

  @Test
  @Rule("4.2")
  void aConnectionAboveTheChatsLimitIsRejected() throws Exception {
    Chat chat = open(new CaseHandler(), LIMITS.withConnections(2));
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    assertEquals(503, rejected("/chat/hall/cid").status());
    assertEquals(503, rejected("/chat/elsewhere/ann").status());
    assertEquals(2, chat.connections());
    assertTrue(chat.room("elsewhere").isEmpty());
    bob.vanish();
    Await.until("bob's place is free", PATIENCE, () -> chat.connections() == 1);
    enter("elsewhere", "cid");
  }

  @Test
  @Rule("4.2")
  void aConnectionAboveTheLimitOfItsParticipantIsRejected() throws Exception {
    Chat chat = open(new CaseHandler(), LIMITS.withConnectionsPerParticipant(2));
    enter("hall", "ann");
    Peer tab = enter("hall", "ann");
    assertEquals(503, rejected("/chat/hall/ann").status());
    enter("hall", "bob");
    assertEquals(1, chat.stats().rejections());
    tab.vanish();
    Await.until("a place is free", PATIENCE, () -> participant("ann").connections() == 1);
    enter("hall", "ann");
  }

  @Test
  @Rule("4.2")
  void aFloodOfRoomsIsRejectedAndLeavesNone() throws Exception {
    Chat chat = open(new CaseHandler(), LIMITS.withRooms(2));
    enter("hall", "ann");
    enter("garden", "bob");
    for (int i = 0; i < 20; i++) {
      assertEquals(503, rejected("/chat/room-" + i + "/eve").status());
    }
    assertEquals(2, chat.rooms().size());
    assertEquals(20, chat.stats().rejections());
    enter("hall", "cid");
  }

  @Test
  @Rule("4.2")
  void aFloodOfJoinsOfOneParticipantIsRejected() throws Exception {
    Chat chat = open(new CaseHandler(), LIMITS.withRoomsPerParticipant(2));
    enter("hall", "eve");
    Peer second = enter("garden", "eve");
    for (int i = 0; i < 20; i++) {
      assertEquals(403, rejected("/chat/room-" + i + "/eve").status());
    }
    assertEquals(2, chat.rooms().size());
    assertEquals(20, chat.stats().rejections());
    enter("attic", "ann");
    second.close(1000, "");
    Await.until("eve has left the garden", PATIENCE, () -> chat.room("garden").isEmpty());
    enter("cellar", "eve");
  }

  /** {@return the rejection of a handshake at this address} */
  WireClient.Rejected rejected(String pathAndQuery) {
    return assertThrows(WireClient.Rejected.class, () -> connect(pathAndQuery, Map.of()));
  }

  @Test
  @Rule("1.5")
  void aSilentClientThatAnswersPingsIsKept() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(
        handler,
        LIMITS.withPingInterval(Duration.ofMillis(200)).withIdleTimeout(Duration.ofSeconds(1)));
    Peer ann = enter("hall", "ann");
    assertEquals(null, ann.poll(Duration.ofMillis(1300))); // longer than the idle timeout
    ann.text("still here");
    assertEquals("still here", ann.nextText());
    assertEquals(List.of("joined"), handler.transitions("ann"));
  }

  @Test
  @Rule("1.5")
  void aClientThatOnlyReadsIsKeptInARoomThatIsNeverQuiet() throws Exception {
    Duration idle = Duration.ofSeconds(1);
    CaseHandler handler = new CaseHandler();
    open(
        handler,
        LIMITS
            .withOutboxBytes(32 << 20)
            .withPingInterval(Duration.ofMillis(200))
            .withIdleTimeout(idle));
    Peer ann = enter("hall", "ann");
    Room hall = room("hall");
    String text = "b".repeat(64 << 10);
    Semaphore places = new Semaphore(256); // 16 MiB: more than sockets hold, less than the outbox
    Future<?> busy =
        beside(
            () -> {
              while (true) {
                places.acquire();
                hall.announce(text);
              }
            });
    long end = System.nanoTime() + 2 * idle.toNanos();
    while (System.nanoTime() < end) {
      assertEquals(text, ann.nextText());
      places.release();
    }
    assertTrue(busy.cancel(true), "it was busy to the end");
    assertEquals(List.of("joined"), handler.transitions("ann"));
  }

  @Test
  @Rule("1.5")
  void aClientThatDoesNotAnswerPingsIsClosed() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(
        handler,
        LIMITS.withPingInterval(Duration.ofMillis(150)).withIdleTimeout(Duration.ofMillis(600)));
    Peer ann = enter("hall", "ann");
    ann.answerPings(false);
    assertEquals(CloseStatus.IDLE_TIMEOUT.code(), ann.awaitClose().code());
    assertEquals(CloseStatus.IDLE_TIMEOUT, handler.awaitLeft("ann", PROMPTLY));
  }

  @Test
  @Rule("2.5")
  void aDeadClientIsForgotten() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat =
        open(
            handler,
            LIMITS
                .withPingInterval(Duration.ofMillis(150))
                .withIdleTimeout(Duration.ofMillis(600)));
    enter("hall", "ann"); // and never reads again
    assertEquals(CloseStatus.IDLE_TIMEOUT, handler.awaitLeft("ann", Duration.ofSeconds(2)));
    Await.until("its connection is forgotten", PATIENCE, () -> isEmpty(chat));
    assertEquals(List.of("joined", "left"), handler.transitions("ann"));
  }
}
