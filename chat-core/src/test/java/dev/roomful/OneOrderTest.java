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

/** Promise 1. */
class OneOrderTest {
  private static final Limits UNHURRIED =
      Limits.defaults().withMessagesPerSecond(0).withOutboxBytes(64 * 1024 * 1024);

  @Test
  void whatManySayAtOnceIsHeardByAllInOneOrder() throws InterruptedException {
    int messages = 1000;
    try (Chat chat = Chat.builder(new RoomHandler() {}).limits(UNHURRIED).build()) {
      List<FakeConnection> all =
          IntStream.range(0, 8).mapToObj(i -> FakeConnection.open(chat, "lobby", "p" + i)).toList();
      Crowd.together(
          4,
          number -> {
            for (int i = 0; i < messages; i++) {
              all.get(number).say(number + " " + i);
            }
          });

      eventually(
          "all have heard all", () -> all.stream().allMatch(c -> c.heard().size() == 4 * messages));
      List<String> order = all.get(0).heard();
      for (FakeConnection each : all) {
        assertEquals(order, each.heard());
        assertEquals(List.of(), each.breaches());
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
  void whatTheHandlerAnnouncesAboutSomebodyHasItsPlaceInTheOrderToo() throws InterruptedException {
    RoomHandler welcoming =
        new RoomHandler() {
          @Override
          public void onJoin(Room room, Participant who) {
            room.announce("+" + who);
          }

          @Override
          public void onLeave(Room room, Participant who, CloseStatus why) {
            room.announce("-" + who);
          }
        };
    try (Chat chat = Chat.builder(welcoming).limits(UNHURRIED).build()) {
      FakeConnection one = FakeConnection.open(chat, "lobby", "one");
      FakeConnection two = FakeConnection.open(chat, "lobby", "two");
      Crowd.together(
          4,
          number -> {
            for (int i = 0; i < 100; i++) {
              FakeConnection guest = FakeConnection.open(chat, "lobby", "guest" + number);
              guest.say("hello");
              guest.hangUp();
            }
          });

      eventually("two has heard all", () -> two.heard().size() == 1 + 4 * 300);
      eventually("one has heard all", () -> one.heard().size() == 2 + 4 * 300);
      assertEquals(two.heard(), one.heard().subList(1, one.heard().size()));
    }
  }

  @Test
  void aReplyAndATellingAfterABroadcastDoNotOvertakeIt() {
    RoomHandler answering =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message);
            assertTrue(message.reply("reply").isDone());
            assertTrue(message.participant().send("told").isDone());
            room.announce("announced");
          }
        };
    try (TestChat chat = TestChat.of(answering)) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("at once");
      assertEquals(List.of("at once", "reply", "told", "announced"), alice.received());

      alice.stopReading();
      alice.send("1");
      alice.send("2");
      alice.resumeReading();
      assertEquals(
          List.of("1", "reply", "told", "announced", "2", "reply", "told", "announced"),
          alice.received());
    }
  }

  @Test
  void anAnnouncementToSeveralRoomsHasOnePlaceInTheOrderOfThemAll() throws InterruptedException {
    int announcements = 300;
    try (Chat chat = Chat.builder(new RoomHandler() {}).limits(UNHURRIED).build()) {
      List<FakeConnection> inRed =
          List.of(FakeConnection.open(chat, "red", "r1"), FakeConnection.open(chat, "red", "r2"));
      List<FakeConnection> inBlue =
          List.of(FakeConnection.open(chat, "blue", "b1"), FakeConnection.open(chat, "blue", "b2"));
      Room red = chat.room("red").orElseThrow();
      Room blue = chat.room("blue").orElseThrow();
      Crowd.together(
          4,
          number -> {
            // One takes the rooms in this order and one in that: they must not wait for each other.
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
          eventually("all is heard", () -> each.heard().size() == 8 * announcements);
          orders.add(each.heard().stream().filter(text -> !text.startsWith("only")).toList());
        }
      }
      assertEquals(4 * announcements, orders.get(0).size());
      assertEquals(1, Set.copyOf(orders).size());
    }
  }

  @Test
  void theOrderOutlastsWritesThatAreTooLargeForOneBatch() {
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).limits(UNHURRIED))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      bob.stopReading();
      List<String> said = IntStream.range(0, 100).mapToObj(i -> i + "x".repeat(i * 300)).toList();
      said.forEach(alice::send);
      bob.resumeReading();
      assertEquals(said, bob.received());
      assertEquals(said, alice.received());
    }
  }
}
