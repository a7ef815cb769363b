package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of a copy of a log on one node. */
class LogReplicaTest {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedServer server = new SimulatedServer(network);
  private final TextLog log = new TextLog(server, "node 0");
  private final TextLog other = new TextLog(server, "node 1");

  @Test
  void theMachineIsNotCalledBeforeTheReplicaIsStarted() {
    TextLog created = log.successor();
    network.advance(Duration.ofSeconds(10));
    assertFalse(created.restored);
    created.replica.start();
    network.deliver();
    assertTrue(created.restored);
  }

  @Test
  void aReplicaThatIsNotStartedTakesNothingFromTheOneThatIs() {
    network.deliver();
    log.successor();
    add("one");
    assertEquals(List.of("one"), log.texts());
  }

  @Test
  void aReplicaThatIsClosedLeavesTheSubscriptionToItsSuccessor() {
    network.deliver();
    TextLog successor = log.successor();
    successor.replica.start();
    log.replica.close();
    network.deliver();
    add("one");
    assertEquals(List.of("one"), successor.texts());
  }

  private void add(String text) {
    other.replica.submit(new TextLog.Text(text, false));
    network.deliver();
  }
}
