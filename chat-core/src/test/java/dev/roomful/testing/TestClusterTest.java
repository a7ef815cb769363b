package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The nodes of a test cluster: their clients, their ends, and their clock. */
class TestClusterTest {
  private static TestCluster cluster() {
    return TestChat.cluster(2, new RoomHandler() {});
  }

  @Test
  void clientsOfANodeReceiveWhatIsPublishedThere() {
    try (TestCluster cluster = cluster()) {
      TestClient ann = cluster.node(1).connect("lobby", "ann");
      TestClient bob = cluster.node(1).connect("lobby", "bob");
      ann.send("hello");
      assertEquals(List.of("hello"), bob.received());
    }
  }

  @Test
  void nodesHaveTheSettingsOfTheirBuilders() {
    List<Integer> built = new ArrayList<>();
    try (TestCluster cluster =
        TestChat.cluster(
            3,
            node -> {
              built.add(node);
              return Chat.builder(new RoomHandler() {}).limits(Limits.defaults());
            })) {
      assertEquals(3, cluster.size());
      assertEquals(List.of(0, 1, 2), built);
      cluster.node(1).restart();
      assertEquals(List.of(0, 1, 2, 1), built);
    }
  }

  @Test
  void aClusterHasAtLeastOneNode() {
    assertThrows(IllegalArgumentException.class, () -> TestChat.cluster(0, new RoomHandler() {}));
  }

  @Test
  void nodesThatReachTheEngineAreComparedAtTheEnd() {
    try (TestCluster cluster = TestChat.cluster(3, new RoomHandler() {})) {
      for (int node = 0; node < cluster.size(); node++) {
        cluster.node(node).connect("lobby", "ann");
      }
      cluster.node(2).cutOff();
      Map<String, String> lobby = cluster.digests().get("lobby");
      assertEquals(Set.of("node 0", "node 1"), lobby.keySet());
      assertEquals(1, Set.copyOf(lobby.values()).size(), "different states");
    }
  }

  @Test
  void nodesThatDisagreeOnARoomFailTheTest() {
    TestCluster.requireAgreement(Map.of("hall", Map.of("node 0", "a", "node 1", "a")));
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                TestCluster.requireAgreement(
                    Map.of("hall", Map.of("node 0", "a", "node 1", "b"), "lobby", Map.of())));
    assertTrue(failure.getMessage().contains("the room hall: {node"), failure.getMessage());
  }

  @Test
  void aCrashedNodeLosesItsClientsAndCannotBeUsed() {
    List<String> left = new ArrayList<>();
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            left.add(participant.id());
          }
        };
    try (TestCluster cluster = TestChat.cluster(2, handler)) {
      TestNode node = cluster.node(0);
      TestClient ann = node.connect("lobby", "ann");
      node.crash();
      node.crash();
      assertEquals(Optional.of(CloseStatus.LOST), ann.closeStatus());
      assertThrows(IllegalStateException.class, () -> ann.send("hello"));
      assertThrows(IllegalStateException.class, () -> node.connect("lobby", "ann"));
      assertThrows(IllegalStateException.class, node::chat);
      assertEquals(List.of(), left);
    }
  }

  @Test
  void aRestartedNodeIsANewChat() {
    try (TestCluster cluster = cluster()) {
      TestNode node = cluster.node(0);
      Chat before = node.chat();
      TestClient ann = node.connect("lobby", "ann");
      node.restart();
      assertEquals(Optional.of(CloseStatus.RESTART), ann.closeStatus());
      assertNotSame(before, node.chat());
      assertTrue(node.connect("lobby", "ann").isOpen());
      node.crash();
      node.restart();
      assertTrue(node.connect("lobby", "ann").isOpen());
    }
  }

  @Test
  void allNodesHaveOneClock() {
    try (TestCluster cluster =
        TestChat.cluster(
            2,
            node ->
                Chat.builder(new RoomHandler() {})
                    .limits(Limits.defaults().withIdleTimeout(Duration.ofSeconds(60))))) {
      TestClient ann = cluster.node(0).connect("lobby", "ann");
      TestClient bob = cluster.node(1).connect("lobby", "bob");
      ann.stopAnsweringPings();
      bob.stopAnsweringPings();
      cluster.advance(Duration.ofSeconds(50));
      assertTrue(ann.isOpen());
      assertTrue(bob.isOpen());
      cluster.advance(Duration.ofSeconds(20));
      assertFalse(ann.isOpen());
      assertFalse(bob.isOpen());
    }
  }

  @Test
  void thePausedNodeOfAClusterRunsNoTimer() {
    try (TestCluster cluster =
        TestChat.cluster(
            1,
            node -> Chat.builder(new RoomHandler() {}).heartbeat(Duration.ofSeconds(1), "beat"))) {
      TestClient ann = cluster.node(0).connect("lobby", "ann");
      cluster.node(0).pause();
      cluster.advance(Duration.ofSeconds(5));
      assertEquals(List.of(), ann.received());
      cluster.node(0).goOn();
      cluster.advance(Duration.ofSeconds(1));
      assertEquals(List.of("beat"), ann.received().subList(0, 1));
    }
  }

  @Test
  void aStoryIsRunWithEachSeedAndAFailureNamesIt() {
    List<TestCluster> clusters = new ArrayList<>();
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                TestCluster.explore(
                    5,
                    TestClusterTest::cluster,
                    cluster -> {
                      clusters.add(cluster);
                      assertTrue(clusters.size() < 3, "the third run");
                    }));
    assertTrue(failure.getMessage().contains("seed 3: the third run"), failure.getMessage());
    assertEquals(3, clusters.size());
  }
}
