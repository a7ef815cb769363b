package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Guarantee 1: all recipients of two messages receive them in the same order. */
class OneOrderTest {
  private static final Limits UNLIMITED_RATE =
      Limits.defaults().withMessageRate(0, 0).withOutboxBytes(64 * 1024 * 1024);

  @Test
  void concurrentMessagesReachAllInOneOrder() throws InterruptedException {
    int messages = 1000;
    try (Chat chat = Chat.builder(new RoomHandler() {}).limits(UNLIMITED_RATE).build()) {
      List<FakeConnection> all =
          IntStream.range(0, 8).mapToObj(i -> FakeConnection.open(chat, "lobby", "p" + i)).toList();
      Concurrently.run(
          4,
          number -> {
            for (int i = 0; i < messages; i++) {
              all.get(number).send(number + " " + i);
            }
          });

      eventually(
          "all connections have received all messages",
          () -> all.stream().allMatch(c -> c.received().size() == 4 * messages));
      List<String> order = all.get(0).received();
      for (FakeConnection each : all) {
        assertEquals(order, each.received());
        assertEquals(List.of(), each.violations());
      }
      for (int number = 0; number < 4; number++) {
        String sender = number + " ";
        assertEquals(
            IntStream.range(0, messages).mapToObj(i -> sender + i).toList(),
            order.stream().filter(text -> text.startsWith(sender)).toList());
      }
    }
  }

  @Test
  void handlerAnnouncementsAboutMembersAreOrderedToo() throws InterruptedException {
    RoomHandler welcomeHandler =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant participant) {
            room.announce("+" + participant);
          }

          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            room.announce("-" + participant);
          }
        };
    try (Chat chat = Chat.builder(welcomeHandler).limits(UNLIMITED_RATE).build()) {
      FakeConnection one = FakeConnection.open(chat, "lobby", "one");
      FakeConnection two = FakeConnection.open(chat, "lobby", "two");
      Concurrently.run(
          4,
          number -> {
            for (int i = 0; i < 100; i++) {
              FakeConnection connection = FakeConnection.open(chat, "lobby", "member" + number);
              connection.send("hello");
              connection.closeFromClient();
            }
          });

      eventually("two has received all messages", () -> two.received().size() == 1 + 4 * 300);
      eventually("one has received all messages", () -> one.received().size() == 2 + 4 * 300);
      assertEquals(two.received(), one.received().subList(1, one.received().size()));
    }
  }

  @Test
  void aReplyAndADirectMessageDoNotOvertakeAnEarlierBroadcast() {
    RoomHandler answering =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message);
            assertTrue(message.reply("reply").isDone());
            assertTrue(message.participant().send("direct").isDone());
            room.announce("announced");
          }
        };
    try (TestChat chat = TestChat.of(answering)) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("at once");
      assertEquals(List.of("at once", "reply", "direct", "announced"), alice.received());

      alice.stopReading();
      alice.send("1");
      alice.send("2");
      alice.resumeReading();
      assertEquals(
          List.of("1", "reply", "direct", "announced", "2", "reply", "direct", "announced"),
          alice.received());
    }
  }

  @Test
  void anAnnouncementToSeveralRoomsIsOrderedInAllOfThem() throws InterruptedException {
    int announcements = 300;
    try (Chat chat = Chat.builder(new RoomHandler() {}).limits(UNLIMITED_RATE).build()) {
      List<FakeConnection> inRed =
          List.of(FakeConnection.open(chat, "red", "r1"), FakeConnection.open(chat, "red", "r2"));
      List<FakeConnection> inBlue =
          List.of(FakeConnection.open(chat, "blue", "b1"), FakeConnection.open(chat, "blue", "b2"));
      Room red = chat.room("red").orElseThrow();
      Room blue = chat.room("blue").orElseThrow();
      Concurrently.run(
          4,
          number -> {
            // Threads list the rooms in different orders: a deadlock if locks followed the
            // argument.
            List<Room> rooms = number % 2 == 0 ? List.of(red, blue) : List.of(blue, red);
            for (int i = 0; i < announcements; i++) {
              chat.announce(Payload.text(number + " " + i), rooms);
              red.announce("only red");
              blue.announce("only blue");
            }
          });

      List<List<String>> orders = new ArrayList<>();
      for (List<FakeConnection> room : List.of(inRed, inBlue)) {
        for (FakeConnection each : room) {
          eventually("all announcements arrive", () -> each.received().size() == 8 * announcements);
          orders.add(each.received().stream().filter(text -> !text.startsWith("only")).toList());
        }
      }
      assertEquals(4 * announcements, orders.get(0).size());
      assertEquals(1, Set.copyOf(orders).size());
    }
  }

  @Test
  void orderHoldsAcrossBatches() {
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).limits(UNLIMITED_RATE))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      bob.stopReading();
      List<String> published =
          IntStream.range(0, 100).mapToObj(i -> i + "x".repeat(i * 300)).toList();
      published.forEach(alice::send);
      bob.resumeReading();
      assertEquals(published, bob.received());
      assertEquals(published, alice.received());
    }
  }
}
