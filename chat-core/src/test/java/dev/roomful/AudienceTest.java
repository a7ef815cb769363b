package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Promise 2: in each test alice speaks, on one of her two tabs. */
class AudienceTest {
  private static final List<String> ONCE = List.of("hello");
  private static final List<String> NOTHING = List.of();

  /** A room with alice on two tabs, bob and carol, in which alice has said "hello" on the first. */
  private static Map<String, List<String>> heardUnder(BroadcastPolicy policy) {
    return heard(policy, BroadcastPolicy.everyone());
  }

  private static Map<String, List<String>> heard(
      BroadcastPolicy ofTheRoom, BroadcastPolicy narrower) {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message, narrower);
          }
        };
    Map<String, List<String>> heard = new HashMap<>();
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).rooms(RoomOptions.defaults().withPolicy(ofTheRoom)))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient alicesTab = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      TestClient carol = chat.connect("lobby", "carol");
      TestClient elsewhere = chat.connect("elsewhere", "dave");
      alice.send("hello");
      heard.put("alice", alice.received());
      heard.put("tab", alicesTab.received());
      heard.put("bob", bob.received());
      heard.put("carol", carol.received());
      assertEquals(NOTHING, elsewhere.received());
    }
    return heard;
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
  void everyoneIsAllConnectionsInTheRoomTheSpeakersIncluded() {
    assertEquals(expected(ONCE, ONCE, ONCE, ONCE), heardUnder(BroadcastPolicy.everyone()));
  }

  @Test
  void excludingTheSenderLeavesOutAllOfItsTabs() {
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, ONCE), heardUnder(BroadcastPolicy.excludingSender()));
  }

  @Test
  void excludingTheOriginLeavesOutOneTab() {
    assertEquals(
        expected(NOTHING, ONCE, ONCE, ONCE), heardUnder(BroadcastPolicy.excludingOrigin()));
  }

  @Test
  void onlyTheseHearItOnAllOfTheirTabsIfTheyAreInTheRoom() {
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        heardUnder(BroadcastPolicy.only(participant("bob"), participant("dave"))));
    assertEquals(
        expected(ONCE, ONCE, NOTHING, NOTHING),
        heardUnder(BroadcastPolicy.onlyIds(Set.of("alice", "nobody"))));
    assertEquals(expected(NOTHING, NOTHING, NOTHING, NOTHING), heardUnder(BroadcastPolicy.only()));
  }

  @Test
  void allButTheseHearIt() {
    assertEquals(
        expected(ONCE, ONCE, NOTHING, ONCE),
        heardUnder(BroadcastPolicy.except(participant("bob"))));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        heardUnder(BroadcastPolicy.exceptIds(Set.of("alice", "carol"))));
  }

  @Test
  void aRuleOfTheApplicationDecidesForEachListener() {
    List<String> asked = new ArrayList<>();
    BroadcastPolicy rule =
        BroadcastPolicy.rule(
            (message, listener) -> {
              asked.add(message.sender() + ">" + listener);
              return listener.id().compareTo("b") > 0;
            });
    assertEquals(expected(NOTHING, NOTHING, ONCE, ONCE), heardUnder(rule));
    assertEquals(List.of("alice>alice", "alice>bob", "alice>carol"), asked);
  }

  @Test
  void composedPoliciesSelectWhomAllOfThemSelect() {
    BroadcastPolicy notTheSender = BroadcastPolicy.excludingSender();
    BroadcastPolicy notTheOrigin = BroadcastPolicy.excludingOrigin();
    BroadcastPolicy aliceAndBob = BroadcastPolicy.onlyIds(Set.of("alice", "bob"));
    BroadcastPolicy bobAndCarol = BroadcastPolicy.onlyIds(Set.of("bob", "carol"));
    BroadcastPolicy notBob = BroadcastPolicy.exceptIds(Set.of("bob"));
    BroadcastPolicy notCarol = BroadcastPolicy.rule((message, who) -> !who.id().equals("carol"));

    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING), heardUnder(notTheSender.and(aliceAndBob)));
    assertEquals(expected(NOTHING, ONCE, ONCE, NOTHING), heardUnder(aliceAndBob.and(notTheOrigin)));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING), heardUnder(aliceAndBob.and(bobAndCarol)));
    assertEquals(
        expected(NOTHING, NOTHING, NOTHING, ONCE),
        heardUnder(notTheSender.and(notBob).and(bobAndCarol)));
    assertEquals(expected(ONCE, ONCE, NOTHING, NOTHING), heardUnder(notCarol.and(notBob)));
    assertEquals(expected(NOTHING, NOTHING, ONCE, NOTHING), heardUnder(notCarol.and(bobAndCarol)));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        heardUnder(
            notCarol.and(BroadcastPolicy.rule((message, who) -> !who.id().equals("alice")))));
  }

  @Test
  void aCallNarrowsThePolicyOfTheRoomAndNeverWidensIt() {
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        heard(BroadcastPolicy.excludingSender(), BroadcastPolicy.onlyIds(Set.of("alice", "bob"))));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, ONCE),
        heard(BroadcastPolicy.excludingSender(), BroadcastPolicy.everyone()));
    assertEquals(
        expected(NOTHING, NOTHING, NOTHING, ONCE),
        heard(
            BroadcastPolicy.rule((message, who) -> !who.id().equals("alice")),
            BroadcastPolicy.exceptIds(Set.of("bob"))));
  }

  @Test
  void aRuleIsForRoomsAndRefusedInACall() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      Room room = chat.chat().room("lobby").orElseThrow();
      BroadcastPolicy rule = BroadcastPolicy.rule((message, who) -> true);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> room.announce(Payload.text("hello"), rule));
      assertTrue(String.valueOf(refused.getMessage()).contains("RoomOptions.withPolicy"));
      assertEquals(NOTHING, alice.received());
    }
  }

  @Test
  void aRuleThatFailsLetsNobodyHearAndTheSpeakersConnectionPays() {
    BroadcastPolicy failing =
        BroadcastPolicy.rule(
            (message, who) -> {
              if (who.id().equals("bob")) {
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
  void whoComesWhileARuleIsAskedIsJudgedToo() {
    List<TestClient> late = new ArrayList<>();
    List<TestChat> itself = new ArrayList<>();
    BroadcastPolicy rule =
        BroadcastPolicy.rule(
            (message, who) -> {
              if (late.isEmpty()) {
                late.add(itself.get(0).connect("lobby", "carol"));
                late.add(itself.get(0).connect("lobby", "mallory"));
              }
              return !who.id().equals("mallory");
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
  void anAnnouncementIsForAllWhateverThePolicyOfTheRoom() {
    RoomOptions strict =
        RoomOptions.defaults()
            .withPolicy(
                BroadcastPolicy.excludingSender()
                    .and(BroadcastPolicy.rule((message, who) -> false)));
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
  void beingInTwoTargetedRoomsDoesNotDoubleIt() {
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
  void roomsThatTreatSlowReadersInDifferentWaysAreAnnouncedToAsOne() {
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
  void recipientsThatCloseOrFailCostTheOthersNothing() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      FakeConnection throwing =
          new FakeConnection()
              .onWrite(
                  () -> {
                    throw new IllegalStateException("broken transport");
                  })
              .enter(chat.chat(), AcceptedAdmission.of("throwing", "lobby"));
      FakeConnection failing = FakeConnection.open(chat.chat(), "lobby", "failing");
      failing.onWrite(failing::vanish);
      FakeConnection closing = FakeConnection.open(chat.chat(), "lobby", "closing").deaf().hold();
      chat.chat().participant("closing").orElseThrow().disconnect(CloseStatus.NORMAL);
      TestClient bob = chat.connect("lobby", "bob");

      alice.send("one");
      alice.send("two");
      assertEquals(List.of("one", "two"), alice.received());
      assertEquals(List.of("one", "two"), bob.received());
      assertEquals(NOTHING, closing.heard());
      assertFalse(throwing.isOpen());
      assertFalse(failing.isOpen());
      assertEquals(2, chat.chat().room("lobby").orElseThrow().size());
    }
  }

  @Test
  void whatIsSaidInARoomThatIsOverIsHeardByNobody() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      Room over = chat.chat().room("lobby").orElseThrow();
      over.close("enough");
      assertFalse(alice.isOpen());
      TestClient again = chat.connect("lobby", "alice");

      over.announce("hello");
      assertEquals(NOTHING, again.received());
      assertEquals(List.of(), over.participants());
      assertFalse(over.contains(chat.chat().participant("alice").orElseThrow()));
    }
  }

  @Test
  void aDirectWordIsHeardByOneParticipantOrOneConnectionAlone() {
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
  void aPolicyTellsInWordsWhomItSelects() {
    assertEquals("everyone", BroadcastPolicy.everyone().toString());
    assertEquals(
        "excluding the sender, only [bob], all but [carol], by a rule",
        BroadcastPolicy.excludingSender()
            .and(BroadcastPolicy.onlyIds(Set.of("bob")))
            .and(BroadcastPolicy.exceptIds(Set.of("carol")))
            .and(BroadcastPolicy.rule((message, who) -> true))
            .toString());
    assertEquals("excluding the origin connection", BroadcastPolicy.excludingOrigin().toString());
  }
}
