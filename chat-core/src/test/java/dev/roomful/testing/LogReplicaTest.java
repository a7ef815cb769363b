package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.LogEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of a copy of a log on one node. */
class LogReplicaTest {
  private static final String LOG = "texts";

  private final SimulatedNetwork network = new SimulatedNetwork();
  private final SimulatedServer server = new SimulatedServer(network);
  private final TextLog log = new TextLog(server, "node 0");
  private final TextLog other = new TextLog(server, "node 1");
  private long unseen;

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

  @Test
  void aLogOfManyPagesIsReadToItsEnd() {
    for (int i = 1; i <= 1200; i++) {
      appendUnseen("text " + i);
    }
    TextLog late = new TextLog(server, "node 2");
    network.deliver();
    assertEquals(1200, late.texts().size());
    assertEquals("text 1200", late.texts().get(1199));
  }

  @Test
  void anEntryOfWhichNothingWasHeardIsReadWhenTheLogIsCompared() {
    network.deliver();
    appendUnseen("one");
    network.advance(Duration.ofSeconds(24));
    assertEquals(List.of(), log.texts());
    network.advance(Duration.ofSeconds(2));
    assertEquals(List.of("one"), log.texts());
  }

  @Test
  void anEntryThatComesTwiceIsAppliedOnceAndNothingIsRead() {
    network.deliver();
    add("one");
    int before = network.trace().size();
    log.node.entry(LOG, entryAfter(0));
    network.deliver();
    assertEquals(List.of("one"), log.texts());
    assertEquals(0, readsSince(before));
  }

  @Test
  void anEntryThatComesEarlyWaitsForTheOneBeforeIt() {
    network.deliver();
    add("one");
    appendUnseen("two");
    appendUnseen("three");
    appendUnseen("four");
    int before = network.trace().size();
    log.node.entry(LOG, entryAfter(3));
    log.node.entry(LOG, entryAfter(2));
    network.deliver();
    assertEquals(List.of("one"), log.texts());
    log.node.entry(LOG, entryAfter(1));
    network.deliver();
    assertEquals(List.of("one", "two", "three", "four"), log.texts());
    assertEquals(0, readsSince(before));
  }

  @Test
  void anEntryThatIsMissingIsReadSoonAfterALaterOneHasCome() {
    network.deliver();
    appendUnseen("one");
    appendUnseen("two");
    log.node.entry(LOG, entryAfter(1));
    network.advance(Duration.ofMillis(200));
    assertEquals(List.of("one", "two"), log.texts());
  }

  @Test
  void anEntryThatDoesNotFollowThoseThatWereAppliedLetsTheLogBeRead() {
    network.deliver();
    add("one");
    LogEntry one = entryAfter(0);
    int before = network.trace().size();
    log.node.entry(LOG, other(one.sequence(), one.previousToken()));
    network.deliver();
    assertEquals(1, readsSince(before), "another entry has the same place");
    log.node.entry(LOG, other(one.sequence() + 1, "another token"));
    network.deliver();
    assertEquals(2, readsSince(before), "another entry was before it");
    assertEquals(List.of("one"), log.texts());
  }

  @Test
  void aNodeThatHasConnectedAgainSendsNothingForAMoment() {
    network.deliver();
    log.engine.cut();
    network.deliver();
    log.engine.heal();
    network.deliver();
    log.replica.submit(new TextLog.Text("one", false));
    network.advance(Duration.ofMillis(100));
    assertEquals(List.of(), other.texts());
    network.advance(Duration.ofMillis(200));
    assertEquals(List.of("one"), other.texts());
  }

  @Test
  void whatIsSubmittedToAClosedReplicaIsGivenUp() {
    network.deliver();
    TextLog.Text waiting = new TextLog.Text("waiting", false);
    log.engine.cut();
    log.replica.submit(waiting);
    network.deliver();
    assertFalse(waiting.givenUp);
    log.replica.close();
    TextLog.Text late = new TextLog.Text("late", false);
    log.replica.submit(late);
    network.deliver();
    assertTrue(waiting.givenUp);
    assertTrue(late.givenUp);
    assertEquals(0, log.replica.waiting());
  }

  @Test
  void whatWasSentToAReplicaThatIsClosedIsGivenUp() {
    network.deliver();
    network.pauseDelivery();
    TextLog.Text sent = new TextLog.Text("sent", false);
    log.replica.submit(sent);
    while (network.trace().stream().noneMatch(step -> step.startsWith("node 0 → engine: append"))) {
      network.deliverNext();
    }
    log.replica.close();
    network.resumeDelivery();
    network.deliver();
    assertTrue(sent.givenUp);
    assertEquals(0, log.replica.waiting());
    assertEquals(List.of("sent"), other.texts(), "it has arrived all the same");
  }

  @Test
  void notMoreThan1000SubmissionsThatExpireWait() {
    network.deliver();
    log.engine.cut();
    network.deliver();
    TextLog.Text last = new TextLog.Text("1000", true);
    TextLog.Text tooMany = new TextLog.Text("1001", true);
    TextLog.Text lasting = new TextLog.Text("lasting", false);
    for (int i = 1; i <= 999; i++) {
      log.replica.submit(new TextLog.Text(String.valueOf(i), true));
    }
    log.replica.submit(last);
    log.replica.submit(tooMany);
    log.replica.submit(lasting);
    network.deliver();
    assertFalse(last.givenUp);
    assertTrue(tooMany.givenUp);
    assertFalse(lasting.givenUp);
    assertEquals(1001, log.replica.waiting());
    log.engine.heal();
    network.advance(Duration.ofSeconds(1));
    assertEquals(1001, other.texts().size());
    assertEquals(List.of("1000", "lasting"), other.texts().subList(999, 1001));
  }

  @Test
  void aReplicaThatIsClosedReceivesNothingMore() {
    network.deliver();
    log.replica.close();
    network.deliver();
    int before = network.trace().size();
    add("one");
    assertEquals(List.of("one"), other.texts());
    assertEquals(List.of(), log.texts());
    assertTrue(
        network.trace().stream().skip(before).noneMatch(step -> step.contains("→ node 0")),
        network.trace().toString());
  }

  @Test
  void whatANodeRestoresIsReadByThoseThatKnowLess() {
    network.deliver();
    add("one");
    other.engine.cut();
    log.replica.submit(new TextLog.Text("two", false));
    network.deliver();
    log.engine.cut();
    network.deliver();
    server.rewind();
    other.engine.heal();
    network.advance(Duration.ofSeconds(1));
    log.engine.heal();
    network.advance(Duration.ofSeconds(1));
    assertEquals(List.of("one", "two"), other.texts());
  }

  @Test
  void aNodeStoresASnapshotWhenOthersHaveNot() {
    network.deliver();
    for (int i = 1; i <= 1023; i++) {
      appendUnseen("text " + i);
    }
    other.engine.cut();
    network.advance(Duration.ofSeconds(30));
    assertEquals(1023, log.texts().size());
    assertTrue(server.logs().snapshot(LOG).isEmpty());
    appendUnseen("last");
    network.advance(Duration.ofSeconds(30));
    assertEquals(1024, server.logs().snapshot(LOG).orElseThrow().end().sequence());
  }

  /** Appends a text of another node, of which the engine tells nobody. */
  private void appendUnseen(String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    server
        .logs()
        .append(
            LOG,
            server.logs().read(LOG, 0, 1).end(),
            "elsewhere",
            ++unseen,
            ByteBuffer.allocate(8 + data.length).putLong(unseen).put(data).array());
  }

  private LogEntry entryAfter(long sequence) {
    return server.logs().read(LOG, sequence, 1).entries().get(0);
  }

  /** {@return an entry that the engine does not have} */
  private static LogEntry other(long sequence, String previousToken) {
    return new LogEntry(
        sequence, previousToken, "other token", "g0", 0, "elsewhere", 1, new byte[8]);
  }

  private long readsSince(int step) {
    return network.trace().stream()
        .skip(step)
        .filter(text -> text.startsWith("node 0 → engine: read"))
        .count();
  }

  private void add(String text) {
    other.replica.submit(new TextLog.Text(text, false));
    network.deliver();
  }
}
