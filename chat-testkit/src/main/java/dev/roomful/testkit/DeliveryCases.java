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

/** Who receives which messages, in which order. */
abstract class DeliveryCases extends CaseFixture {
  private static final Limits ROOMY = LIMITS.withOutboxBytes(64 << 20);

  @Test
  @Rule("2.1")
  void aConnectionReceivesTheMessagesOfEachOfSixteenThreadsInOrder() throws Exception {
    open(new CaseHandler(), ROOMY);
    Peer ann = enter("hall", "ann");
    Room hall = room("hall");
    Participant listener = participant("ann");
    List<Future<Boolean>> senders =
        allAtOnce(
            16,
            sender -> {
              for (int i = 0; i < 1000; i += 2) {
                hall.announce(line(sender, i));
                assertTrue(listener.send(line(sender, i + 1)).isDone());
              }
            });
    assertEachInItsOrder(16, 1000, ann.texts(16_000));
    for (Future<Boolean> sender : senders) {
      sender.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  @Rule("2.1")
  void allReceiveOneOrderThatKeepsTheOrderOfEachSender() throws Exception {
    open(new CaseHandler(), ROOMY);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      peers.add(enter("hall", "p" + i));
    }
    List<Future<Boolean>> senders =
        allAtOnce(
            8,
            sender -> {
              for (int i = 0; i < 250; i++) {
                peers.get(sender).text(line(sender, i));
              }
            });
    List<String> order = peers.get(0).texts(2000);
    assertEachInItsOrder(8, 250, order);
    for (Peer peer : peers.subList(1, 8)) {
      assertReceives(order, peer);
    }
    for (Future<Boolean> sender : senders) {
      sender.get(5, TimeUnit.SECONDS);
    }
  }

  private static void assertEachInItsOrder(int senders, int each, List<String> received) {
    int[] next = new int[senders];
    for (String text : received) {
      int sender = Integer.parseInt(text.substring(0, text.indexOf(':')));
      assertEquals(line(sender, next[sender]++), text);
    }
    assertTrue(IntStream.of(next).allMatch(count -> count == each));
  }

  private static String line(int sender, int number) {
    return sender + ":" + number + ":" + "§".repeat(number % 97);
  }

  @Test
  @Rule("1.1")
  void aBurstOfOneClientIsDeliveredInOrder() throws Exception {
    open(new CaseHandler(), ROOMY);
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    Future<Boolean> sender = beside(() -> say(ann, 3000));
    assertReceives(numbers(3000), bob);
    assertReceives(numbers(3000), ann);
    sender.get(5, TimeUnit.SECONDS);
  }

  private static boolean say(Peer peer, int count) {
    numbers(count).forEach(peer::text);
    return true;
  }

  static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  @Test
  @Rule("2.1")
  void aReplyDoesNotOvertakeTheBroadcastBeforeIt() throws Exception {
    open(
        new CaseHandler(
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
  @Rule("2.1")
  void excludingTheSenderExcludesAllItsConnections() throws Exception {
    assertReceivedByConnections(
        BroadcastPolicy.excludingSender(), List.of("bob's"), List.of("bob's"));
  }

  @Test
  @Rule("2.1")
  void excludingTheOriginExcludesOnlyTheSendingConnection() throws Exception {
    assertReceivedByConnections(
        BroadcastPolicy.excludingOrigin(), List.of("bob's"), List.of("ann's", "bob's"));
  }

  private void assertReceivedByConnections(
      BroadcastPolicy policy, List<String> sending, List<String> other) throws Exception {
    open(chat(new CaseHandler()).rooms(RoomOptions.defaults().withPolicy(policy)));
    Peer tab = enter("hall", "ann");
    Peer otherTab = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    tab.text("ann's");
    assertEquals("ann's", bob.nextText());
    bob.text("bob's");
    assertEquals(sending, tab.texts(sending.size()));
    assertEquals(other, otherTab.texts(other.size()));
    assertEquals(List.of(), textsBeforeAnswer(bob));
    assertEquals(List.of(), textsBeforeAnswer(tab));
    assertEquals(List.of(), textsBeforeAnswer(otherTab));
  }

  /** {@return what it receives before the answer, after which no earlier message can arrive} */
  private static List<String> textsBeforeAnswer(Peer peer) {
    peer.text(CaseHandler.PROBE);
    List<String> received = new ArrayList<>();
    for (String text = peer.nextText();
        !text.equals(CaseHandler.PROBE_ANSWER);
        text = peer.nextText()) {
      received.add(text);
    }
    return received;
  }

  @Test
  @Rule("2.1")
  void aConnectionInThreeRoomsReceivesTheirMessagesInOneOrderAndNoneTwice() throws Exception {
    Chat chat = open(new CaseHandler(), ROOMY);
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
      assertReceives(numbers(600), peer);
      assertEquals(List.of(), textsBeforeAnswer(peer));
    }
  }

  @Test
  @Rule("1.2")
  void messagesRightBeforeACloseFrameAreHandled() throws Exception {
    List<String> handled = Collections.synchronizedList(new ArrayList<>());
    CaseHandler handler = new CaseHandler((room, message) -> handled.add(message.text()));
    open(handler);
    Peer ann = connect("hall", "ann");
    say(ann, 100);
    ann.close(1000, "");
    assertEquals(CloseStatus.NORMAL, handler.awaitLeft("ann", PATIENCE));
    assertEquals(numbers(100), handled);
  }

  @Test
  @Rule("1.2")
  void messagesRightBeforeACloseFrameReachTheOthers() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    AtomicInteger received = new AtomicInteger();
    CaseHandler handler =
        new CaseHandler(
            (room, message) -> {
              Await.open(sent);
              room.publish(message);
              int copies = Integer.parseInt(message.text()) + 1;
              Await.until("bob has it", PATIENCE, () -> received.get() == copies);
            });
    open(handler);
    Peer bob = enter("hall", "bob");
    Peer ann = enter("hall", "ann");
    say(ann, 5);
    ann.close(1000, "");
    sent.countDown();
    for (String text : numbers(5)) {
      assertEquals(text, bob.nextText());
      received.incrementAndGet();
    }
    assertEquals(CloseStatus.NORMAL, handler.awaitLeft("ann", PATIENCE));
  }

  @Test
  @Rule("2.4")
  void messagesQueuedBeforeADisconnectArriveBeforeTheCloseFrame() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    Participant listener = participant("ann");
    numbers(300).forEach(listener::send);
    CloseStatus enough = new CloseStatus(4321, "enough");
    listener.disconnect(enough);
    assertReceives(numbers(300), ann);
    assertEquals(close(enough), ann.poll(PROMPTLY));
  }
}
