package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.RoomHandler;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The link of a node is cut during a join: the client is in its room, or closed and not in it. */
class InterruptedJoinTest {
  /** A join is over after fewer steps. */
  private static final int MOST_STEPS = 40;

  @Tag("slow")
  @Test
  void aClientIsInItsRoomOnAllNodesOrClosed() {
    Set<Boolean> open = new HashSet<>();
    for (int steps = 1; steps < MOST_STEPS; steps++) {
      try (TestCluster cluster = TestChat.cluster(2, node -> Chat.builder(new RoomHandler() {}))) {
        cluster.node(0).connect("lobby", "eve");
        cluster.node(1).connect("lobby", "bob");
        cluster.network().afterSteps(steps, cluster.node(0)::cutOff);
        TestClient ann = cluster.node(0).connect("lobby", "ann");
        cluster.advance(Duration.ofSeconds(5));
        boolean joined = ann.isOpen();
        open.add(joined);
        cluster.node(0).heal();
        cluster.advance(Duration.ofSeconds(10));
        assertEquals(joined, ann.isOpen(), "cut after " + steps + " steps");
        for (int node = 0; node < 2; node++) {
          assertEquals(
              joined ? Set.of("eve", "bob", "ann") : Set.of("eve", "bob"),
              ids(cluster.node(node)),
              "node " + node + ", cut after " + steps + " steps");
          assertEquals(joined, cluster.node(node).chat().participant("ann").isPresent());
        }
      }
    }
    assertEquals(Set.of(true, false), open);
  }

  private static Set<String> ids(TestNode node) {
    return node.chat().room("lobby").orElseThrow().participants().stream()
        .map(Participant::id)
        .collect(Collectors.toSet());
  }
}
