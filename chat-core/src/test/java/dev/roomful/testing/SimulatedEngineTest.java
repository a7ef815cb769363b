package dev.roomful.testing;

import static dev.roomful.testing.SimulatedEngineFixture.LOG;
import static dev.roomful.testing.SimulatedEngineFixture.snapshot;
import static dev.roomful.testing.SimulatedEngineFixture.texts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogRewoundException;
import dev.roomful.testing.SimulatedEngineFixture.Node;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The operations of a simulated engine whose server runs and whose links are whole. */
class SimulatedEngineTest {
  private static final Duration EXPIRY = Duration.ofSeconds(10);

  private final SimulatedEngineFixture cluster = new SimulatedEngineFixture();
  private final Node a = cluster.node();

  @Test
  void nothingHappensUntilItIsDelivered() {
    CompletionStage<LogEntry> appended = a.append("1");
    assertFalse(cluster.isComplete(appended));
    assertTrue(cluster.network.deliverNext());
    assertFalse(cluster.isComplete(appended));
    assertTrue(cluster.network.deliverNext());
    assertTrue(cluster.isComplete(appended));
    assertFalse(cluster.network.deliverNext());
  }

  @Test
  void aNodeIsConnectedAfterTheStart() {
    Node node = new Node(new SimulatedEngine(cluster.server, "node"));
    node.engine.start(node);
    cluster.network.deliver();
    assertEquals(List.of("connected"), node.events);
    assertThrows(IllegalStateException.class, () -> node.engine.start(node));
  }

  @Test
  void theStartFailsIfTheEngineIsStopped() {
    cluster.server.stop();
    Node node = new Node(new SimulatedEngine(cluster.server, "node"));
    assertThrows(IllegalStateException.class, () -> node.engine.start(node));
  }

  @Test
  void entriesHaveDenseSequencesAndNameTheTokenBefore() {
    LogEntry first = cluster.result(a.append("1"));
    LogEntry second = cluster.result(a.append(first.end(), "2"));
    assertEquals(1, first.sequence());
    assertEquals("", first.previousToken());
    assertEquals(2, second.sequence());
    assertEquals(first.token(), second.previousToken());
    assertNotEquals(first.token(), second.token());
    assertEquals("incarnation", second.node());
    assertEquals(2, second.nodeSequence());
  }

  @Test
  void logsCountSeparatelyAndHaveDifferentTokens() {
    LogEntry here = cluster.result(a.append("1"));
    LogEntry there =
        cluster.result(a.engine.append("other", LogEnd.START, "incarnation", 2, new byte[0]));
    assertEquals(1, there.sequence());
    assertNotEquals(here.token(), there.token());
  }

  @Test
  void theTimeOfAnEntryIsThatOfTheEngine() {
    long before = cluster.result(a.append("1")).millis();
    cluster.advance(3);
    assertEquals(before + 3000, cluster.result(a.append("2")).millis());
    cluster.server.shiftClock(Duration.ofSeconds(-10));
    assertEquals(before - 7000, cluster.result(a.append("3")).millis());
  }

  @Test
  void appendedDataAreCopied() {
    byte[] data = {1};
    CompletionStage<LogEntry> appended = a.engine.append(LOG, LogEnd.START, "incarnation", 1, data);
    data[0] = 2;
    assertArrayEquals(new byte[] {1}, cluster.result(appended).data());
  }

  @Test
  void appendsOfOneNodeKeepTheirOrder() {
    for (int seed = 0; seed < 20; seed++) {
      SimulatedEngineFixture shuffled = new SimulatedEngineFixture();
      Node node = shuffled.node();
      shuffled.network.shuffle(seed);
      List.of("1", "2", "3", "4").forEach(node::append);
      assertEquals(List.of("1", "2", "3", "4"), shuffled.log(node));
    }
  }

  @Test
  void appendsOfTwoNodesComeInEitherOrder() {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SimulatedEngineFixture shuffled = new SimulatedEngineFixture();
      Node one = shuffled.node();
      Node other = shuffled.node();
      shuffled.network.shuffle(seed);
      one.append("1");
      other.append("2");
      shuffled.network.deliver();
      orders.add(shuffled.log(one));
    }
    assertEquals(Set.of(List.of("1", "2"), List.of("2", "1")), orders);
  }

  @Test
  void aSubscriberReceivesEntriesInTheirOrderAndOthersDoNot() {
    Node subscriber = cluster.subscriber();
    a.append("1");
    a.append("2");
    cluster.network.deliver();
    assertEquals(List.of("1", "2"), subscriber.texts());
    assertEquals(List.of(), a.texts());
  }

  @Test
  void aSubscriptionBeginsWithItsStage() {
    a.append("before");
    Node subscriber = cluster.subscriber();
    a.append("after");
    cluster.network.deliver();
    assertEquals(List.of("after"), subscriber.texts());
  }

  @Test
  void subscribingTwiceHasTheEffectOfOnce() {
    Node subscriber = cluster.subscriber();
    cluster.result(subscriber.engine.subscribe(LOG));
    a.append("1");
    cluster.network.deliver();
    assertEquals(List.of("1"), subscriber.texts());
  }

  @Test
  void anUnsubscribedNodeReceivesNothingAfterAShortTime() {
    Node subscriber = cluster.subscriber();
    subscriber.engine.unsubscribe(LOG);
    cluster.network.deliver();
    a.append("1");
    cluster.network.deliver();
    assertEquals(List.of(), subscriber.texts());
  }

  @Test
  void anEntryMayComeBeforeOrAfterTheAnswerToItsAppend() {
    Set<Boolean> answeredFirst = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SimulatedEngineFixture shuffled = new SimulatedEngineFixture();
      Node node = shuffled.subscriber();
      shuffled.network.shuffle(seed);
      CompletionStage<LogEntry> appended = node.append("1");
      while (node.entries.isEmpty() && !shuffled.isComplete(appended)) {
        assertTrue(shuffled.network.deliverNext());
      }
      answeredFirst.add(node.entries.isEmpty());
    }
    assertEquals(Set.of(true, false), answeredFirst);
  }

  @Test
  void shuffledEntriesOfALogKeepTheirOrderAndSomeComeTwice() {
    boolean twice = false;
    for (int seed = 0; seed < 20; seed++) {
      SimulatedEngineFixture shuffled = new SimulatedEngineFixture();
      Node node = shuffled.subscriber();
      shuffled.network.shuffle(seed);
      for (int i = 0; i < 10; i++) {
        node.append("" + i);
      }
      shuffled.network.deliver();
      List<String> received = node.texts();
      assertEquals(received.stream().sorted().toList(), received);
      assertEquals(10, received.stream().distinct().count());
      twice |= received.size() > 10;
    }
    assertTrue(twice);
  }

  @Test
  void lostEntriesAreStillInTheLog() {
    Node subscriber = cluster.subscriber();
    a.append("1");
    cluster.network.deliverNext();
    subscriber.engine.loseEntries();
    a.append("2");
    cluster.network.deliver();
    assertEquals(List.of("2"), subscriber.texts());
    assertEquals(List.of("1", "2"), cluster.log(subscriber));
  }

  @Test
  void aPageHasAtMostTheLimitAndTheEndOfTheLog() {
    List.of("1", "2", "3").forEach(a::append);
    LogPage page = cluster.result(a.engine.read(LOG, 1, 1));
    assertEquals(List.of("2"), texts(page.entries()));
    assertEquals(3, page.end().sequence());
    assertEquals(List.of(), cluster.result(a.engine.read(LOG, 3, 5)).entries());
    assertEquals(List.of(), cluster.result(a.engine.read(LOG, 9, 5)).entries());
    assertThrows(IllegalArgumentException.class, () -> a.engine.read(LOG, 0, 0));
  }

  @Test
  void anEmptyLogEndsAtTheStart() {
    assertEquals(new LogPage(List.of(), LogEnd.START), cluster.result(a.engine.read("x", 0, 9)));
    assertEquals(Optional.empty(), cluster.result(a.engine.snapshot("x")));
  }

  @Test
  void anAppendAfterAnEntryThatTheLogHasNotFails() {
    LogEntry first = cluster.result(a.append("1"));
    CompletionStage<LogEntry> later = a.append(new LogEnd(2, "x"), "2");
    LogRewoundException failure =
        assertThrows(LogRewoundException.class, () -> cluster.result(later));
    assertEquals(first.end(), failure.end());
    CompletionStage<LogEntry> another = a.append(new LogEnd(1, "x"), "2");
    assertThrows(LogRewoundException.class, () -> cluster.result(another));
    assertEquals(List.of("1"), cluster.log(a));
  }

  @Test
  void anAppendOfANodeThatIsBehindSucceeds() {
    a.append("1");
    a.append("2");
    assertEquals(3, cluster.result(a.append("3")).sequence());
  }

  @Test
  void aSnapshotRemovesItsEntryAndAllBefore() {
    a.append("1");
    LogEnd second = cluster.result(a.append("2")).end();
    LogEnd third = cluster.result(a.append("3")).end();
    assertTrue(cluster.result(a.engine.storeSnapshot(LOG, snapshot(second, "s"))));
    assertEquals(List.of("3"), cluster.log(a));
    assertEquals(third, cluster.end(a));
    assertEquals(second, cluster.result(a.engine.snapshot(LOG)).orElseThrow().end());
    assertEquals(4, cluster.result(a.append(third, "4")).sequence());
  }

  @Test
  void aSnapshotOfAllEntriesKeepsTheEnd() {
    LogEnd first = cluster.result(a.append("1")).end();
    assertTrue(cluster.result(a.engine.storeSnapshot(LOG, snapshot(first, "s"))));
    LogPage page = cluster.result(a.engine.read(LOG, 0, 9));
    assertEquals(new LogPage(List.of(), first), page);
    assertEquals(first.token(), cluster.result(a.append(first, "2")).previousToken());
  }

  @Test
  void anOldForeignOrEarlySnapshotIsNotStored() {
    LogEnd first = cluster.result(a.append("1")).end();
    LogEnd second = cluster.result(a.append("2")).end();
    assertFalse(cluster.result(a.engine.storeSnapshot(LOG, snapshot(new LogEnd(2, "x"), "s"))));
    assertFalse(cluster.result(a.engine.storeSnapshot(LOG, snapshot(new LogEnd(3, "x"), "s"))));
    assertTrue(cluster.result(a.engine.storeSnapshot(LOG, snapshot(second, "s"))));
    assertFalse(cluster.result(a.engine.storeSnapshot(LOG, snapshot(second, "t"))));
    assertFalse(cluster.result(a.engine.storeSnapshot(LOG, snapshot(first, "t"))));
    assertArrayEquals(
        new byte[] {'s'}, cluster.result(a.engine.snapshot(LOG)).orElseThrow().data());
  }

  @Test
  void aLogThatHasLostEntriesIsReplacedOnce() {
    LogEnd first = cluster.result(a.append("1")).end();
    LogEnd state = new LogEnd(7, "x");
    assertFalse(cluster.result(a.engine.replace(LOG, LogEnd.START, snapshot(state, "s"))));
    assertTrue(cluster.result(a.engine.replace(LOG, first, snapshot(state, "s"))));
    assertFalse(cluster.result(a.engine.replace(LOG, first, snapshot(state, "t"))));
    assertFalse(cluster.result(a.engine.replace(LOG, state, snapshot(new LogEnd(7, "y"), "t"))));
    assertFalse(cluster.result(a.engine.replace(LOG, state, snapshot(new LogEnd(6, "y"), "t"))));
    assertEquals(new LogPage(List.of(), state), cluster.result(a.engine.read(LOG, 0, 9)));
    assertEquals(state, cluster.result(a.engine.snapshot(LOG)).orElseThrow().end());
    LogEntry next = cluster.result(a.append(state, "8"));
    assertEquals(8, next.sequence());
    assertEquals("x", next.previousToken());
  }

  @Test
  void aLeaseExpiresByTheClockOfTheEngine() {
    assertTrue(cluster.result(a.engine.renewLease("n", EXPIRY)));
    cluster.advance(9);
    assertTrue(cluster.result(a.engine.renewLease("n", EXPIRY)));
    cluster.advance(9);
    assertEquals(Set.of("n"), cluster.result(a.engine.liveNodes()));
    cluster.advance(1);
    assertEquals(Set.of(), cluster.result(a.engine.liveNodes()));
    assertFalse(cluster.result(a.engine.renewLease("n", EXPIRY)));
    assertEquals(Set.of("n"), cluster.result(a.engine.liveNodes()));
    assertTrue(cluster.result(a.engine.renewLease("n", EXPIRY)));
  }

  @Test
  void aReleasedLeaseEndsAtOnce() {
    cluster.result(a.engine.renewLease("n", EXPIRY));
    cluster.result(a.engine.renewLease("m", EXPIRY));
    cluster.result(a.engine.releaseLease("n"));
    assertEquals(Set.of("m"), cluster.result(a.engine.liveNodes()));
    assertFalse(cluster.result(a.engine.renewLease("n", EXPIRY)));
  }

  @Test
  void operationsMayBeStartedByStages() {
    CompletionStage<LogEntry> second = a.append("1").thenCompose(first -> a.append("2"));
    assertEquals(2, cluster.result(second).sequence());
  }
}
