package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds in a cluster, one case for each line of the table in docs/clustering.md. */
class ClusterChatTest {
  private final List<String> calls = new ArrayList<>();
  private boolean idempotent;
  private RoomOptions options = RoomOptions.defaults().withHistory(History.of(100));
  private TestCluster cluster = newCluster();

  private TestCluster newCluster() {
    return TestChat.cluster(2, node -> Chat.builder(new Recorder(node)).rooms(options));
  }

  private void restart(RoomOptions newOptions) {
    cluster.close();
    options = newOptions;
    cluster = newCluster();
    calls.clear();
  }

  /** Writes down which callback ran on which node. */
  private final class Recorder implements RoomHandler {
    private final int node;

    Recorder(int node) {
      this.node = node;
    }

    @Override
    public void onJoin(Room room, Participant participant) {
      calls.add("node " + node + ": " + participant.id() + " joins");
    }

    @Override
    public void onMessage(Room room, Message message) {
      room.publish(idempotent ? message.withIdempotencyKey(message.text()) : message);
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      calls.add("node " + node + ": " + participant.id() + " leaves");
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private Room lobby(int node) {
    return cluster.node(node).chat().room("lobby").orElseThrow();
  }

  private List<String> names(int node) {
    return lobby(node).participants().stream().map(Participant::name).toList();
  }

  @Test
  void aMessageReachesTheMembersOnAllNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    ann.send("hello");
    bob.send("hi");
    assertEquals(List.of("hello", "hi"), ann.received());
    assertEquals(List.of("hello", "hi"), bob.received());
    assertEquals(lobby(0).position(), lobby(1).position());
    assertEquals(2, lobby(0).position().offset());
  }

  @Test
  void theMembersOfAllNodesAreParticipants() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    assertEquals(List.of("ann", "bob"), names(0));
    assertEquals(List.of("ann", "bob"), names(1));
    bob.close();
    assertEquals(List.of("ann"), names(0));
    assertEquals(List.of("node 0: ann joins", "node 1: bob joins", "node 1: bob leaves"), calls);
  }

  @Test
  void aParticipantOfTwoNodesJoinsOnceAndLeavesOnce() {
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    TestClient laptop = cluster.node(1).connect("lobby", "ann");
    phone.close();
    assertEquals(1, lobby(0).size());
    laptop.close();
    assertEquals(List.of("node 0: ann joins", "node 1: ann leaves"), calls);
  }

  @Test
  void aBanHoldsOnAllNodesAndAfterTheirRestart() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    assertTrue(lobby(0).ban("bob", Duration.ofHours(1), "spam").isDone());
    assertEquals(CloseStatus.BANNED.withReason("spam"), bob.closeStatus().orElseThrow());
    assertFalse(cluster.node(1).connect("lobby", "bob").isOpen());
    cluster.node(0).restart();
    cluster.node(1).restart();
    assertEquals(
        CloseStatus.BANNED.withReason("spam"),
        cluster.node(1).connect("lobby", "bob").closeStatus().orElseThrow());
  }

  @Test
  void aMutedParticipantIsRejectedOnItsNode() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    lobby(0).mute("bob", Duration.ofHours(1), "quiet");
    cluster.deliver();
    bob.send("hello");
    assertEquals(List.of("quiet"), bob.received());
  }

  @Test
  void kickRoleTopicAndDeleteHoldOnAllNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    lobby(0).setRole("bob", dev.roomful.admission.Role.OWNER);
    assertEquals(dev.roomful.admission.Role.OWNER, lobby(1).role("bob").orElseThrow());
    lobby(1).setTopic("cats");
    assertEquals("cats", lobby(0).topic());
    ann.send("one");
    Position position = lobby(1).position();
    assertTrue(lobby(1).deleteMessage(position).isDone());
    assertEquals(List.of(), lobby(0).history(HistoryRange.last(9)).orElseThrow());
    assertEquals(
        Rejection.NOT_FOUND, lobby(0).deleteMessage(position).rejection().orElseThrow().code());
    assertTrue(lobby(0).kick("bob", "bye").isDone());
    assertEquals(CloseStatus.KICKED.withReason("bye"), bob.closeStatus().orElseThrow());
    assertEquals(List.of("ann"), names(1));
  }

  @Test
  void closingARoomClosesItOnAllNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    lobby(0).close("done");
    assertEquals(CloseStatus.ROOM_CLOSED.withReason("done"), ann.closeStatus().orElseThrow());
    assertEquals(CloseStatus.ROOM_CLOSED.withReason("done"), bob.closeStatus().orElseThrow());
    assertTrue(cluster.node(1).connect("lobby", "bob").isOpen());
    assertEquals(List.of("bob"), names(1));
    assertEquals(0, lobby(1).position().offset());
  }

  @Test
  void namesAndCapacityAreDecidedOverAllNodes() {
    restart(RoomOptions.defaults().withDisplayNames(DisplayNames.numbered()).withCapacity(2));
    cluster.node(0).connect(AcceptedAdmission.of("a", "lobby").withName("Ann"));
    cluster.node(1).connect(AcceptedAdmission.of("b", "lobby").withName("Ann"));
    assertEquals(List.of("Ann", "Ann (2)"), names(0));
    assertEquals(
        CloseStatus.FULL.withReason(Rejection.ROOM_FULL),
        cluster.node(0).connect("lobby", "c").closeStatus().orElseThrow());
  }

  @Test
  void anIdempotencyKeyHoldsOnAllNodes() {
    idempotent = true;
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    TestClient laptop = cluster.node(1).connect("lobby", "ann");
    phone.send("hello");
    laptop.send("hello");
    assertEquals(List.of("hello"), phone.received());
    assertEquals(List.of("hello"), laptop.received());
    assertEquals(1, lobby(0).position().offset());
  }

  @Test
  void membersOfACrashedNodeLeaveWhenItsLeaseIsOver() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    cluster.node(1).crash();
    assertEquals(List.of("ann", "bob"), names(0));
    cluster.advance(Duration.ofSeconds(13));
    assertEquals(List.of("ann"), names(0));
    assertEquals(List.of("node 0: ann joins", "node 1: bob joins", "node 0: bob leaves"), calls);
  }

  @Test
  void aMessageThatIsPublishedWhileTheLinkIsCutArrivesWhenItIsBack() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    cluster.node(0).cutOff();
    ann.send("one");
    cluster.advance(Duration.ofMillis(500));
    assertEquals(List.of(), bob.received());
    cluster.node(0).heal();
    cluster.advance(Duration.ofMillis(500));
    assertEquals(List.of("one"), ann.received());
    assertEquals(List.of("one"), bob.received());
  }

  @Test
  void aMessageIsRejectedWhenTheEngineIsGoneForTwoSeconds() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    cluster.stopEngine();
    var published = lobby(0).announce("one").toCompletableFuture();
    cluster.advance(Duration.ofSeconds(3));
    assertTrue(published.isCompletedExceptionally());
    assertTrue(ann.isOpen());
    cluster.startEngine();
    cluster.advance(Duration.ofSeconds(1));
    ann.send("two");
    assertEquals(List.of("two"), ann.received());
  }

  @Test
  void aNodeThatWasCutOffForLongJoinsItsMembersAgain() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    cluster.node(1).cutOff();
    cluster.advance(Duration.ofSeconds(20));
    assertEquals(List.of("ann"), names(0));
    cluster.node(1).heal();
    cluster.advance(Duration.ofSeconds(5));
    assertEquals(List.of("ann", "bob"), names(0));
    assertEquals(List.of("ann", "bob"), names(1));
    ann.send("hello");
    assertEquals(List.of("hello"), bob.received());
  }

  @Test
  void aRewoundLogIsRestoredByANodeThatKnowsMore() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    ann.send("one");
    cluster.save();
    ann.send("two");
    assertEquals(List.of("one", "two"), bob.received());
    cluster.rewind();
    cluster.advance(Duration.ofSeconds(1));
    ann.send("three");
    assertEquals(List.of("one", "two", "three"), ann.received());
    assertEquals(List.of("three"), bob.received());
    assertEquals(3, lobby(1).position().offset());
  }

  @Test
  void anEngineThatHasLostEverythingIsFilledAgain() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    ann.send("one");
    cluster.rewind();
    cluster.advance(Duration.ofSeconds(1));
    bob.send("two");
    assertEquals(List.of("one", "two"), ann.received());
    assertEquals(List.of("one", "two"), bob.received());
    assertEquals(List.of("ann", "bob"), names(0));
  }

  @Test
  void aClientRecoversOnAnotherNode() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    ann.send("one");
    Position position = lobby(0).position();
    ann.close();
    lobby(1).announce("two");
    cluster.deliver();
    TestClient back =
        cluster
            .node(1)
            .connect(AcceptedAdmission.of("ann", "lobby").withReplay(HistoryRange.since(position)));
    assertEquals(List.of("two"), back.received());
  }

  @Test
  void aSignalReachesOtherNodes() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    lobby(0).signal(Payload.text("typing"));
    cluster.deliver();
    assertEquals(List.of("typing"), bob.received());
    assertEquals(0, lobby(1).position().offset());
  }
}
