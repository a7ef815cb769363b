package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.cluster.LogEnd;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which entries and snapshots the calls of a chat store in the engine: each costs it time. */
class ClusterLogEntriesTest {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedServer server = new SimulatedServer(network);
  private final TestNode node =
      new TestNode(0, server, index -> Chat.builder(new RoomHandler() {}));

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void aConnectionThatJoinsAndLeavesIsTwoEntriesInTheLogsOfItsRoomAndItsParticipant() {
    TestClient ann = node.connect("lobby", "ann");
    network.deliver();
    assertEquals(1, entries("room:lobby"));
    assertEquals(1, entries("participant:ann"));
    ann.close();
    network.deliver();
    assertEquals(2, entries("room:lobby"));
    assertEquals(2, entries("participant:ann"));
  }

  @Test
  void aMessageIsOneEntry() {
    TestClient ann = node.connect("lobby", "ann");
    network.deliver();
    ann.send("hello");
    network.deliver();
    assertEquals(2, entries("room:lobby"));
  }

  @Test
  void aSnapshotIsStoredAfterEvery512Entries() {
    TestClient ann = node.connect("lobby", "ann");
    announce(510);
    assertEquals(511, entries("room:lobby"));
    assertEquals(Optional.empty(), server.logs().snapshot("room:lobby"));
    announce(1);
    assertEquals(512, snapshotEnd());
    announce(511);
    assertEquals(512, snapshotEnd());
    announce(1);
    assertEquals(1024, snapshotEnd());
    assertEquals(1023, ann.received().size());
  }

  @Test
  void anEntryThatCannotBeReadIsSkippedAndNoSnapshotReplacesIt() {
    TestClient ann = node.connect("lobby", "ann");
    network.deliver();
    try (LogCapture log = new LogCapture()) {
      appendUnreadable("room:lobby");
      announce(600);
      network.advance(Duration.ofSeconds(1));
      assertEquals(600, ann.received().size());
      assertEquals(1, log.messages().size(), log.messages().toString());
    }
    assertEquals(Optional.empty(), server.logs().snapshot("room:lobby"));
  }

  @Test
  void theLogOfAParticipantHasASnapshotAfter512Entries() {
    node.connect("lobby", "ann");
    joinAndLeave(255);
    assertEquals(511, entries("participant:ann"));
    assertEquals(Optional.empty(), server.logs().snapshot("participant:ann"));
    joinAndLeave(1);
    assertEquals(512, server.logs().snapshot("participant:ann").orElseThrow().end().sequence());
  }

  @Test
  void anEntryOfAParticipantThatCannotBeReadIsSkippedAndNoSnapshotReplacesIt() {
    node.connect("lobby", "ann");
    network.deliver();
    try (LogCapture log = new LogCapture()) {
      appendUnreadable("participant:ann");
      joinAndLeave(300);
      network.advance(Duration.ofSeconds(1));
      assertEquals(
          List.of("An entry of a participant's log cannot be read; skipping it"),
          log.messages().stream().map(text -> text.replaceAll(" \\[.*", "")).toList());
    }
    assertEquals(Set.of("lobby"), node.chat().sessions("ann").get(0).rooms());
    assertEquals(Optional.empty(), server.logs().snapshot("participant:ann"));
  }

  @Test
  void theLogOfAParticipantIsFollowedUntilNobodyHasNeededItFor30Seconds() {
    TestClient ann = node.connect("lobby", "ann");
    network.advance(Duration.ofSeconds(60));
    ann.close();
    network.advance(Duration.ofSeconds(29));
    assertEquals(0, unsubscriptions("participant:ann"));
    network.advance(Duration.ofSeconds(2));
    assertEquals(1, unsubscriptions("participant:ann"));
  }

  @Test
  void aNodeThatClosesSaysSoInTheLogsOfItsOwnParticipantsOnly() {
    TestNode other = new TestNode(1, server, index -> Chat.builder(new RoomHandler() {}));
    node.connect("lobby", "ann");
    other.connect("attic", "bob");
    network.deliver();
    other.chat().sessions("ann"); // opens the log
    other.close();
    network.deliver();
    assertEquals(1, entries("participant:ann"));
    assertEquals(2, entries("participant:bob"));
  }

  @Test
  void aCallOfAnotherNodeIsAnsweredByOneOfTheNodesOfTheParticipant() {
    TestNode second = new TestNode(1, server, index -> Chat.builder(new RoomHandler() {}));
    TestNode third = new TestNode(2, server, index -> Chat.builder(new RoomHandler() {}));
    node.connect("lobby", "ann");
    second.connect("lobby", "ann");
    third.connect("lobby", "bob");
    network.deliver();
    assertTrue(third.chat().participant("ann").orElseThrow().join("attic").isDone());
    network.deliver();
    assertEquals(5, entries("participant:ann"), "two sessions, a call, its answer, a room");
    second.close();
    third.close();
  }

  @Test
  void aDirectMessageToAParticipantOfThisNodeAloneIsNoEntry() {
    TestClient ann = node.connect("lobby", "ann");
    network.deliver();
    assertTrue(node.chat().participant("ann").orElseThrow().send("hello").isDone());
    network.deliver();
    assertEquals(List.of("hello"), ann.received());
    assertEquals(1, entries("participant:ann"));
  }

  @Test
  void aSecretThatNoSessionHasIsNoEntry() {
    node.connect("lobby", "ann");
    node.connect(AcceptedAdmission.of("ann", "lobby").withResumeSecret("a wrong secret"));
    network.deliver();
    assertEquals(2, entries("participant:ann"), "two sessions");
  }

  private long unsubscriptions(String log) {
    return network.trace().stream()
        .filter(step -> step.endsWith("unsubscribe from " + log))
        .count();
  }

  private void joinAndLeave(int times) {
    network.deliver();
    Participant ann = node.chat().participant("ann").orElseThrow();
    for (int i = 0; i < times; i++) {
      ann.join("attic");
      ann.leave("attic");
    }
    network.deliver();
  }

  private void appendUnreadable(String log) {
    byte[] unreadable = new byte[12];
    Arrays.fill(unreadable, (byte) -1);
    LogEnd end = server.logs().read(log, 0, 1).end();
    server.logs().append(log, end, "of a later version", 1, unreadable);
  }

  private void announce(int times) {
    Room lobby = node.chat().room("lobby").orElseThrow();
    for (int i = 0; i < times; i++) {
      lobby.announce("hello");
    }
    network.deliver();
  }

  private long snapshotEnd() {
    return server.logs().snapshot("room:lobby").orElseThrow().end().sequence();
  }

  private long entries(String log) {
    return server.logs().read(log, 0, 1).end().sequence();
  }
}
