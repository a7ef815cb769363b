package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Up to where each participant has read a room, and what is unread. */
class ReadMarkTest {
  private static final RoomOptions OPTIONS =
      RoomOptions.defaults()
          .withPermanent()
          .withHistory(History.of(100))
          .withNotices(
              new RoomNotices() {
                @Override
                public Payload readMarked(Room room, String id, Position position) {
                  return Payload.text(id + " has read " + position.offset());
                }
              });

  private final List<TestChat> chats = new ArrayList<>();

  private TestChat chat(RoomOptions options) {
    TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).room("lobby", options));
    chats.add(chat);
    return chat;
  }

  @AfterEach
  void close() {
    chats.forEach(TestChat::close);
  }

  private static Room lobby(TestChat chat) {
    return chat.chat().room("lobby").orElseThrow();
  }

  private static Position at(Room room, long offset) {
    return new Position(room.position().epoch(), offset);
  }

  @Test
  void aMarkOnlyMovesForward() {
    Room room = lobby(chat(OPTIONS));
    for (String text : List.of("one", "two", "three")) {
      room.announce(text);
    }
    assertEquals(Optional.empty(), room.readMark("ann"));
    assertEquals(Outcome.done(), room.markRead("ann", at(room, 2)));
    assertEquals(Outcome.done(), room.markRead("ann", at(room, 1)));
    assertEquals(Optional.of(at(room, 2)), room.readMark("ann"));
    assertEquals(1, room.unreadCount("ann"));
  }

  @Test
  void allConnectionsOfAParticipantLearnWhatItHasReadAndNobodyElse() {
    TestChat chat = chat(OPTIONS);
    TestClient phone = chat.connect("lobby", "ann");
    TestClient laptop = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    Room room = lobby(chat);
    room.announce("one");
    room.markRead("ann", at(room, 1));
    room.markRead("ann", at(room, 1));
    assertEquals(List.of("one", "ann has read 1"), phone.received());
    assertEquals(List.of("one", "ann has read 1"), laptop.received());
    assertEquals(List.of("one"), bob.received());
  }

  @Test
  void withReceiptsAllLearnWhoHasRead() {
    TestChat chat = chat(OPTIONS.withReadReceipts());
    TestClient bob = chat.connect("lobby", "bob");
    Room room = lobby(chat);
    room.announce("one");
    room.announce("two");
    room.markRead("cem", at(room, 2));
    room.markRead("ann", at(room, 1));
    assertEquals(List.of("one", "two", "cem has read 2", "ann has read 1"), bob.received());
    assertEquals(List.of("ann", "cem"), room.readersOf(at(room, 1)));
    assertEquals(List.of("cem"), room.readersOf(at(room, 2)));
    assertEquals(List.of(), room.readersOf(at(room, 3)));
    assertEquals(List.of(), room.readersOf(new Position("other", 1)));
  }

  @Test
  void unreadAreMessagesOfOthersThatTheParticipantMayReceive() {
    TestChat chat = chat(OPTIONS);
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    Room room = lobby(chat);
    bob.send("one");
    ann.send("two");
    room.announce(Payload.text("for bob"), BroadcastPolicy.onlyIds(Set.of("bob")));
    bob.send("three");
    room.publish(
        room.messageFrom(Sender.of("bob", "bob"), Payload.text("reaction"))
            .withAmendment(Amendment.react(at(room, 2), "+1")));
    assertEquals(2, room.unreadCount("ann"), "one and three");
    assertEquals(2, room.unreadCount("bob"), "two and for bob");
    assertEquals(3, room.unreadCount("cem"), "who was never here");
    room.markRead("ann", at(room, 1));
    assertEquals(1, room.unreadCount("ann"));
    room.markRead("ann", room.position());
    assertEquals(0, room.unreadCount("ann"));
  }

  @Test
  void aMarkNeedsAPositionOfTheRoom() {
    Room room = lobby(chat(OPTIONS));
    room.announce("one");
    for (Position position : List.of(at(room, 2), new Position("other", 1))) {
      assertEquals(
          Rejection.NOT_FOUND,
          room.markRead("ann", position).rejection().orElseThrow().code(),
          position.toString());
    }
    Position first = at(room, 1);
    assertThrows(IllegalArgumentException.class, () -> room.markRead("", first));
  }

  @Test
  void theMarksThatMovedLastAreRemembered() {
    Room room = lobby(chat(RoomOptions.defaults().withPermanent()));
    room.announce("one");
    room.announce("two");
    room.markRead("first", at(room, 1));
    room.markRead("second", at(room, 1));
    room.markRead("first", at(room, 2));
    for (int i = 0; i < 9_999; i++) {
      room.markRead("id" + i, at(room, 1));
    }
    assertEquals(Optional.of(at(room, 2)), room.readMark("first"));
    assertEquals(Optional.empty(), room.readMark("second"));
  }

  @Test
  void marksAreForgottenWithTheRoom() {
    TestChat chat = chat(OPTIONS);
    Room room = lobby(chat);
    room.announce("one");
    room.markRead("ann", at(room, 1));
    room.close("over");
    assertEquals(Optional.empty(), chat.chat().open("lobby", OPTIONS).readMark("ann"));
  }

  @Test
  void allNodesKnowTheMarkAndANewNodeToo() {
    try (TestCluster cluster =
        TestChat.cluster(3, node -> Chat.builder(new RoomHandler() {}).room("lobby", OPTIONS))) {
      TestClient ann = cluster.node(0).connect("lobby", "ann");
      Room first = cluster.node(0).chat().room("lobby").orElseThrow();
      first.announce("one");
      Room second = cluster.node(1).chat().room("lobby").orElseThrow();
      assertEquals(Outcome.done(), second.markRead("ann", first.position()));
      assertEquals(Optional.of(first.position()), first.readMark("ann"));
      assertEquals(List.of("one", "ann has read 1"), ann.received());
      cluster.advance(Duration.ofMinutes(1));
      Room third = cluster.node(2).chat().room("lobby").orElseThrow();
      assertEquals(Optional.of(first.position()), third.readMark("ann"));
    }
  }
}
