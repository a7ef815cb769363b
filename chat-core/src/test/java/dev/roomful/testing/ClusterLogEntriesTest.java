package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many entries the calls of a chat append: each costs the engine time. */
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

  private long entries(String log) {
    return server.logs().read(log, 0, 1).end().sequence();
  }
}
