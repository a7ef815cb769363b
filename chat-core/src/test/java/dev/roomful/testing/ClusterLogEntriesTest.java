package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.LogCapture;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.cluster.LogEnd;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
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
    byte[] unreadable = new byte[12];
    Arrays.fill(unreadable, (byte) -1);
    try (LogCapture log = new LogCapture()) {
      LogEnd end = server.logs().read("room:lobby", 0, 1).end();
      server.logs().append("room:lobby", end, "of a later version", 1, unreadable);
      announce(600);
      network.advance(Duration.ofSeconds(1));
      assertEquals(600, ann.received().size());
      assertEquals(1, log.messages().size(), log.messages().toString());
    }
    assertEquals(Optional.empty(), server.logs().snapshot("room:lobby"));
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
