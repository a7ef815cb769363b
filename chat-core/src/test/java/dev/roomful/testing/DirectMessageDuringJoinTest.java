package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another node sends to a participant as soon as it knows it, while the join goes on. */
class DirectMessageDuringJoinTest {
  @Tag("slow")
  @Test
  void aDirectMessageToAParticipantThatJoinsArrivesOnce() {
    for (int seed = 0; seed < 200; seed++) {
      List<Outcome> outcomes = new ArrayList<>();
      try (TestCluster cluster = TestChat.cluster(2, new RoomHandler() {})) {
        cluster.node(0).connect("lobby", "carl"); // the room is open, so that a join is fast
        cluster.node(1).connect("lobby", "bob");
        cluster.node(1).chat().participant("ann"); // its log is open there
        cluster.shuffle(seed);
        whenKnown(cluster, "ann", ann -> outcomes.add(ann.send("hello")));
        TestClient ann = cluster.node(0).connect("lobby", "ann");
        cluster.deliver();
        String message = "seed " + seed;
        assertTrue(outcomes.get(0).isDone(), message);
        assertEquals(List.of("hello"), ann.received(), message);
      }
    }
  }

  /** Runs an action between two steps when node 1 knows a member of the lobby. */
  private static void whenKnown(TestCluster cluster, String id, Consumer<Participant> action) {
    Room lobby = cluster.node(1).chat().room("lobby").orElseThrow();
    Optional<Participant> known =
        lobby.participants().stream().filter(member -> member.id().equals(id)).findFirst();
    known.ifPresentOrElse(
        action, () -> cluster.network().afterSteps(0, () -> whenKnown(cluster, id, action)));
  }
}
