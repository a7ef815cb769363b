package dev.roomful.testing;

import static dev.roomful.testing.SimulatedEngineFixture.LOG;
import static dev.roomful.testing.SimulatedEngineFixture.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogRewoundException;
import dev.roomful.testing.SimulatedEngineFixture.Node;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A simulated engine whose links break, whose nodes crash, and whose server loses data. */
class SimulatedFaultsTest {
  private static final Duration EXPIRY = Duration.ofSeconds(10);

  private final SimulatedEngineFixture cluster = new SimulatedEngineFixture();
  private final Node a = cluster.subscriber();
  private final Node b = cluster.subscriber();

  @Test
  void aRequestOnItsWayIsLostWithTheLink() {
    CompletionStage<LogEntry> appended = a.append("1");
    a.engine.cut();
    assertThrows(EngineUnavailableException.class, () -> cluster.result(appended));
    assertEquals(List.of(), cluster.log(b));
  }

  @Test
  void aRequestThatReachedTheServerHasItsEffectWithoutAnAnswer() {
    CompletionStage<LogEntry> appended = a.append("1");
    cluster.network.deliverNext();
    a.engine.cut();
    assertThrows(EngineUnavailableException.class, () -> cluster.result(appended));
    assertEquals(List.of("1"), cluster.log(b));
    assertEquals(List.of("1"), b.texts());
    assertEquals(List.of("disconnected"), a.events);
  }

  @Test
  void shuffledRequestsOfACutLinkReachTheServerInPart() {
    Set<List<String>> logs = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SimulatedEngineFixture shuffled = new SimulatedEngineFixture();
      Node node = shuffled.node();
      Node other = shuffled.node();
      shuffled.network.shuffle(seed);
      node.append("1");
      node.append("2");
      node.engine.cut();
      shuffled.network.deliver();
      logs.add(shuffled.log(other));
    }
    assertEquals(Set.of(List.of(), List.of("1"), List.of("1", "2")), logs);
  }

  @Test
  void operationsFailAtOnceWhileTheLinkIsCut() {
    a.engine.cut();
    CompletionStage<LogEntry> appended = a.append("1");
    assertTrue(cluster.isComplete(appended));
    assertThrows(EngineUnavailableException.class, () -> cluster.result(appended));
  }

  @Test
  void stagesFailAndTheListenerLearnsOfTheCutAsSteps() {
    CompletionStage<LogEntry> appended = a.append("1");
    a.engine.cut();
    assertFalse(cluster.isComplete(appended));
    assertEquals(List.of(), a.events);
    cluster.network.deliver();
    assertTrue(cluster.isComplete(appended));
    assertEquals(List.of("disconnected"), a.events);
  }

  @Test
  void aHealedLinkHasItsSubscriptionsBeforeItIsConnected() {
    a.engine.cut();
    b.append("missed");
    a.engine.heal();
    cluster.network.deliver();
    b.append("received");
    cluster.network.deliver();
    assertEquals(List.of("disconnected", "connected", "lobby: received"), a.events);
    assertEquals(List.of("missed", "received"), cluster.log(a));
  }

  @Test
  void aLogThatWasUnsubscribedIsNotSubscribedAgain() {
    CompletionStage<Void> subscribed = a.engine.subscribe("other");
    a.engine.unsubscribe("other");
    cluster.result(subscribed);
    a.engine.unsubscribe(LOG);
    a.engine.cut();
    a.engine.heal();
    cluster.network.deliver();
    b.append("1");
    b.engine.append("other", LogEnd.START, "b", 2, new byte[0]);
    cluster.network.deliver();
    assertEquals(List.of(), a.texts());
  }

  @Test
  void aSubscriptionWhoseAnswerWasLostIsNotRestored() {
    Node node = cluster.node();
    CompletionStage<Void> subscribed = node.engine.subscribe(LOG);
    cluster.network.deliverNext();
    node.engine.cut();
    assertThrows(EngineUnavailableException.class, () -> cluster.result(subscribed));
    node.engine.heal();
    cluster.network.deliver();
    b.append("1");
    cluster.network.deliver();
    assertEquals(List.of(), node.texts());
  }

  @Test
  void aLinkThatBreaksWhileItConnectsIsNotReportedTwice() {
    a.engine.cut();
    cluster.network.deliver();
    a.engine.heal();
    cluster.network.deliverNext();
    a.engine.cut();
    cluster.network.deliver();
    assertEquals(List.of("disconnected"), a.events);
    a.engine.heal();
    cluster.network.deliver();
    assertEquals(List.of("disconnected", "connected"), a.events);
  }

  @Test
  void aStalledLinkFailsOperationsByTimeoutAndTheyMayTakeEffectLater() {
    a.engine.stall();
    CompletionStage<LogEntry> appended = a.append("1");
    cluster.advance(1);
    assertFalse(cluster.isComplete(appended));
    cluster.advance(2);
    assertThrows(EngineUnavailableException.class, () -> cluster.result(appended));
    assertEquals(List.of(), cluster.log(b));
    a.engine.resume();
    cluster.network.deliver();
    assertEquals(List.of("1"), cluster.log(b));
    assertEquals(List.of("1"), a.texts());
    assertEquals(List.of("lobby: 1"), a.events);
  }

  @Test
  void aPausedNodeReceivesEverythingLater() {
    CompletionStage<LogEntry> appended = a.append("1");
    a.engine.pause(true);
    b.append("2");
    cluster.advance(20);
    assertFalse(cluster.isComplete(appended));
    assertEquals(List.of("1", "2"), cluster.log(b));
    assertEquals(List.of(), a.events);
    a.engine.pause(false);
    assertEquals(1, cluster.result(appended).sequence());
    assertEquals(List.of("1", "2"), a.texts());
  }

  @Test
  void aPausedNodeLearnsLaterThatItsLinkWasCut() {
    a.engine.pause(true);
    a.engine.cut();
    a.engine.heal();
    cluster.network.deliver();
    assertEquals(List.of(), a.events);
    a.engine.pause(false);
    cluster.network.deliver();
    assertEquals(List.of("disconnected", "connected"), a.events);
  }

  @Test
  void aRejectedRequestHasNoEffectAndLaterOnesDo() {
    CompletionStage<LogEntry> first = a.append("1");
    CompletionStage<LogEntry> second = a.append("2");
    cluster.server.rejectNext(1);
    assertThrows(EngineUnavailableException.class, () -> cluster.result(first));
    assertEquals(1, cluster.result(second).sequence());
    assertEquals(List.of("lobby: 2"), a.events);
  }

  @Test
  void aCrashedNodeIsNotifiedOfNothingAndItsLeaseExpires() {
    cluster.result(a.engine.renewLease("a", EXPIRY));
    CompletionStage<LogEntry> appended = a.append("1");
    a.engine.crash();
    b.append("2");
    cluster.network.deliver();
    assertFalse(cluster.isComplete(appended));
    assertEquals(List.of(), a.events);
    assertEquals(Set.of("a"), cluster.result(b.engine.liveNodes()));
    cluster.advance(10);
    assertEquals(Set.of(), cluster.result(b.engine.liveNodes()));
    assertThrows(EngineUnavailableException.class, () -> cluster.result(a.append("3")));
  }

  @Test
  void whatWasSentBeforeTheEngineIsClosedReachesTheServer() {
    cluster.result(a.engine.renewLease("a", EXPIRY));
    CompletionStage<LogEntry> appended = a.append("1");
    a.engine.close();
    assertThrows(EngineUnavailableException.class, () -> cluster.result(appended));
    assertEquals(List.of("1"), cluster.log(b));
    assertEquals(List.of(), a.events);
    assertEquals(Set.of("a"), cluster.result(b.engine.liveNodes()));
  }

  @Test
  void aStoppedServerDisconnectsAllAndKeepsItsData() {
    a.append("1");
    cluster.network.deliver();
    CompletionStage<LogEntry> lost = a.append("2");
    cluster.server.stop();
    assertThrows(EngineUnavailableException.class, () -> cluster.result(lost));
    a.engine.heal();
    cluster.network.deliver();
    assertEquals(List.of("lobby: 1", "disconnected"), b.events);
    cluster.server.start();
    cluster.network.deliver();
    assertEquals(List.of("lobby: 1", "disconnected", "connected"), b.events);
    assertEquals(List.of("1"), cluster.log(a));
  }

  @Test
  void aLinkThatIsCutStaysCutWhenTheServerStarts() {
    a.engine.cut();
    cluster.server.stop();
    cluster.server.start();
    cluster.network.deliver();
    assertEquals(List.of("disconnected"), a.events);
    assertEquals(List.of("disconnected", "connected"), b.events);
  }

  @Test
  void aRewoundServerHasOldDataAndGivesNoTokenTwice() {
    LogEntry first = cluster.result(a.append("1"));
    cluster.result(a.engine.renewLease("a", EXPIRY));
    cluster.server.save();
    LogEntry lost = cluster.result(a.append("2"));
    cluster.result(a.engine.renewLease("b", EXPIRY));
    cluster.server.rewind();
    cluster.network.deliver();
    assertEquals(List.of("1"), cluster.log(b));
    assertEquals(Set.of("a"), cluster.result(b.engine.liveNodes()));
    assertThrows(LogRewoundException.class, () -> cluster.result(a.append(lost.end(), "3")));
    LogEntry other = cluster.result(b.append(first.end(), "other"));
    assertEquals(2, other.sequence());
    assertEquals(first.token(), other.previousToken());
    assertNotEquals(lost.token(), other.token());
    assertThrows(LogRewoundException.class, () -> cluster.result(a.append(lost.end(), "3")));
  }

  @Test
  void aServerCanBeRewoundToTheSameDataAgain() {
    LogEnd first = cluster.result(a.append("1")).end();
    cluster.server.save();
    for (int i = 0; i < 2; i++) {
      cluster.result(a.append("2"));
      cluster.result(a.engine.storeSnapshot(LOG, snapshot(first, "s")));
      cluster.server.rewind();
      cluster.network.deliver();
      assertEquals(List.of("1"), cluster.log(a));
      assertTrue(cluster.result(a.engine.snapshot(LOG)).isEmpty());
    }
  }

  @Test
  void aRestartOfTheServerBeginsAGeneration() {
    LogEntry before = cluster.result(a.append("1"));
    assertEquals(before.generation(), cluster.result(b.append("2")).generation());
    cluster.server.stop();
    cluster.server.start();
    cluster.network.deliver();
    assertNotEquals(before.generation(), cluster.result(a.append("3")).generation());
  }

  @Test
  void aServerThatWasNeverSavedIsRewoundToNothing() {
    a.append("1");
    cluster.network.deliver();
    cluster.server.rewind();
    cluster.network.deliver();
    assertEquals(LogEnd.START, cluster.end(a));
  }

  @Test
  void waitingLetsStepsHappenAndThenMovesTheClock() {
    assertTrue(cluster.network.await(a.append("1"), Duration.ofSeconds(5)));
    long before = cluster.network.clock().nanoTime();
    a.engine.stall();
    CompletionStage<LogEntry> stalled = a.append("2");
    assertFalse(cluster.network.await(stalled, Duration.ofSeconds(1)));
    assertEquals(Duration.ofSeconds(1).toNanos(), cluster.network.clock().nanoTime() - before);
    assertTrue(cluster.network.await(stalled, Duration.ofSeconds(5)));
    assertThrows(EngineUnavailableException.class, () -> cluster.result(stalled));
  }

  @Test
  void aListenerMustNotWait() {
    a.append("1").thenAccept(entry -> cluster.network.await(a.append("2"), Duration.ofSeconds(1)));
    assertThrows(IllegalStateException.class, cluster.network::deliver);
  }

  @Test
  void faultsCanHappenInTheMiddleOfAWait() {
    AtomicBoolean cut = new AtomicBoolean();
    cluster.network.afterSteps(
        1,
        () -> {
          cut.set(true);
          a.engine.cut();
        });
    CompletionStage<LogEntry> appended = a.append("1");
    assertTrue(cluster.network.await(appended, Duration.ofSeconds(1)));
    assertTrue(cut.get());
    assertThrows(EngineUnavailableException.class, () -> cluster.result(appended));
    assertEquals(List.of("1"), cluster.log(b));
  }

  @Test
  void theSameSeedGivesTheSameTraceAndOthersDiffer() {
    assertEquals(traceOf(7), traceOf(7));
    assertNotEquals(traceOf(7), traceOf(8));
  }

  private static List<String> traceOf(long seed) {
    SimulatedEngineFixture fixture = new SimulatedEngineFixture();
    List<Node> nodes = List.of(fixture.subscriber(), fixture.subscriber(), fixture.subscriber());
    fixture.network.shuffle(seed);
    for (int i = 0; i < 30; i++) {
      nodes.get(i % 3).append("" + i);
      fixture.network.afterCall();
      if (i % 10 == 5) {
        nodes.get(1).engine.cut();
      } else if (i % 10 == 7) {
        nodes.get(1).engine.heal();
      } else if (i == 15) {
        fixture.server.save();
      } else if (i == 22) {
        fixture.server.rewind();
      }
    }
    fixture.network.deliver();
    return fixture.network.trace();
  }
}
