package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What clients see when the engine has lost entries that they have seen, and has others in their
 * place: each kind of entry alone.
 */
class LostEntriesTest {
  private final List<String> calls = new ArrayList<>();
  private final TestCluster cluster =
      TestChat.cluster(
          3,
          node ->
              Chat.builder(new NodeRecorder(node, calls))
                  .rooms(
                      RoomOptions.defaults()
                          .withHistory(History.of(100))
                          .withNotices(new JoinLeaveNotices())));

  /** On node 0, which does not see the entries that are lost. */
  private TestClient bob;

  /** On node 1, which sees them. */
  private TestClient ann;

  /** As ann, with presence events. */
  private ToyClient tom;

  @BeforeEach
  void connect() {
    bob = cluster.node(0).connect("lobby", "bob");
    ann = cluster.node(1).connect("lobby", "ann");
    tom = ToyClient.identified(cluster.node(1).chat(), new ToyProtocol(), "tom").join("lobby");
    cluster.deliver();
    forgetReceived();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void forgetReceived() {
    bob.received();
    ann.received();
    tom.received();
    calls.clear();
  }

  private Room lobby(int node) {
    return cluster.node(node).chat().room("lobby").orElseThrow();
  }

  private List<String> members(int node) {
    return lobby(node).participants().stream().map(Participant::id).toList();
  }

  /**
   * Lets nodes 1 and 2 append something which the engine loses before node 0 knows it; then node 0
   * appends something else.
   */
  private void lose(Runnable appended) {
    lose(appended, () -> bob.send("instead"));
  }

  private void lose(Runnable appended, Runnable instead) {
    cluster.node(0).cutOff();
    appended.run();
    cluster.deliver();
    cluster.node(1).cutOff();
    cluster.node(2).cutOff();
    forgetReceived();
    cluster.rewind();
    cluster.node(0).heal();
    cluster.advance(Duration.ofMillis(500));
    instead.run();
    cluster.advance(Duration.ofMillis(500));
    bob.received();
  }

  private void heal(int node) {
    cluster.node(node).heal();
    cluster.advance(Duration.ofSeconds(1));
  }

  @Test
  void aJoinThatIsLostIsSeenAsALeaveAndAsAJoinWhenItsNodeIsBack() {
    lose(() -> cluster.node(2).connect("lobby", "carl"));
    heal(1);
    assertEquals(List.of("-carl", "instead"), ann.received());
    assertEquals(List.of("lobby- carl", "lobby! instead #1"), tom.received());
    assertEquals(List.of("bob", "ann", "tom"), members(1));
    heal(2);
    assertEquals(List.of("+carl"), ann.received());
    assertEquals(List.of("lobby+ carl"), tom.received());
    assertEquals(List.of("+carl"), bob.received());
    assertEquals(List.of("bob", "ann", "tom", "carl"), members(0));
    assertEquals(List.of(), calls);
  }

  @Test
  void aLeaveThatIsLostIsAppendedAgain() {
    TestClient carl = cluster.node(1).connect("lobby", "carl");
    lose(carl::close);
    heal(1);
    assertEquals(List.of("+carl", "instead", "-carl"), ann.received());
    assertEquals(List.of("lobby+ carl", "lobby! instead #1", "lobby- carl"), tom.received());
    assertEquals(List.of("-carl"), bob.received());
    assertEquals(List.of("bob", "ann", "tom"), members(0));
    assertEquals(List.of(), calls);
  }

  @Test
  void aConnectionThatIsLostIsSeenByThoseWithPresenceEventsOnly() {
    cluster.node(2).connect("lobby", "carl");
    lose(() -> cluster.node(2).connect("lobby", "carl"));
    heal(1);
    assertEquals(List.of("instead"), ann.received());
    assertEquals(List.of("lobby- carl", "lobby! instead #1"), tom.received());
    heal(2);
    assertEquals(List.of(), ann.received());
    assertEquals(List.of("lobby+ carl"), tom.received());
    assertEquals(2, cluster.node(0).chat().participant("carl").orElseThrow().connections());
  }

  @Test
  void aClientThatHasReceivedALostMessageIsToldToReload() {
    lose(() -> ann.send("lost"));
    heal(1);
    assertEquals(CloseStatus.RELOAD.code(), ann.closeStatus().orElseThrow().code());
    assertEquals(CloseStatus.RELOAD.code(), tom.closeStatus().orElseThrow().code());
    assertEquals(List.of(), ann.received());
    assertEquals(List.of("-ann", "-tom"), bob.received());
    assertEquals(List.of("bob"), members(0));
    assertEquals(List.of("node 1: ann leaves", "node 1: tom leaves"), calls);
  }

  @Test
  void aRoleThatIsLostIsTheEarlierOneAgain() {
    lose(() -> lobby(1).setRole("ann", Role.OWNER));
    heal(1);
    assertEquals(Role.MEMBER, lobby(1).role("ann").orElseThrow());
    assertEquals(Role.MEMBER, lobby(0).role("ann").orElseThrow());
  }

  @Test
  void aParticipantIsTheSameOneAfterTheLogWasReadAgain() {
    Participant before = cluster.node(1).chat().participant("ann").orElseThrow();
    lose(() -> cluster.node(2).connect("lobby", "carl"));
    heal(1);
    assertSame(before, lobby(1).participants().get(1));
  }

  @Test
  void aTopicOfALaterLogReplacesTheOneThatIsLost() {
    lose(() -> lobby(1).setTopic("lost"), () -> lobby(0).setTopic("kept"));
    heal(1);
    assertEquals("kept", lobby(1).topic());
  }

  @Test
  void aRoomThatWasOpenedInsteadHasItsOwnMessagesOnly() {
    lose(
        () -> cluster.node(2).connect("attic", "carl").send("lost"),
        () -> cluster.node(0).connect("attic", "dave").send("kept"));
    heal(2);
    assertEquals(
        List.of("kept"),
        cluster
            .node(0)
            .chat()
            .room("attic")
            .orElseThrow()
            .history(HistoryRange.last(9))
            .orElseThrow()
            .stream()
            .map(Message::text)
            .toList());
  }

  @Test
  void membersOfALostNodeWhoAreBannedMeanwhileAreClosed() {
    cluster.node(1).cutOff();
    cluster.advance(Duration.ofSeconds(20));
    assertEquals(List.of("bob"), members(0));
    lobby(0).ban("ann", Duration.ofHours(1), "spam");
    lobby(0).ban("tom", Duration.ofHours(1), "scam");
    heal(1);
    assertEquals(CloseStatus.BANNED.withReason("spam"), ann.closeStatus().orElseThrow());
    assertEquals(List.of("lobby- ann", "lobby- tom", "out of lobby: scam"), tom.received());
    assertEquals(List.of("node 0: ann leaves", "node 0: tom leaves"), calls);
    assertEquals(List.of("bob"), members(1));
  }

  @Test
  void membersOfALostNodeJoinAgainAndTheApplicationIsNotified() {
    cluster.node(1).cutOff();
    cluster.advance(Duration.ofSeconds(20));
    heal(1);
    assertEquals(List.of("bob", "ann", "tom"), members(0));
    assertEquals(List.of("-ann", "-tom", "+ann", "+tom"), bob.received());
    assertEquals(List.of("-tom", "+tom"), ann.received());
    assertEquals(List.of("lobby- ann", "lobby- tom", "lobby+ ann", "lobby+ tom"), tom.received());
    assertEquals(
        List.of(
            "node 0: ann leaves", "node 0: tom leaves", "node 1: ann joins", "node 1: tom joins"),
        calls);
    assertSame(participant(1, "ann"), lobby(1).participants().get(1));
  }

  @Test
  void aRoomWhoseMembersWereAllOnALostNodeIsKept() {
    TestClient carl = cluster.node(1).connect("attic", "carl");
    Room attic = cluster.node(1).chat().room("attic").orElseThrow();
    attic.setTopic("cats");
    carl.send("one");
    Position one = attic.position();
    cluster.node(0).connect("attic", "dave").close(); // node 0 has it open
    cluster.node(1).cutOff();
    cluster.advance(Duration.ofSeconds(20));
    heal(1);
    carl.send("two");
    assertEquals(List.of("one", "+dave", "-dave", "two"), carl.received());
    assertEquals("cats", attic.topic());
    assertEquals(new Position(one.epoch(), 2), attic.position());
    assertEquals(1, cluster.node(0).chat().room("attic").orElseThrow().size());
  }

  @Test
  void thoseWhoComeBackToARoomThatHasBegunAnewAreToldToReload() {
    TestClient carl = cluster.node(1).connect("attic", "carl");
    cluster.node(0).connect("attic", "dave").close(); // node 0 has it open
    cluster.node(1).cutOff();
    cluster.advance(Duration.ofSeconds(60));
    heal(1);
    assertEquals(CloseStatus.RELOAD, carl.closeStatus().orElseThrow());
    assertTrue(cluster.node(1).connect("attic", "carl").isOpen());
    assertTrue(ann.isOpen());
  }

  @Test
  void aMemberOfALostNodeForWhomThereIsNoPlaceIsClosed() {
    TestCluster full =
        TestChat.cluster(
            2,
            node ->
                Chat.builder(new NodeRecorder(node, calls))
                    .rooms(RoomOptions.defaults().withCapacity(2)));
    try (full) {
      full.node(0).connect("lobby", "bob");
      TestClient carl = full.node(1).connect("lobby", "carl");
      full.node(1).cutOff();
      full.advance(Duration.ofSeconds(20));
      full.node(0).connect("lobby", "dave");
      full.node(1).heal();
      full.advance(Duration.ofSeconds(1));
      assertEquals(
          CloseStatus.KICKED.withReason(Rejection.ROOM_FULL), carl.closeStatus().orElseThrow());
    }
  }

  private Participant participant(int node, String id) {
    return cluster.node(node).chat().participant(id).orElseThrow();
  }

  @Test
  void aSessionThatIsLostIsKnownAgainWithItsRooms() {
    lose(
        () -> {
          cluster.node(1).connect("lobby", "bob");
          participant(1, "bob").join("attic");
        },
        () -> participant(0, "bob").join("kitchen"));
    heal(1);
    assertEquals(
        List.of(Set.of("lobby", "kitchen"), Set.of("lobby", "attic")), roomsOfSessions(0, "bob"));
    assertEquals(
        List.of(Set.of("lobby", "kitchen"), Set.of("lobby", "attic")), roomsOfSessions(1, "bob"));
  }

  private List<Set<String>> roomsOfSessions(int node, String id) {
    return cluster.node(node).chat().sessions(id).stream().map(SessionInfo::rooms).toList();
  }

  @Test
  void theEndOfASessionThatIsLostIsAppendedAgain() {
    TestClient laptop = cluster.node(1).connect("lobby", "bob");
    cluster.node(1).connect("lobby", "bob");
    lose(laptop::close, () -> participant(0, "bob").join("kitchen"));
    heal(1);
    assertEquals(List.of(Set.of("lobby", "kitchen"), Set.of("lobby")), roomsOfSessions(0, "bob"));
  }

  @Test
  void sessionsOfALostNodeAreKnownAgain() {
    cluster.node(1).connect("lobby", "bob");
    participant(1, "bob").join("attic");
    cluster.deliver();
    String before = cluster.node(0).chat().sessions("bob").get(1).node();
    cluster.node(1).cutOff();
    cluster.advance(Duration.ofSeconds(20));
    assertEquals(List.of(Set.of("lobby")), roomsOfSessions(0, "bob"));
    heal(1);
    assertEquals(List.of(Set.of("lobby"), Set.of("lobby", "attic")), roomsOfSessions(0, "bob"));
    assertNotEquals(before, cluster.node(0).chat().sessions("bob").get(1).node());
  }

  @Test
  void theMembersOfACrashedNodeLeaveARoomThatIsOpenedLater() {
    cluster.node(2).connect("attic", "carl");
    cluster.node(2).crash();
    cluster.advance(Duration.ofSeconds(20));
    cluster.node(0).connect("attic", "dave");
    cluster.advance(Duration.ofSeconds(3));
    assertEquals(1, cluster.node(0).chat().room("attic").orElseThrow().size());
  }

  @Test
  void aParticipantWithoutARoomIsGoneWithItsNode() {
    ToyClient.identified(cluster.node(2).chat(), new ToyProtocol(), "carl");
    cluster.deliver();
    assertEquals(1, cluster.node(0).chat().sessions("carl").size());
    cluster.node(2).crash();
    cluster.advance(Duration.ofSeconds(13));
    assertEquals(0, cluster.node(0).chat().sessions("carl").size());
  }

  @Test
  void aDirectMessageThatWasRejectedDoesNotArriveLater() {
    cluster.node(0).cutOff();
    assertEquals(
        Rejection.UNAVAILABLE, participant(0, "ann").send("one").rejection().orElseThrow().code());
    heal(0);
    cluster.advance(Duration.ofSeconds(5));
    assertEquals(List.of(), ann.received());
  }

  @Test
  void theEndOfASessionIsAppendedWhenTheLinkIsBack() {
    cluster.node(1).cutOff();
    ann.close();
    cluster.advance(Duration.ofSeconds(4));
    assertEquals(1, cluster.node(0).chat().sessions("ann").size());
    heal(1);
    assertEquals(0, cluster.node(0).chat().sessions("ann").size());
    assertEquals(List.of("bob", "tom"), members(0));
  }

  @Test
  void aMuteEndsAtItsTimeOnAllNodes() {
    lobby(0).mute("ann", Duration.ofSeconds(10), "quiet");
    cluster.advance(Duration.ofSeconds(9));
    ann.send("one");
    assertEquals(List.of("quiet"), ann.received());
    cluster.advance(Duration.ofSeconds(2));
    ann.send("two");
    assertEquals(List.of("two"), ann.received());
  }

  @Test
  void aConnectionThatLeavesReceivesNothingFromThenOn() {
    cluster.pauseDelivery();
    bob.send("late");
    tom.send("leave lobby");
    cluster.resumeDelivery();
    cluster.deliver();
    assertEquals(List.of("left lobby"), tom.received());
    assertEquals(List.of("late", "-tom"), ann.received());
  }

  @Test
  void aWrongSecretResumesNothing() {
    cluster
        .node(0)
        .connect(AcceptedAdmission.of("ann", "lobby").withResumeSecret("a wrong secret"));
    assertEquals(2, cluster.node(1).chat().sessions("ann").size());
    assertTrue(ann.isOpen());
  }
}
