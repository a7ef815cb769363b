package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.RoomOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a client may not do, and how long it may be silent. */
abstract class LimitCases extends SlownessCases {

  @Test
  void aTextAboveTheLimitClosesItsSenderOnly() throws Exception {
    assertTooBig(peer -> peer.text("b".repeat(1025)));
  }

  @Test
  void theLimitCountsBytesNotCharacters() throws Exception {
    assertTooBig(peer -> peer.text("ä".repeat(513)));
  }

  @Test
  void bytesAboveTheLimitCloseTheirSenderOnly() throws Exception {
    assertTooBig(peer -> peer.binary(new byte[1025]));
  }

  @Test
  void fragmentsAreCountedTogetherAgainstTheLimit() throws Exception {
    assertTooBig(peer -> peer.fragments("b".repeat(1025), 400, 400));
  }

  private void assertTooBig(Consumer<Peer> offence) throws Exception {
    Diary diary = new Diary();
    open(diary, LIMITS.withMessageBytes(1024));
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    ann.text("b".repeat(1024));
    ann.text("ä".repeat(512));
    ann.fragments("b".repeat(1024), 512);
    offence.accept(ann);
    assertEquals(1009, ann.awaitClose().code());
    diary.awaitLeft("ann", PROMPTLY);
    bob.text("small");
    assertEquals(
        List.of("b".repeat(1024), "ä".repeat(512), "b".repeat(1024), "small"), bob.texts(4));
    assertEquals(List.of("joined", "left"), diary.visits("ann"));
  }

  @Test
  void aClientThatSaysTooMuchIsClosedAndItsBurstWasHeard() throws Exception {
    Diary diary = new Diary();
    open(diary, LIMITS.withMessageRate(5, 20));
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
    assertEquals(1008, diary.awaitLeft("ann", PROMPTLY).code());
    bob.text("end");
    int heard = 0;
    for (String text = bob.nextText(); !text.equals("end"); text = bob.nextText()) {
      assertEquals("" + heard++, text);
    }
    int count = heard;
    assertTrue(count >= 19 && count < 40, () -> "heard of a burst of 20: " + count);
  }

  @Test
  void oneMoreThanTheRoomTakesIsRefused() throws Exception {
    Chat chat = open(chat(new Diary()).rooms(RoomOptions.defaults().withCapacity(2)));
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    assertEquals(503, refused("/chat/hall/cid").status());
    enter("hall", "ann"); // another tab is no other participant
    enter("garden", "cid");
    assertTrue(chat.participant("cid").isPresent());
    bob.close(1000, "");
    Await.until("bob's place is free", PATIENCE, () -> room("hall").size() == 1);
    enter("hall", "dan");
  }

  @Test
  void oneMoreConnectionThanTheChatTakesIsRefused() throws Exception {
    Chat chat = open(new Diary(), LIMITS.withConnections(2));
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    assertEquals(503, refused("/chat/hall/cid").status());
    assertEquals(503, refused("/chat/elsewhere/ann").status());
    assertEquals(2, chat.connections());
    assertTrue(chat.room("elsewhere").isEmpty());
    bob.vanish();
    Await.until("bob's place is free", PATIENCE, () -> chat.connections() == 1);
    enter("elsewhere", "cid");
  }

  /** The refusal that somebody gets who asks there. */
  WireClient.Refused refused(String pathAndQuery) {
    return assertThrows(WireClient.Refused.class, () -> connect(pathAndQuery, Map.of()));
  }

  @Test
  void aSilentClientThatAnswersPingsStays() throws Exception {
    Diary diary = new Diary();
    open(diary, LIMITS.withLiveness(Duration.ofMillis(200), Duration.ofSeconds(1)));
    Peer ann = enter("hall", "ann");
    assertEquals(null, ann.poll(Duration.ofMillis(2500)));
    ann.text("still here");
    assertEquals("still here", ann.nextText());
    assertEquals(List.of("joined"), diary.visits("ann"));
  }

  @Test
  void aClientThatDoesNotAnswerPingsIsClosed() throws Exception {
    Diary diary = new Diary();
    open(diary, LIMITS.withLiveness(Duration.ofMillis(150), Duration.ofMillis(600)));
    Peer ann = enter("hall", "ann");
    ann.answerPings(false);
    assertEquals(CloseStatus.IDLE_TIMEOUT.code(), ann.awaitClose().code());
    assertEquals(CloseStatus.IDLE_TIMEOUT, diary.awaitLeft("ann", PROMPTLY));
  }

  @Test
  void aClientThatIsDeadWithoutATraceIsForgotten() throws Exception {
    Diary diary = new Diary();
    Chat chat = open(diary, LIMITS.withLiveness(Duration.ofMillis(150), Duration.ofMillis(600)));
    enter("hall", "ann"); // and never reads again
    assertEquals(CloseStatus.IDLE_TIMEOUT, diary.awaitLeft("ann", Duration.ofSeconds(2)));
    Await.until("its connection is forgotten", PATIENCE, () -> isEmpty(chat));
    assertEquals(List.of("joined", "left"), diary.visits("ann"));
  }
}
