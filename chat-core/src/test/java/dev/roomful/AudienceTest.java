package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            room.broadcast(message, narrower);
          }
        };
    Map<String, List<String>> heard = new HashMap<>();
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).rooms(RoomOptions.defaults().policy(ofTheRoom)))) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient alicesTab = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      TestClient carol = chat.enter("lobby", "carol");
      TestClient elsewhere = chat.enter("elsewhere", "dave");
      alice.say("hello");
      heard.put("alice", alice.heard());
      heard.put("tab", alicesTab.heard());
      heard.put("bob", bob.heard());
      heard.put("carol", carol.heard());
      assertEquals(NOTHING, elsewhere.heard());
    }
    return heard;
  }

  private static Map<String, List<String>> expected(
      List<String> alice, List<String> tab, List<String> bob, List<String> carol) {
    return Map.of("alice", alice, "tab", tab, "bob", bob, "carol", carol);
  }

  private static Participant participant(String id) {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient client = chat.enter("lobby", id);
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
        heardUnder(BroadcastPolicy.allBut(participant("bob"))));
    assertEquals(
        expected(NOTHING, NOTHING, ONCE, NOTHING),
        heardUnder(BroadcastPolicy.allButIds(Set.of("alice", "carol"))));
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
    BroadcastPolicy notBob = BroadcastPolicy.allButIds(Set.of("bob"));
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
            BroadcastPolicy.allButIds(Set.of("bob"))));
  }

  @Test
  void aRuleIsForRoomsAndRefusedInACall() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      Room room = chat.chat().room("lobby").orElseThrow();
      BroadcastPolicy rule = BroadcastPolicy.rule((message, who) -> true);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> room.announce(Payload.text("hello"), rule));
      assertTrue(String.valueOf(refused.getMessage()).contains("RoomOptions.policy"));
      assertEquals(NOTHING, alice.heard());
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
                Chat.builder(new RoomHandler() {}).rooms(RoomOptions.defaults().policy(failing)))) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      alice.say("hello");
      assertEquals(NOTHING, alice.heard());
      assertEquals(NOTHING, bob.heard());
      assertEquals(Optional.of(CloseStatus.FAILED), alice.closeStatus());
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
                late.add(itself.get(0).enter("lobby", "carol"));
                late.add(itself.get(0).enter("lobby", "mallory"));
              }
              return !who.id().equals("mallory");
            });
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {}).rooms(RoomOptions.defaults().policy(rule)))) {
      itself.add(chat);
      TestClient alice = chat.enter("lobby", "alice");
      alice.say("hello");
      assertEquals(ONCE, alice.heard());
      assertEquals(ONCE, late.get(0).heard());
      assertEquals(NOTHING, late.get(1).heard());
    }
  }

  @Test
  void anAnnouncementIsForAllWhateverThePolicyOfTheRoom() {
    RoomOptions strict =
        RoomOptions.defaults()
            .policy(
                BroadcastPolicy.excludingSender()
                    .and(BroadcastPolicy.rule((message, who) -> false)));
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).rooms(strict))) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient tab = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      Room room = chat.chat().room("lobby").orElseThrow();

      room.announce("hello");
      assertEquals(List.of(ONCE, ONCE, ONCE), List.of(alice.heard(), tab.heard(), bob.heard()));

      room.announce(Payload.text("hello"), BroadcastPolicy.allButIds(Set.of("alice")));
      assertEquals(
          List.of(NOTHING, NOTHING, ONCE), List.of(alice.heard(), tab.heard(), bob.heard()));
      room.announce(Payload.text("hello"), BroadcastPolicy.onlyIds(Set.of("alice")));
      assertEquals(List.of(ONCE, ONCE, NOTHING), List.of(alice.heard(), tab.heard(), bob.heard()));

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
      TestClient alice = chat.enter("red", "alice");
      TestClient tab = chat.enter("blue", "alice");
      TestClient bob = chat.enter("red", "bob");
      TestClient carol = chat.enter("green", "carol");
      assertEquals(Optional.empty(), chat.chat().participant("alice").orElseThrow().join("blue"));
      Room red = chat.chat().room("red").orElseThrow();
      Room blue = chat.chat().room("blue").orElseThrow();

      chat.chat().announce(Payload.text("hello"), List.of(red, blue, red));
      assertEquals(
          List.of(ONCE, ONCE, ONCE, NOTHING),
          List.of(alice.heard(), tab.heard(), bob.heard(), carol.heard()));

      chat.chat().announce("hello");
      assertEquals(
          List.of(ONCE, ONCE, ONCE, ONCE),
          List.of(alice.heard(), tab.heard(), bob.heard(), carol.heard()));
    }
  }

  @Test
  void roomsThatTreatSlowReadersInDifferentWaysAreAnnouncedToAsOne() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .room("red", RoomOptions.defaults().overflow(Overflow.DROP_OLDEST))
                .room("blue", RoomOptions.defaults().overflow(Overflow.DROP_NEWEST)))) {
      TestClient alice = chat.enter("red", "alice");
      TestClient bob = chat.enter("blue", "bob");
      TestClient carol = chat.enter("green", "carol");
      assertEquals(Optional.empty(), chat.chat().participant("alice").orElseThrow().join("blue"));
      chat.chat().announce("hello");
      assertEquals(List.of(ONCE, ONCE, ONCE), List.of(alice.heard(), bob.heard(), carol.heard()));
    }
  }

  @Test
  void recipientsThatCloseOrFailCostTheOthersNothing() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      FakeConnection throwing =
          new FakeConnection()
              .onWrite(
                  () -> {
                    throw new IllegalStateException("broken transport");
                  })
              .enter(chat.chat(), Entry.of("throwing", "lobby"));
      FakeConnection failing = FakeConnection.open(chat.chat(), "lobby", "failing");
      failing.onWrite(failing::vanish);
      FakeConnection closing = FakeConnection.open(chat.chat(), "lobby", "closing").deaf().hold();
      chat.chat().participant("closing").orElseThrow().disconnect(CloseStatus.NORMAL);
      TestClient bob = chat.enter("lobby", "bob");

      alice.say("one");
      alice.say("two");
      assertEquals(List.of("one", "two"), alice.heard());
      assertEquals(List.of("one", "two"), bob.heard());
      assertEquals(NOTHING, closing.heard());
      assertFalse(throwing.isOpen());
      assertFalse(failing.isOpen());
      assertEquals(2, chat.chat().room("lobby").orElseThrow().size());
    }
  }

  @Test
  void whatIsSaidInARoomThatIsOverIsHeardByNobody() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      Room over = chat.chat().room("lobby").orElseThrow();
      over.close("enough");
      assertFalse(alice.isOpen());
      TestClient again = chat.enter("lobby", "alice");

      over.announce("hello");
      assertEquals(NOTHING, again.heard());
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
      TestClient alice = chat.enter("lobby", "alice");
      TestClient tab = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      alice.say("?");
      assertEquals(
          List.of(ONCE, NOTHING, NOTHING), List.of(alice.heard(), tab.heard(), bob.heard()));
      assertTrue(chat.chat().participant("alice").orElseThrow().tell("hello"));
      assertEquals(List.of(ONCE, ONCE, NOTHING), List.of(alice.heard(), tab.heard(), bob.heard()));
    }
  }

  @Test
  void aPolicyTellsInWordsWhomItSelects() {
    assertEquals("everyone", BroadcastPolicy.everyone().toString());
    assertEquals(
        "excluding the sender, only [bob], all but [carol], by a rule",
        BroadcastPolicy.excludingSender()
            .and(BroadcastPolicy.onlyIds(Set.of("bob")))
            .and(BroadcastPolicy.allButIds(Set.of("carol")))
            .and(BroadcastPolicy.rule((message, who) -> true))
            .toString());
    assertEquals("excluding the origin connection", BroadcastPolicy.excludingOrigin().toString());
  }
}
