package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who hears what, in which order. */
abstract class DeliveryCases extends Stage {
  private static final Limits ROOMY = LIMITS.withOutboxBytes(64 << 20);

  @Test
  void sixteenThreadsSpeakToOneConnectionAndItHearsEachInItsOrder() throws Exception {
    open(new Diary(), ROOMY);
    Peer ann = enter("hall", "ann");
    Room hall = room("hall");
    Participant listener = participant("ann");
    List<Future<Boolean>> speakers =
        allAtOnce(
            16,
            speaker -> {
              for (int i = 0; i < 1000; i += 2) {
                hall.announce(line(speaker, i));
                assertTrue(listener.send(line(speaker, i + 1)).isDone());
              }
            });
    assertEachInItsOrder(16, 1000, ann.texts(16_000));
    for (Future<Boolean> speaker : speakers) {
      speaker.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void allHearTheSameOrderAndEachSpeakerKeepsItsOwn() throws Exception {
    open(new Diary(), ROOMY);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      peers.add(enter("hall", "p" + i));
    }
    List<Future<Boolean>> speakers =
        allAtOnce(
            8,
            speaker -> {
              for (int i = 0; i < 250; i++) {
                peers.get(speaker).text(line(speaker, i));
              }
            });
    List<String> order = peers.get(0).texts(2000);
    assertEachInItsOrder(8, 250, order);
    for (Peer peer : peers.subList(1, 8)) {
      assertHears(order, peer);
    }
    for (Future<Boolean> speaker : speakers) {
      speaker.get(5, TimeUnit.SECONDS);
    }
  }

  private static void assertEachInItsOrder(int speakers, int each, List<String> heard) {
    int[] next = new int[speakers];
    for (String text : heard) {
      int speaker = Integer.parseInt(text.substring(0, text.indexOf(':')));
      assertEquals(line(speaker, next[speaker]++), text);
    }
    assertTrue(IntStream.of(next).allMatch(count -> count == each));
  }

  private static String line(int speaker, int number) {
    return speaker + ":" + number + ":" + "§".repeat(number % 97);
  }

  @Test
  void whatOneClientSaysInARushIsHeardInItsOrder() throws Exception {
    open(new Diary(), ROOMY);
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    Future<Boolean> speaker = beside(() -> say(ann, 3000));
    assertHears(numbers(3000), bob);
    assertHears(numbers(3000), ann);
    speaker.get(5, TimeUnit.SECONDS);
  }

  private static boolean say(Peer peer, int count) {
    numbers(count).forEach(peer::text);
    return true;
  }

  static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  @Test
  void aReplyDoesNotOvertakeTheBroadcastBeforeIt() throws Exception {
    open(
        new Diary(
            (room, message) -> {
              room.publish(message);
              message.reply("re " + message.text());
            }),
        ROOMY);
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    say(ann, 200);
    for (String number : numbers(200)) {
      assertEquals(List.of(number, "re " + number), ann.texts(2));
    }
    bob.text("last");
    assertEquals("last", bob.texts(201).get(200));
  }

  @Test
  void excludingTheSenderLeavesOutAllItsTabs() throws Exception {
    assertHeardByTabs(BroadcastPolicy.excludingSender(), List.of("bob's"), List.of("bob's"));
  }

  @Test
  void excludingTheOriginLeavesOutOnlyTheTabThatSpoke() throws Exception {
    assertHeardByTabs(
        BroadcastPolicy.excludingOrigin(), List.of("bob's"), List.of("ann's", "bob's"));
  }

  private void assertHeardByTabs(BroadcastPolicy policy, List<String> speaking, List<String> other)
      throws Exception {
    open(chat(new Diary()).rooms(RoomOptions.defaults().withPolicy(policy)));
    Peer tab = enter("hall", "ann");
    Peer otherTab = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    tab.text("ann's");
    assertEquals("ann's", bob.nextText());
    bob.text("bob's");
    assertEquals(speaking, tab.texts(speaking.size()));
    assertEquals(other, otherTab.texts(other.size()));
    assertEquals(List.of(), heardUntilCalled(bob));
    assertEquals(List.of(), heardUntilCalled(tab));
    assertEquals(List.of(), heardUntilCalled(otherTab));
  }

  /** What else it hears: nothing that was said before can come after the answer. */
  private static List<String> heardUntilCalled(Peer peer) {
    peer.text(Diary.CALL);
    List<String> heard = new ArrayList<>();
    for (String text = peer.nextText(); !text.equals(Diary.ANSWER); text = peer.nextText()) {
      heard.add(text);
    }
    return heard;
  }

  @Test
  void aConnectionInThreeRoomsHearsThemInOneOrderAndNothingTwice() throws Exception {
    Chat chat = open(new Diary(), ROOMY);
    List<Peer> peers = List.of(enter("north", "ann"), enter("south", "bob"));
    List<Room> rooms = new ArrayList<>();
    for (String name : List.of("north", "south", "west")) {
      assertTrue(participant("ann").join(name).isDone());
      assertTrue(participant("bob").join(name).isDone());
      rooms.add(room(name));
    }
    for (int i = 0; i < 600; i++) {
      if (i % 4 == 3) {
        chat.announce(Payload.text("" + i), rooms);
      } else {
        rooms.get(i % 4).announce("" + i);
      }
    }
    for (Peer peer : peers) {
      assertHears(numbers(600), peer);
      assertEquals(List.of(), heardUntilCalled(peer));
    }
  }

  @Test
  void whatAClientSaysRightBeforeItHangsUpIsStillHandled() throws Exception {
    List<String> handled = Collections.synchronizedList(new ArrayList<>());
    Diary diary = new Diary((room, message) -> handled.add(message.text()));
    open(diary);
    Peer ann = connect("hall", "ann");
    say(ann, 100);
    ann.close(1000, "");
    assertEquals(CloseStatus.NORMAL, diary.awaitLeft("ann", PATIENCE));
    assertEquals(numbers(100), handled);
  }

  @Test
  void theLastMessagesBeforeACloseFrameReachEverybodyElse() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    AtomicInteger received = new AtomicInteger();
    Diary diary =
        new Diary(
            (room, message) -> {
              Await.open(sent);
              room.publish(message);
              int copies = Integer.parseInt(message.text()) + 1;
              Await.until("bob has it", PATIENCE, () -> received.get() == copies);
            });
    open(diary);
    Peer bob = enter("hall", "bob");
    Peer ann = enter("hall", "ann");
    say(ann, 5);
    ann.close(1000, "");
    sent.countDown();
    for (String text : numbers(5)) {
      assertEquals(text, bob.nextText());
      received.incrementAndGet();
    }
    assertEquals(CloseStatus.NORMAL, diary.awaitLeft("ann", PATIENCE));
  }

  @Test
  void whatIsQueuedBeforeADisconnectArrivesBeforeTheClose() throws Exception {
    open(new Diary());
    Peer ann = enter("hall", "ann");
    Participant listener = participant("ann");
    numbers(300).forEach(listener::send);
    CloseStatus enough = new CloseStatus(4321, "enough");
    listener.disconnect(enough);
    assertHears(numbers(300), ann);
    assertEquals(close(enough), ann.poll(PROMPTLY));
  }
}
