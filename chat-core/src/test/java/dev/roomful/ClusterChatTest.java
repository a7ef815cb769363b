package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds in a cluster, one case for each line of the table in docs/clustering.md. */
class ClusterChatTest {
  private final List<String> calls = new ArrayList<>();
  private boolean idempotent;
  private boolean rejecting;
  private RoomOptions options = RoomOptions.defaults().withHistory(History.of(100));
  private TestCluster cluster = newCluster();

  private TestCluster newCluster() {
    Limits limits = Limits.defaults().withResumeWindow(Duration.ofSeconds(20));
    return TestChat.cluster(
        2, node -> Chat.builder(new Recorder(node)).limits(limits).rooms(options));
  }

  private void restart(RoomOptions newOptions) {
    cluster.close();
    options = newOptions;
    cluster = newCluster();
    calls.clear();
  }

  private final class Recorder extends NodeRecorder {
    Recorder(int node) {
      super(node, calls);
    }

    @Override
    public void onMessage(Room room, Message message) {
      room.publish(idempotent ? message.withIdempotencyKey(message.text()) : message);
      if (rejecting) {
        throw new RejectedException(new Rejection(403, "own-code", "by the handler"));
      }
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
  void amendmentsOnOneNodeAreSeenOnAllNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    ann.send("one");
    Position position = lobby(1).position();
    lobby(1).amend(Amendment.edit(position), Payload.text("ONE"));
    lobby(1)
        .publish(
            lobby(1)
                .messageFrom(Sender.of("bob", "Bob"), Payload.text("likes it"))
                .withAmendment(Amendment.react(position, "+1")));
    Message seen = lobby(0).history(HistoryRange.last(9).folded()).orElseThrow().get(0);
    assertEquals("ONE", seen.text());
    assertEquals(Map.of("+1", Set.of("bob")), seen.reactions());
    assertEquals(List.of("one", "ONE", "likes it"), ann.received());
  }

  @Test
  void kickRoleTopicAndDeleteHoldOnAllNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    lobby(0).setRole("bob", Role.OWNER);
    assertEquals(Role.OWNER, lobby(1).role("bob").orElseThrow());
    lobby(1).setTopic("cats");
    assertEquals("cats", lobby(0).topic());
    ann.send("one");
    Position position = lobby(1).position();
    assertTrue(lobby(1).deleteMessage(position).isDone());
    assertEquals(List.of(), lobby(0).history(HistoryRange.last(9).folded()).orElseThrow());
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
  void anAnnouncementToSeveralRoomsHasItsPlaceInTheOrderOfEach() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("attic", "bob");
    participant(0, "ann").join("attic");
    cluster.deliver();
    bob.send("before");
    Chat chat = cluster.node(0).chat();
    chat.announce(Payload.text("news"), chat.rooms());
    cluster.deliver();
    bob.send("after");
    assertEquals(List.of("before", "news", "after"), bob.received());
    assertEquals(
        List.of("before", "news", "news", "after"), ann.received(), "once for each of its rooms");
  }

  @Test
  void limitsOfAParticipantHoldForEachNode() {
    cluster.close();
    cluster =
        TestChat.cluster(
            2,
            node ->
                Chat.builder(new Recorder(node))
                    .limits(Limits.defaults().withConnectionsPerParticipant(1)));
    assertTrue(cluster.node(0).connect("lobby", "ann").isOpen());
    assertTrue(cluster.node(1).connect("lobby", "ann").isOpen());
    assertFalse(cluster.node(0).connect("lobby", "ann").isOpen(), "the second one of a node");
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
  void aMessageThatTheHandlerAndTheLogRejectIsReportedOnce() {
    rejecting = true;
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    cluster.stopEngine();
    ann.send("one");
    cluster.advance(Duration.ofSeconds(3));
    assertEquals(List.of("by the handler"), ann.received());
  }

  @Test
  void aClientWithAProtocolIsAnsweredWhenTheLogHasDecided() {
    ToyClient ann =
        ToyClient.identified(cluster.node(0).chat(), new ToyProtocol(), "ann").join("lobby");
    ann.received();
    ann.send("say lobby one");
    assertEquals(List.of("lobby! one #1", "ok"), ann.received());
    cluster.stopEngine();
    ann.send("say lobby two");
    assertEquals(List.of("unavailable"), ann.received());
  }

  @Test
  void aClientWithAProtocolIsKnownToOtherNodesBeforeItJoinsARoom() {
    ToyClient ann = ToyClient.identified(cluster.node(0).chat(), new ToyProtocol(), "ann");
    cluster.deliver();
    assertTrue(participant(1, "ann").send("hello").isDone());
    cluster.deliver();
    assertEquals(List.of("psst hello"), ann.received());
    ann.loseConnection();
    cluster.deliver();
    assertTrue(cluster.node(1).chat().participant("ann").isEmpty());
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
  void aParticipantWhoseConnectionHereHasEndedIsReachedOnItsOtherNode() {
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    cluster.node(1).connect("lobby", "ann").close();
    cluster.deliver();
    assertTrue(lobby(1).participants().get(0).send("hello").isDone());
    cluster.deliver();
    assertEquals(List.of("hello"), phone.received());
  }

  @Test
  void whatIsDoneToAParticipantWhoHasLeftIsRejectedOnAllNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    Participant remote = participant(1, "ann");
    ann.close();
    cluster.deliver();
    assertRejected(Rejection.GONE, remote);
  }

  private static void assertRejected(String expected, Participant participant) {
    assertEquals(expected, code(participant.send("hello")));
    assertEquals(expected, code(participant.disconnect(CloseStatus.NORMAL)));
    assertEquals(expected, code(participant.join("attic")));
  }

  @Test
  void whatIsDoneToAParticipantOfAnotherNodeIsUnavailableWithoutTheEngine() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("lobby", "carl");
    cluster.node(1).connect("lobby", "bob");
    Participant ann = participant(1, "ann");
    Participant carl = participant(1, "carl");
    assertEquals(1, cluster.node(1).chat().sessions("carl").size()); // its log is known then
    cluster.node(1).cutOff();
    assertRejected(Rejection.UNAVAILABLE, ann);
    assertRejected(Rejection.UNAVAILABLE, carl);
  }

  @Test
  void aSignalReachesOtherNodes() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    assertTrue(lobby(0).signal(Payload.text("typing")).isDone());
    cluster.deliver();
    assertEquals(List.of("typing"), bob.received());
    assertEquals(0, lobby(1).position().offset());
  }

  private Participant participant(int node, String id) {
    return cluster.node(node).chat().participant(id).orElseThrow();
  }

  @Test
  void aDirectMessageReachesAllConnectionsWhereverTheyAre() {
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    TestClient laptop = cluster.node(1).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    assertTrue(participant(0, "ann").send("one").isDone());
    assertTrue(participant(1, "ann").send("two").isDone());
    assertTrue(participant(0, "bob").send("three").isDone());
    cluster.deliver();
    assertEquals(List.of("one", "two"), phone.received());
    assertEquals(List.of("one", "two"), laptop.received());
    assertEquals(List.of("three"), bob.received());
  }

  @Test
  void aDirectMessageToNobodyIsRejected() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    Participant gone = participant(0, "bob");
    bob.close();
    assertEquals(Rejection.GONE, gone.send("hello").rejection().orElseThrow().code());
    assertTrue(cluster.node(0).chat().participant("bob").isEmpty());
  }

  @Test
  void aParticipantInNoOpenRoomIsFound() {
    cluster.node(1).connect("attic", "bob");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    assertTrue(participant(0, "bob").send("hello").isDone());
    cluster.deliver();
    assertEquals(List.of("hello"), bob.received());
  }

  @Test
  void aParticipantIsDisconnectedOnAllNodes() {
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    TestClient laptop = cluster.node(1).connect("lobby", "ann");
    assertTrue(participant(0, "ann").disconnect(new CloseStatus(4999, "out")).isDone());
    cluster.deliver();
    assertEquals(4999, phone.closeStatus().orElseThrow().code());
    assertEquals(4999, laptop.closeStatus().orElseThrow().code());
    assertEquals(List.of(), cluster.node(0).chat().room("lobby").orElseThrow().participants());
  }

  @Test
  void aRemoteParticipantJoinsAndLeavesRooms() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("attic", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    assertTrue(participant(0, "bob").join("attic").isDone());
    assertEquals(2, cluster.node(0).chat().room("attic").orElseThrow().size());
    cluster.node(0).chat().room("attic").orElseThrow().announce("hello");
    cluster.deliver();
    assertEquals(List.of("hello"), bob.received());
    assertTrue(participant(0, "bob").leave("attic").isDone());
    assertEquals(1, cluster.node(0).chat().room("attic").orElseThrow().size());
    assertEquals(
        Rejection.NOT_A_MEMBER,
        participant(0, "bob").leave("attic").rejection().orElseThrow().code());
  }

  @Test
  void renamesAndUpdatesReachAllNodes() {
    restart(RoomOptions.defaults().withDisplayNames(DisplayNames.unique()));
    cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    assertTrue(participant(1, "bob").rename("Robert").isDone());
    cluster.deliver();
    assertEquals(List.of("ann", "Robert"), names(0));
    assertEquals(
        Rejection.NAME_TAKEN,
        participant(0, "ann").rename("Robert").rejection().orElseThrow().code());
    assertTrue(participant(0, "bob").rename("Bobby").isDone());
    cluster.deliver();
    assertEquals("Bobby", participant(1, "bob").name());
    participant(1, "bob").update("mood", "fine");
    cluster.deliver();
    assertEquals("fine", participant(0, "bob").attributes().get("mood"));
    participant(0, "bob").update("mood", "tired");
    cluster.deliver();
    assertEquals("tired", participant(1, "bob").attributes().get("mood"));
  }

  private List<String> names(int node, String room) {
    return cluster.node(node).chat().room(room).orElseThrow().participants().stream()
        .map(Participant::name)
        .toList();
  }

  @Test
  void aParticipantIsRenamedInAllItsRoomsByANodeThatHasOneOfThemOpen() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("kitchen", "ann");
    cluster.node(1).connect("lobby", "bob");
    assertTrue(participant(1, "ann").rename("Anna").isDone());
    cluster.node(1).connect("kitchen", "carl");
    assertEquals(List.of("Anna", "carl"), names(1, "kitchen"));
    assertEquals(List.of("Anna", "carl"), names(0, "kitchen"));
  }

  @Test
  void aParticipantOfTwoNodesIsRenamedInTheRoomsOfBoth() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("kitchen", "ann");
    cluster.node(1).connect("lobby", "ann");
    assertTrue(participant(1, "ann").rename("Anna").isDone());
    participant(1, "ann").update("mood", "fine");
    cluster.node(1).connect("kitchen", "carl");
    assertEquals(List.of("Anna", "carl"), names(1, "kitchen"));
    assertEquals(List.of("Anna", "carl"), names(0, "kitchen"));
    Participant ann = cluster.node(1).chat().room("kitchen").orElseThrow().participants().get(0);
    assertEquals("fine", ann.attributes().get("mood"));
  }

  @Test
  void aRoomShowsTheSameNameOnAllNodesAlthoughTheParticipantHasAnotherOneElsewhere() {
    restart(RoomOptions.defaults().withDisplayNames(DisplayNames.unique()));
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("kitchen", "ann");
    cluster.node(0).connect("kitchen", "Anna");
    cluster.node(1).connect("lobby", "ann");
    assertTrue(participant(1, "ann").rename("Anna").isDone()); // not possible in the kitchen
    cluster.node(1).connect("kitchen", "carl");
    assertEquals(List.of("ann", "Anna", "carl"), names(1, "kitchen"));
    assertEquals(List.of("ann", "Anna", "carl"), names(0, "kitchen"));
  }

  /** Loses a change of ann on node 1, while node 0 has appended something else. */
  private void loseOf(TestClient bob, Runnable change) {
    cluster.node(0).cutOff();
    change.run();
    cluster.node(1).cutOff();
    cluster.rewind();
    cluster.node(0).heal();
    cluster.advance(Duration.ofMillis(500));
    bob.send("other");
    cluster.node(1).heal();
    cluster.advance(Duration.ofSeconds(1));
  }

  @Test
  void aNameAndAttributesThatTheEngineHasLostAreAppendedAgain() {
    TestClient bob = cluster.node(0).connect("lobby", "bob");
    cluster.node(1).connect("lobby", "ann");
    loseOf(
        bob,
        () -> {
          participant(1, "ann").rename("Anna");
          participant(1, "ann").update("mood", "fine");
        });
    assertEquals(List.of("bob", "Anna"), names(0));
    assertEquals(List.of("bob", "Anna"), names(1));
    assertEquals("fine", participant(0, "ann").attributes().get("mood"));
  }

  @Test
  void aClientThatJoinsWhileItsNodeReadsALostLogAgainReceivesNothingTwice() {
    restart(
        RoomOptions.defaults()
            .withHistory(History.of(100))
            .withNotices(new JoinLeaveNotices())
            .withWelcome(info -> Payload.text("welcome " + info.participants())));
    TestClient bob = cluster.node(0).connect("lobby", "bob");
    TestClient ann = cluster.node(1).connect("lobby", "ann");
    cluster.node(0).cutOff();
    ann.send("one");
    cluster.node(1).connect("lobby", "dave");
    cluster.node(1).cutOff();
    cluster.rewind();
    cluster.node(0).heal();
    cluster.advance(
        Duration.ofSeconds(4)); // node 0 restores what it knows, and compares rarely then
    cluster.node(1).heal();
    cluster.advance(Duration.ofMillis(500)); // node 1 restores the rest
    bob.received();
    TestClient carl =
        cluster
            .node(0)
            .connect(AcceptedAdmission.of("carl", "lobby").withReplay(HistoryRange.last(10)));
    cluster.advance(Duration.ofSeconds(1));
    assertEquals(List.of("welcome [bob, ann, dave, carl]", "one"), carl.received());
    assertEquals(List.of("+dave", "+carl", "one"), bob.received());
    assertTrue(calls.contains("node 0: carl joins"), calls::toString);
  }

  @Tag("slow")
  @Test
  void aClientReceivesWhatItMissedIfItsNodeIsCutOffWhileItReadsALostLogAgain() {
    for (int delivered = 0; delivered < 40; delivered++) {
      restart(options);
      TestClient bob = cluster.node(0).connect("lobby", "bob");
      TestClient ann = cluster.node(1).connect("lobby", "ann");
      cluster.node(0).cutOff();
      ann.send("one");
      cluster.node(1).cutOff();
      cluster.rewind();
      cluster.node(0).heal();
      cluster.advance(Duration.ofMillis(500)); // node 0 restores what it knows
      cluster.node(0).cutOff();
      cluster.node(1).heal();
      cluster.advance(Duration.ofMillis(500)); // node 1 restores the rest
      cluster.pauseDelivery();
      cluster.node(0).heal(); // node 0 reads the log again
      for (int i = 0; i < delivered; i++) {
        cluster.deliverNext();
      }
      cluster.node(0).cutOff();
      cluster.node(0).heal();
      cluster.resumeDelivery();
      ann.send("two");
      assertEquals(List.of("one", "two"), bob.received(), "cut off after " + delivered + " steps");
    }
  }

  @Test
  void aRoomThatWasClosedBeforeItWasOpenedHereIsUnavailableWithoutTheEngine() {
    cluster.node(0).connect("kitchen", "ann");
    cluster.node(0).chat().room("kitchen").orElseThrow().close("over");
    cluster.node(1).connect("kitchen", "bob");
    cluster.node(1).connect("lobby", "carl");
    cluster.node(1).cutOff();
    Outcome outcome = participant(1, "carl").join("kitchen");
    assertEquals("unavailable", outcome.rejection().orElseThrow().code());
  }

  /** {@return how many times node 0 waited for the engine since a line of the trace} */
  private long roundTrips(int from) {
    long count = 0;
    boolean waiting = false;
    for (String line : cluster.trace().subList(from, cluster.trace().size())) {
      boolean request = line.startsWith("node 0 → engine");
      count += request && !waiting ? 1 : 0;
      waiting = request || (waiting && !line.startsWith("engine → node 0: answer"));
    }
    return count;
  }

  @Test
  void aParticipantJoinsAnOpenRoomInTwoRoundTripsAndAnotherOneInOne() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("kitchen", "ann");
    int begin = cluster.trace().size();
    cluster.node(0).connect("lobby", "bob");
    assertEquals(2, roundTrips(begin), () -> "" + cluster.trace());
    cluster.deliver();
    begin = cluster.trace().size();
    participant(0, "bob").join("kitchen");
    assertEquals(1, roundTrips(begin), () -> "" + cluster.trace());
  }

  @Test
  void aMessageIsPublishedInOneRoundTrip() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    int begin = cluster.trace().size();
    ann.send("one");
    assertEquals(1, roundTrips(begin), () -> "" + cluster.trace());
  }

  @Tag("slow")
  @Test
  void nodesAgreeOnAttributesThatTwoOfThemChangeAtOnce() {
    TestCluster.explore(
        100,
        () -> TestChat.cluster(2, new Recorder(0)),
        explored -> {
          explored.node(0).connect("lobby", "ann");
          explored.node(1).connect("lobby", "bob");
          explored.deliver();
          Participant here = explored.node(0).chat().participant("ann").orElseThrow();
          Participant there = explored.node(1).chat().participant("ann").orElseThrow();
          there.update("mood", "fine");
          here.update("mood", "tired");
          explored.deliver();
          assertEquals(
              here.attributes(),
              explored.node(1).chat().participant("ann").orElseThrow().attributes());
        });
  }

  @Test
  void aMemberReceivesADirectMessageAsSoonAsAnotherNodeKnowsIt() {
    TestCluster.explore(
        50,
        () -> TestChat.cluster(2, new Recorder(0)),
        explored -> {
          explored.node(1).connect("lobby", "bob");
          explored.node(1).chat().participant("ann"); // its log is open there
          explored.deliver();
          TestClient ann = explored.node(0).connect("lobby", "ann");
          Room lobby = explored.node(1).chat().room("lobby").orElseThrow();
          while (lobby.participants().size() < 2 && explored.deliverNext()) {}
          Participant known = lobby.participants().get(1);
          assertTrue(known.send("hello").isDone());
          explored.deliver();
          assertEquals(List.of("hello"), ann.received());
        });
  }

  @Test
  void anUpdateWhileTheLinkIsCutReachesOtherNodesLater() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    cluster.node(0).cutOff();
    participant(0, "ann").update("mood", "fine"); // waits for as long as a call waits
    cluster.node(0).heal();
    cluster.advance(Duration.ofSeconds(1));
    assertEquals("fine", participant(1, "ann").attributes().get("mood"));
  }

  @Test
  void aMessageToARoomThatTheLogHasClosedIsRejectedForCertain() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    Room lobby = lobby(1);
    cluster.pauseDelivery();
    lobby(0).close("done");
    CompletionStage<Position> published = lobby.announce("hello");
    cluster.resumeDelivery();
    cluster.deliver();
    assertFalse(bob.isOpen());
    CompletionException failure =
        assertThrows(CompletionException.class, () -> published.toCompletableFuture().join());
    assertEquals(
        Rejection.ROOM_CLOSED, ((RejectedException) failure.getCause()).rejection().code());
  }

  private static String code(Outcome outcome) {
    return outcome.rejection().map(Rejection::code).orElse("done");
  }

  @Test
  void aClosedRoomRejectsWhatIsDoneToIt() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).connect("attic", "ann");
    Room lobby = lobby(0);
    Room attic = cluster.node(0).chat().room("attic").orElseThrow();
    lobby.close("done");
    cluster.deliver();
    assertEquals(Rejection.ROOM_CLOSED, code(lobby.signal(Payload.text("typing"))));
    cluster.node(0).restart(); // it closes the chat of the other room
    assertEquals(Rejection.ROOM_CLOSED, code(attic.mute("ann", Duration.ofHours(1), "quiet")));
    CompletionException failure =
        assertThrows(
            CompletionException.class, () -> attic.announce("hello").toCompletableFuture().join());
    assertEquals(
        Rejection.ROOM_CLOSED, ((RejectedException) failure.getCause()).rejection().code());
  }

  @Test
  void aRoomThatIsOpenedAgainBeginsAnew() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    bob.send("hello");
    lobby(0).setTopic("tea");
    assertTrue(lobby(0).markRead("ann", lobby(0).position()).isDone());
    assertTrue(lobby(0).ban("eve", Duration.ofHours(1), "spam").isDone());
    lobby(0).close("done");
    cluster.deliver();
    TestClient again =
        cluster
            .node(1)
            .connect(AcceptedAdmission.of("ann", "lobby").withReplay(HistoryRange.last(9)));
    cluster.deliver();
    assertEquals(List.of(), again.received());
    assertEquals(0, lobby(1).position().offset());
    assertEquals("", lobby(1).topic());
    assertTrue(lobby(1).readMark("ann").isEmpty());
    assertTrue(lobby(1).banOf("eve").isPresent(), "a ban is about the name of the room");
  }

  @Test
  void aChangeOfAMemberWhoHasLeftIsRejectedByTheLog() {
    cluster.node(0).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    cluster.pauseDelivery();
    bob.close(); // on its way into the log
    assertEquals(Rejection.NOT_FOUND, code(lobby(0).setRole("bob", Role.MODERATOR)));
    assertEquals(Rejection.NOT_FOUND, code(lobby(0).kick("bob", "spam")));
  }

  @Test
  void aSignalIsRejectedWithoutTheEngine() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(0).cutOff();
    assertEquals(Rejection.UNAVAILABLE, code(lobby(0).signal(Payload.text("typing"))));
  }

  @Test
  void aMessageThatIsTooLargeForAnotherNodeIsStoredThereAndNotDelivered() {
    Limits limits = Limits.defaults().withMessageBytes(500);
    try (LogCapture log = new LogCapture();
        TestCluster different =
            TestChat.cluster(
                2,
                node ->
                    Chat.builder(new Recorder(node))
                        .limits(node == 0 ? limits : limits.withOutboxBytes(1024))
                        .rooms(options))) {
      TestClient ann = different.node(0).connect("lobby", "ann");
      TestClient bob = different.node(1).connect("lobby", "bob");
      Room lobby = different.node(0).chat().room("lobby").orElseThrow();
      lobby.announce("x".repeat(600));
      lobby.signal(Payload.text("y".repeat(600)));
      lobby.announce("short");
      different.deliver();
      assertEquals(3, ann.received().size());
      assertEquals(List.of("short"), bob.received());
      assertEquals(
          lobby.position(), different.node(1).chat().room("lobby").orElseThrow().position());
      assertEquals(
          2, log.messages().stream().filter(text -> text.contains("does not fit")).count());
    }
  }

  @Tag("slow")
  @Test
  void aMemberThatLeavesWhileItsNodeCountsAsLostLeavesOnce() {
    TestCluster.explore(
        50,
        () -> {
          calls.clear();
          return newCluster();
        },
        explored -> {
          TestClient bob = explored.node(1).connect("lobby", "bob"); // not open on node 0
          explored.deliver();
          explored.node(1).cutOff();
          bob.close();
          explored.advance(Duration.ofSeconds(20));
          explored.node(1).heal();
          explored.advance(Duration.ofSeconds(20));
          explored.deliver();
          assertEquals(List.of("node 1: bob joins", "node 1: bob leaves"), calls);
        });
  }

  @Test
  void aMessageThatIsSentDuringTheJoinIsPublishedAfterIt() {
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    cluster.pauseDelivery();
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    ann.send("hello");
    cluster.resumeDelivery();
    cluster.deliver();
    assertEquals(List.of("hello"), bob.received());
    assertEquals(List.of("node 1: bob joins", "node 0: ann joins"), calls);
  }

  @Test
  void aParticipantOfAnotherNodeTellsItsRoomsAndConnections() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("lobby", "bob");
    cluster.node(1).connect("lobby", "bob");
    cluster.node(1).connect("attic", "bob");
    cluster.deliver();
    Participant bob = participant(0, "bob");
    assertEquals(2, bob.connections());
    assertEquals(Set.of(lobby(0)), Set.copyOf(bob.rooms()));
    assertTrue(lobby(0).mute("bob", Duration.ofHours(1), "quiet").isDone());
    assertTrue(lobby(1).muteOf("bob").isPresent());
    assertTrue(lobby(1).muteOf("ann").isEmpty());
  }

  @Test
  void theRoomsOfASessionAreKnownToAllNodes() {
    cluster.node(0).connect("lobby", "ann");
    assertTrue(participant(0, "ann").join("attic").isDone());
    cluster.deliver();
    assertEquals(Set.of("lobby", "attic"), roomsOfSession("ann"));
    assertTrue(participant(0, "ann").leave("attic").isDone());
    cluster.deliver();
    assertEquals(Set.of("lobby"), roomsOfSession("ann"));
  }

  private Set<String> roomsOfSession(String id) {
    return cluster.node(1).chat().sessions(id).get(0).rooms();
  }

  @Test
  void aConnectionThatEndsDuringItsResumeOnAnotherNodeLeavesOnce() {
    restart(options.withWelcome(ClusterChatTest::welcome));
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    String secret = ann.received().get(0).split(" ", 2)[0];
    cluster.node(1).connect("lobby", "bob");
    ann.abort();
    cluster.pauseDelivery();
    TestClient again = cluster.node(1).connect(resuming(secret, lobby(1).position()));
    again.close();
    cluster.resumeDelivery();
    cluster.advance(Duration.ofSeconds(60));
    assertEquals(List.of("bob"), names(1));
    assertEquals(List.of("node 0: ann joins", "node 1: bob joins", "node 1: ann leaves"), calls);
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        info.resumeSecret().orElse("") + " " + info.position() + " " + info.resumed());
  }

  private AcceptedAdmission resuming(String secret, Position position) {
    return AcceptedAdmission.of("ann", "lobby")
        .withResumeSecret(secret)
        .withReplay(HistoryRange.since(position));
  }

  @Test
  void aClientThatIsLostResumesOnAnotherNodeAndNobodySeesItLeave() {
    restart(options.withWelcome(ClusterChatTest::welcome).withNotices(new JoinLeaveNotices()));
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    participant(0, "ann").join("attic");
    cluster.deliver();
    String[] welcome = ann.received().get(0).split(" ", -1);
    bob.received();
    ann.abort();
    bob.send("one");
    participant(1, "ann").send("for you");
    cluster.deliver();
    TestClient back =
        cluster.node(1).connect(resuming(welcome[0], Position.parse(welcome[1]).orElseThrow()));
    cluster.deliver();
    List<String> received = back.received();
    assertTrue(received.get(0).endsWith(" true"), received.toString());
    assertEquals(
        List.of("one", "for you"),
        received.stream().filter(text -> !text.endsWith("true")).toList());
    assertEquals(List.of("one"), bob.received());
    cluster.advance(Duration.ofSeconds(60));
    assertEquals(List.of(), bob.received());
    assertEquals(List.of("bob", "ann"), names(1));
    assertEquals(
        List.of("ann"),
        cluster.node(1).chat().room("attic").orElseThrow().participants().stream()
            .map(Participant::id)
            .toList());
    assertTrue(cluster.node(0).chat().room("attic").isEmpty(), "nobody needs it there");
    back.close();
    assertEquals(List.of("bob"), names(1));
    assertEquals(1, calls.stream().filter(call -> call.endsWith("ann leaves")).count() - 1);
  }

  @Test
  void anOpenSessionIsFencedWhenItsClientResumesOnAnotherNode() {
    restart(options.withWelcome(ClusterChatTest::welcome));
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    String[] welcome = ann.received().get(0).split(" ", -1);
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    TestClient back =
        cluster.node(1).connect(resuming(welcome[0], Position.parse(welcome[1]).orElseThrow()));
    cluster.deliver();
    assertEquals(CloseStatus.RESUMED.code(), ann.closeStatus().orElseThrow().code());
    assertTrue(phone.isOpen());
    assertTrue(back.isOpen());
    assertEquals(List.of("ann"), names(1));
  }

  @Test
  void aClientOfACrashedNodeResumesOnAnotherNodeAndNobodySeesItLeave() {
    restart(options.withWelcome(ClusterChatTest::welcome).withNotices(new JoinLeaveNotices()));
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    String[] welcome = ann.received().get(0).split(" ", -1);
    bob.received();
    cluster.node(0).crash();
    bob.send("one");
    TestClient back =
        cluster.node(1).connect(resuming(welcome[0], Position.parse(welcome[1]).orElseThrow()));
    cluster.advance(Duration.ofSeconds(20));
    assertEquals(List.of("one"), back.received().subList(1, 2));
    assertEquals(List.of("one"), bob.received());
    assertEquals(List.of("bob", "ann"), names(1));
  }

  @Test
  void aRevokedParticipantIsDisconnectedEverywhereAndItsSessionsAreListed() {
    TestClient phone = cluster.node(0).connect("lobby", "ann");
    TestClient laptop = cluster.node(1).connect("lobby", "ann");
    List<SessionInfo> sessions = cluster.node(0).chat().sessions("ann");
    assertEquals(2, sessions.size());
    assertEquals(Set.of("lobby"), sessions.get(0).rooms());
    assertTrue(cluster.node(0).chat().revoke("ann").isDone());
    cluster.deliver();
    assertEquals(CloseStatus.REVOKED, phone.closeStatus().orElseThrow());
    assertEquals(CloseStatus.REVOKED, laptop.closeStatus().orElseThrow());
    assertEquals(List.of(), cluster.node(1).chat().sessions("ann"));
    assertEquals(
        Rejection.GONE, cluster.node(0).chat().revoke("ann").rejection().orElseThrow().code());
  }

  @Test
  void healthTellsWhetherTheEngineCanBeReached() {
    assertTrue(cluster.node(0).chat().health().isConnected());
    cluster.stopEngine();
    ChatHealth health = cluster.node(0).chat().health();
    assertFalse(health.isConnected());
    assertTrue(health.staleSince().isPresent());
    cluster.startEngine();
    assertTrue(cluster.node(0).chat().health().isConnected());
  }

  @Test
  void theFiguresTellHowMuchWaitsForTheEngineAndForHowLong() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    Chat chat = cluster.node(0).chat();
    assertEquals(Duration.ZERO, chat.stats().clusterLag());
    cluster.stopEngine();
    ann.send("hello");
    cluster.advance(Duration.ofSeconds(1));
    assertFalse(chat.stats().health().isConnected());
    assertEquals(1, chat.stats().health().waiting());
    assertEquals(Duration.ofSeconds(1), chat.stats().clusterLag());
    cluster.startEngine();
    cluster.advance(Duration.ofSeconds(8));
    assertEquals(0, chat.stats().health().waiting());
    assertEquals(Duration.ZERO, chat.stats().clusterLag());
  }

  @Test
  void aSenderLearnsThatTheLogHasNotAcceptedItsMessage() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    cluster.stopEngine();
    ann.send("hello");
    cluster.advance(Duration.ofSeconds(3));
    assertEquals(List.of("the cluster engine cannot be reached: try again later"), ann.received());
  }

  @Test
  void exclusionHoldsOnAllNodesAndOnReplay() {
    restart(
        RoomOptions.defaults()
            .withHistory(History.of(100))
            .withPolicy(
                BroadcastPolicy.excludingSender()
                    .and(
                        BroadcastPolicy.rule(
                            (message, recipient) -> !recipient.id().startsWith("no")))));
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    TestClient laptop = cluster.node(1).connect("lobby", "ann");
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    TestClient nora = cluster.node(1).connect("lobby", "nora");
    ann.send("one");
    assertEquals(List.of(), laptop.received());
    assertEquals(List.of("one"), bob.received());
    assertEquals(List.of(), nora.received());
    for (String id : List.of("ann", "nora", "bob")) {
      TestClient again =
          cluster
              .node(1)
              .connect(AcceptedAdmission.of(id, "lobby").withReplay(HistoryRange.last(9)));
      assertEquals(id.equals("bob") ? List.of("one") : List.of(), again.received());
    }
  }

  @Test
  void otherRoomOptionsOnAnotherNodeAreReportedOnce() {
    try (LogCapture log = new LogCapture();
        TestCluster different =
            TestChat.cluster(
                3,
                node ->
                    Chat.builder(new RoomHandler() {})
                        .rooms(RoomOptions.defaults().withCapacity(node == 0 ? 10 : 20)))) {
      different.advance(Duration.ofSeconds(1));
      List<String> warnings =
          log.messages().stream().filter(text -> text.contains("other room options")).toList();
      assertFalse(warnings.isEmpty());
      assertTrue(warnings.size() <= 3, warnings.toString());
      assertTrue(warnings.get(0).contains("capacity=10"), warnings.toString());
    }
  }

  @Test
  void aClusterToWhichNothingHappensWarnsOfNothing() {
    try (LogCapture log = new LogCapture()) {
      restart(options);
      cluster.node(0).connect("lobby", "ann");
      cluster.node(1).connect("lobby", "bob");
      cluster.advance(Duration.ofSeconds(30));
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void aRenameReachesRoomsThatAreNotOpenOnTheNodeThatAsksForIt() {
    cluster.node(0).connect("lobby", "ann");
    cluster.node(1).connect("attic", "bob");
    assertTrue(participant(0, "bob").rename("Robert").isDone());
    cluster.deliver();
    assertEquals("Robert", participant(1, "bob").name());
    cluster.node(0).connect("attic", "ann");
    Room attic = cluster.node(0).chat().room("attic").orElseThrow();
    assertEquals(
        List.of("Robert", "ann"), attic.participants().stream().map(Participant::name).toList());
  }

  @Test
  void aClientOfANodeThatIsRestartedResumesOnAnotherNodeAndNobodySeesItLeave() {
    restart(options.withWelcome(ClusterChatTest::welcome).withNotices(new JoinLeaveNotices()));
    TestClient bob = cluster.node(1).connect("lobby", "bob");
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    participant(0, "ann").join("attic");
    cluster.deliver();
    String[] welcome = ann.received().get(0).split(" ", -1);
    bob.received();
    cluster.node(0).restart();
    assertEquals(CloseStatus.RESTART.code(), ann.closeStatus().orElseThrow().code());
    cluster.node(1).connect(resuming(welcome[0], Position.parse(welcome[1]).orElseThrow()));
    cluster.advance(Duration.ofSeconds(30));
    assertEquals(List.of(), bob.received());
    assertEquals(List.of("bob", "ann"), names(1));
    assertEquals(1, cluster.node(1).chat().room("attic").orElseThrow().size());
  }

  @Test
  void whatIsSentToAClientOfAClosedNodeIsKeptUntilItResumes() {
    restart(options.withWelcome(ClusterChatTest::welcome));
    cluster.node(1).connect("lobby", "bob");
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    String[] welcome = ann.received().get(0).split(" ", -1);
    cluster.node(0).restart();
    assertTrue(participant(1, "ann").send("for you").isDone());
    TestClient again =
        cluster.node(1).connect(resuming(welcome[0], Position.parse(welcome[1]).orElseThrow()));
    assertEquals("for you", again.received().get(1));
  }
}
