package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Guarantee 2: each selected connection receives a message once, and nobody else receives it. In
 * each test alice publishes on one of her two connections.
 */
class BroadcastPolicyTest {
  private static final List<String> ONCE = List.of("hello");
  private static final List<String> NOTHING = List.of();

  /**
   * What each connection receives when alice publishes "hello" on the first of her two connections.
   */
  private static Map<String, List<String>> receivedUnder(BroadcastPolicy policy) {
    return received(policy, BroadcastPolicy.everyone());
  }

  private static Map<String, List<String>> received(
      BroadcastPolicy ofTheRoom, BroadcastPolicy narrower) {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message, narrower);
          }
        };
    Map<String, List<String>> received = new HashMap<>();
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).rooms(RoomOptions.defaults().withPolicy(ofTheRoom)))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient alicesTab = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      TestClient carol = chat.connect("lobby", "carol");
      TestClient elsewhere = chat.connect("elsewhere", "dave");
      alice.send("hello");
      received.put("alice", alice.received());
      received.put("tab", alicesTab.received());
      received.put("bob", bob.received());
      received.put("carol", carol.received());
      assertEquals(NOTHING, elsewhere.received());
    }
    return received;
  }

  private static Map<String, List<String>> expected(
      List<String> alice, List<String> tab, List<String> bob, List<String> carol) {
    return Map.of("alice", alice, "tab", tab, "bob", bob, "carol", carol);
  }

  private static Participant participant(String id) {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient client = chat.connect("lobby", id);
      assertTrue(client.isOpen());
      return chat.chat().participant(id).orElseThrow();
    }
  }

  @Test
  void everyoneSelectsAllConnectionsIncludingTheSenders() {
    assertEquals(expected(ONCE, ONCE, ONCE, ONCE), receivedUnder(BroadcastPolicy.everyone()));
  }

  @Test
  void excludingTheSenderExcludesAllOfItsConnections() {
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, ONCE), receivedUnder(BroadcastPolicy.excludingSender()));
  }

  @Test
  void excludingTheOriginExcludesOneConnection() {
    assertEquals(
        expected(NOTHING, ONCE, ONCE, ONCE), receivedUnder(BroadcastPolicy.excludingOrigin()));
  }

  @Test
  void aSenderWithOneConnectionIsExcludedWhereTheSenderOrTheOriginIs() {
    for (BroadcastPolicy policy :
        List.of(
            BroadcastPolicy.excludingSender(),
            BroadcastPolicy.excludingOrigin(),
            BroadcastPolicy.excludingSender().and(BroadcastPolicy.excludingOrigin()))) {
      try (TestChat chat = chatWith(policy)) {
        List<TestClient> clients = connectAll(chat, "alice", "bob", "carol");
        clients.get(1).send("hello");
        assertEquals(List.of(ONCE, NOTHING, ONCE), receivedBy(clients), policy::toString);
      }
    }
  }

  @Test
  void whoeverRemainsReceivesEachMessageOnceWhenOthersHaveLeft() {
    try (TestChat chat = chatWith(BroadcastPolicy.excludingSender())) {
      List<TestClient> clients = connectAll(chat, "ann", "bob", "carol", "dave", "eve", "fay");
      clients.get(1).close();
      clients.get(5).close();
      clients.get(0).close();
      clients.get(4).send("hello");
      TestClient late = chat.connect("lobby", "late");
      clients.get(2).send("again");
      assertEquals(
          List.of(NOTHING, NOTHING, ONCE, List.of("hello", "again"), List.of("again"), NOTHING),
          receivedBy(clients));
      assertEquals(List.of("again"), late.received());
    }
  }

  private static TestChat chatWith(BroadcastPolicy policy) {
    RoomOptions options = RoomOptions.defaults().withPolicy(policy);
    return TestChat.of(Chat.builder(new RoomHandler() {}).rooms(options));
  }

  private static List<TestClient> connectAll(TestChat chat, String... ids) {
    return Stream.of(ids).map(id -> chat.connect("lobby", id)).toList();
  }

  private static List<List<String>> receivedBy(List<TestClient> clients) {
    return clients.stream().map(TestClient::received).toList();
  }

  @Test
  void onlySelectsAllConnectionsOfTheGivenMembers() {
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        receivedUnder(BroadcastPolicy.only(participant("bob"), participant("dave"))));
    assertEquals(
        expected(ONCE, ONCE, NOTHING, NOTHING),
        receivedUnder(BroadcastPolicy.onlyIds(Set.of("alice", "nobody"))));
    assertEquals(
        expected(NOTHING, NOTHING, NOTHING, NOTHING), receivedUnder(BroadcastPolicy.only()));
  }

  @Test
  void exceptSelectsAllOthers() {
    assertEquals(
        expected(ONCE, ONCE, NOTHING, ONCE),
        receivedUnder(BroadcastPolicy.except(participant("bob"))));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        receivedUnder(BroadcastPolicy.exceptIds(Set.of("alice", "carol"))));
  }

  @Test
  void anApplicationRuleDecidesForEachRecipient() {
    List<String> asked = new ArrayList<>();
    BroadcastPolicy rule =
        BroadcastPolicy.rule(
            (message, recipient) -> {
              asked.add(message.sender() + ">" + recipient);
              return recipient.id().compareTo("b") > 0;
            });
    assertEquals(expected(NOTHING, NOTHING, ONCE, ONCE), receivedUnder(rule));
    assertEquals(List.of("alice>alice", "alice>bob", "alice>carol"), asked);
  }

  @Test
  void composedPoliciesSelectTheIntersection() {
    BroadcastPolicy notTheSender = BroadcastPolicy.excludingSender();
    BroadcastPolicy notTheOrigin = BroadcastPolicy.excludingOrigin();
    BroadcastPolicy aliceAndBob = BroadcastPolicy.onlyIds(Set.of("alice", "bob"));
    BroadcastPolicy bobAndCarol = BroadcastPolicy.onlyIds(Set.of("bob", "carol"));
    BroadcastPolicy notBob = BroadcastPolicy.exceptIds(Set.of("bob"));
    BroadcastPolicy notCarol =
        BroadcastPolicy.rule((message, participant) -> !participant.id().equals("carol"));

    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING), receivedUnder(notTheSender.and(aliceAndBob)));
    assertEquals(
        expected(NOTHING, ONCE, ONCE, NOTHING), receivedUnder(aliceAndBob.and(notTheOrigin)));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING), receivedUnder(aliceAndBob.and(bobAndCarol)));
    assertEquals(
        expected(NOTHING, NOTHING, NOTHING, ONCE),
        receivedUnder(notTheSender.and(notBob).and(bobAndCarol)));
    assertEquals(expected(ONCE, ONCE, NOTHING, NOTHING), receivedUnder(notCarol.and(notBob)));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING), receivedUnder(notCarol.and(bobAndCarol)));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        receivedUnder(
            notCarol.and(
                BroadcastPolicy.rule(
                    (message, participant) -> !participant.id().equals("alice")))));
  }

  @Test
  void aCallNarrowsThePolicyOfTheRoomAndNeverWidensIt() {
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        received(
            BroadcastPolicy.excludingSender(), BroadcastPolicy.onlyIds(Set.of("alice", "bob"))));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, ONCE),
        received(BroadcastPolicy.excludingSender(), BroadcastPolicy.everyone()));
    assertEquals(
        expected(NOTHING, NOTHING, NOTHING, ONCE),
        received(
            BroadcastPolicy.rule((message, participant) -> !participant.id().equals("alice")),
            BroadcastPolicy.exceptIds(Set.of("bob"))));
  }

  @Test
  void aRuleIsRejectedInACall() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      Room room = chat.chat().room("lobby").orElseThrow();
      BroadcastPolicy rule = BroadcastPolicy.rule((message, participant) -> true);
      IllegalArgumentException exception =
          assertThrows(
              IllegalArgumentException.class, () -> room.announce(Payload.text("hello"), rule));
      assertTrue(String.valueOf(exception.getMessage()).contains("RoomOptions.withPolicy"));
      assertEquals(NOTHING, alice.received());
    }
  }

  @Test
  void aFailingRuleDeliversToNobodyAndRejectsTheMessage() {
    BroadcastPolicy failing =
        BroadcastPolicy.rule(
            (message, participant) -> {
              if (participant.id().equals("bob")) {
                throw new IllegalStateException("no idea");
              }
              return true;
            });
    try (LogCapture log = new LogCapture();
        TestChat chat =
            TestChat.of(
                Chat.builder(new RoomHandler() {})
                    .rooms(RoomOptions.defaults().withPolicy(failing)))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      alice.send("hello");
      assertEquals(List.of("internal error"), alice.received());
      assertEquals(NOTHING, bob.received());
      assertTrue(alice.isOpen());
      assertTrue(bob.isOpen());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void aMemberThatJoinsDuringRuleEvaluationIsEvaluatedToo() {
    List<TestClient> late = new ArrayList<>();
    List<TestChat> itself = new ArrayList<>();
    BroadcastPolicy rule =
        BroadcastPolicy.rule(
            (message, participant) -> {
              if (late.isEmpty()) {
                late.add(itself.get(0).connect("lobby", "carol"));
                late.add(itself.get(0).connect("lobby", "mallory"));
              }
              return !participant.id().equals("mallory");
            });
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {}).rooms(RoomOptions.defaults().withPolicy(rule)))) {
      itself.add(chat);
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("hello");
      assertEquals(ONCE, alice.received());
      assertEquals(ONCE, late.get(0).received());
      assertEquals(NOTHING, late.get(1).received());
    }
  }

  @Test
  void anAnnouncementIgnoresTheRoomsPolicy() {
    RoomOptions strict =
        RoomOptions.defaults()
            .withPolicy(
                BroadcastPolicy.excludingSender()
                    .and(BroadcastPolicy.rule((message, participant) -> false)));
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).rooms(strict))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient tab = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      Room room = chat.chat().room("lobby").orElseThrow();

      room.announce("hello");
      assertEquals(
          List.of(ONCE, ONCE, ONCE), List.of(alice.received(), tab.received(), bob.received()));

      room.announce(Payload.text("hello"), BroadcastPolicy.exceptIds(Set.of("alice")));
      assertEquals(
          List.of(NOTHING, NOTHING, ONCE),
          List.of(alice.received(), tab.received(), bob.received()));
      room.announce(Payload.text("hello"), BroadcastPolicy.onlyIds(Set.of("alice")));
      assertEquals(
          List.of(ONCE, ONCE, NOTHING), List.of(alice.received(), tab.received(), bob.received()));

      for (BroadcastPolicy ofSenders :
          List.of(BroadcastPolicy.excludingSender(), BroadcastPolicy.excludingOrigin())) {
        assertThrows(
            IllegalArgumentException.class, () -> room.announce(Payload.text("hello"), ofSenders));
      }
    }
  }

  @Test
  void aMemberOfTwoTargetRoomsReceivesOneCopy() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("red", "alice");
      TestClient tab = chat.connect("blue", "alice");
      TestClient bob = chat.connect("red", "bob");
      TestClient carol = chat.connect("green", "carol");
      assertEquals(Outcome.done(), chat.chat().participant("alice").orElseThrow().join("blue"));
      Room red = chat.chat().room("red").orElseThrow();
      Room blue = chat.chat().room("blue").orElseThrow();

      chat.chat().announce(Payload.text("hello"), List.of(red, blue, red));
      assertEquals(
          List.of(ONCE, ONCE, ONCE, NOTHING),
          List.of(alice.received(), tab.received(), bob.received(), carol.received()));

      chat.chat().announce("hello");
      assertEquals(
          List.of(ONCE, ONCE, ONCE, ONCE),
          List.of(alice.received(), tab.received(), bob.received(), carol.received()));
    }
  }

  @Test
  void anAnnouncementSpansRoomsWithDifferentOverflow() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .room("red", RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST))
                .room("blue", RoomOptions.defaults().withOverflow(Overflow.DROP_NEWEST)))) {
      TestClient alice = chat.connect("red", "alice");
      TestClient bob = chat.connect("blue", "bob");
      TestClient carol = chat.connect("green", "carol");
      assertEquals(Outcome.done(), chat.chat().participant("alice").orElseThrow().join("blue"));
      chat.chat().announce("hello");
      assertEquals(
          List.of(ONCE, ONCE, ONCE), List.of(alice.received(), bob.received(), carol.received()));
    }
  }

  @Test
  void closingOrFailingRecipientsDoNotAffectOthers() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      FakeConnection throwing =
          new FakeConnection()
              .onWrite(
                  () -> {
                    throw new IllegalStateException("broken transport");
                  })
              .connect(chat.chat(), AcceptedAdmission.of("throwing", "lobby"));
      FakeConnection failing = FakeConnection.open(chat.chat(), "lobby", "failing");
      failing.onWrite(failing::loseConnection);
      FakeConnection closing =
          FakeConnection.open(chat.chat(), "lobby", "closing").ignoreClose().hold();
      chat.chat().participant("closing").orElseThrow().disconnect(CloseStatus.NORMAL);
      TestClient bob = chat.connect("lobby", "bob");

      alice.send("one");
      alice.send("two");
      assertEquals(List.of("one", "two"), alice.received());
      assertEquals(List.of("one", "two"), bob.received());
      assertEquals(NOTHING, closing.received());
      assertFalse(throwing.isOpen());
      assertFalse(failing.isOpen());
      assertEquals(2, chat.chat().room("lobby").orElseThrow().size());
    }
  }

  @Test
  void publishingToAClosedRoomDeliversNothing() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      Room closedRoom = chat.chat().room("lobby").orElseThrow();
      closedRoom.close("enough");
      assertFalse(alice.isOpen());
      TestClient again = chat.connect("lobby", "alice");

      closedRoom.announce("hello");
      assertEquals(NOTHING, again.received());
      assertEquals(List.of(), closedRoom.participants());
      assertFalse(closedRoom.contains(chat.chat().participant("alice").orElseThrow()));
    }
  }

  @Test
  void aDirectMessageReachesOneParticipantOrOneConnection() {
    RoomHandler replying =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            message.reply("hello");
          }
        };
    try (TestChat chat = TestChat.of(replying)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient tab = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      alice.send("?");
      assertEquals(
          List.of(ONCE, NOTHING, NOTHING),
          List.of(alice.received(), tab.received(), bob.received()));
      assertTrue(chat.chat().participant("alice").orElseThrow().send("hello").isDone());
      assertEquals(
          List.of(ONCE, ONCE, NOTHING), List.of(alice.received(), tab.received(), bob.received()));
    }
  }

  @Test
  void toStringDescribesTheSelection() {
    assertEquals("everyone", BroadcastPolicy.everyone().toString());
    assertEquals(
        "excluding the sender, only [bob], all but [carol], by a rule",
        BroadcastPolicy.excludingSender()
            .and(BroadcastPolicy.onlyIds(Set.of("bob")))
            .and(BroadcastPolicy.exceptIds(Set.of("carol")))
            .and(BroadcastPolicy.rule((message, participant) -> true))
            .toString());
    assertEquals("excluding the origin connection", BroadcastPolicy.excludingOrigin().toString());
  }
}
