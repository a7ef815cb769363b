package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogRewoundException;
import dev.roomful.cluster.LogSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Lost connections, an engine that stops and comes back, slow nodes, several name spaces. */
abstract class EngineFaultCases extends EngineLeaseCases {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final byte[] STATE = {1, 2, 3};

  abstract void cut(ClusterEngine engine) throws Exception;

  abstract void heal(ClusterEngine engine) throws Exception;

  abstract void stop() throws Exception;

  abstract void restart(boolean keepData) throws Exception;

  private void awaitChanges(EngineNode node, String... changes) {
    until(
        node.id() + " is " + String.join(", then ", changes),
        () -> node.recorder().changes().equals(List.of(changes)));
  }

  @Test
  void connectedIsCalledBeforeStartReturns() throws Exception {
    assertEquals(List.of("connected"), node("ann").recorder().changes());
  }

  @Test
  void whileANodeIsCutOffItsOperationsFailAndThoseOfOthersDoNot() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = subscribedNode("bob");
    cut(ann.engine());
    awaitChanges(ann, "connected", "disconnected");
    ClusterEngine engine = ann.engine();
    LogSnapshot snapshot = new LogSnapshot(new LogEnd(1, "token"), STATE);
    for (CompletionStage<?> operation :
        List.of(
            ann.append(LOG, "lost"),
            engine.read(LOG, 0, 1),
            engine.subscribe("other"),
            engine.snapshot(LOG),
            engine.storeSnapshot(LOG, snapshot),
            engine.replace(LOG, LogEnd.START, snapshot),
            engine.renewLease("ann", LONG),
            engine.releaseLease("ann"),
            engine.liveNodes())) {
      assertTrue(operation.toCompletableFuture().isDone(), "it fails at once");
      failure(EngineUnavailableException.class, operation);
    }
    assertEquals(1, await(bob.append(LOG, "text")).sequence());
    awaitSequence(bob, LOG, 1);
    assertEquals(List.of("connected"), bob.recorder().changes());
  }

  @Test
  void aNodeThatWasCutOffReconnectsAndReadsWhatItMissed() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = node("bob");
    await(bob.append(LOG, "one"));
    awaitSequence(ann, LOG, 1);
    cut(ann.engine());
    awaitChanges(ann, "connected", "disconnected");
    await(bob.append(LOG, "two"));
    await(bob.append(LOG, "three"));
    heal(ann.engine());
    awaitChanges(ann, "connected", "disconnected", "connected");
    assertEquals(List.of("two", "three"), texts(await(ann.engine().read(LOG, 1, 10)).entries()));
    await(bob.append(LOG, "four"));
    awaitSequence(ann, LOG, 4);
  }

  @Test
  void subscriptionsAreInPlaceWhenConnectedIsCalledAgain() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    for (int i = 0; i < 50; i++) {
      await(ann.engine().subscribe("log " + i));
    }
    List<CompletionStage<LogEntry>> appended = new ArrayList<>();
    ann.recorder()
        .onConnected(
            () -> {
              for (int i = 0; i < 50; i++) {
                appended.add(bob.append("log " + i, "text"));
              }
            });
    cut(ann.engine());
    awaitChanges(ann, "connected", "disconnected");
    heal(ann.engine());
    awaitChanges(ann, "connected", "disconnected", "connected");
    for (int i = 0; i < 50; i++) {
      awaitSequence(ann, "log " + i, 1);
    }
    appended.forEach(this::await);
  }

  @Test
  void aLogThatANodeLeftWhileItWasCutOffIsNotReceivedAfterwards() throws Exception {
    EngineNode ann = subscribedNode("ann");
    await(ann.engine().subscribe("other"));
    cut(ann.engine());
    awaitChanges(ann, "connected", "disconnected");
    ann.engine().unsubscribe(LOG);
    heal(ann.engine());
    awaitChanges(ann, "connected", "disconnected", "connected");
    await(ann.append(LOG, "text"));
    await(ann.append("other", "text"));
    awaitSequence(ann, "other", 1);
    assertEquals(List.of(), ann.recorder().sequences(LOG));
  }

  @Test
  void operationsMayBeStartedWithinCallsOfTheListenerAndOfCompletions() throws Exception {
    EngineNode ann = subscribedNode("ann");
    AtomicReference<CompletionStage<LogEntry>> inEntry = new AtomicReference<>();
    ann.recorder()
        .onEntry(
            (log, entry) -> {
              if (entry.sequence() == 1) {
                inEntry.set(ann.append(LOG, entry.end(), "two"));
              }
            });
    CompletionStage<LogEntry> inCompletion =
        ann.append(LOG, "one").thenCompose(one -> ann.append("other", "text"));
    assertEquals(1, await(inCompletion).sequence());
    awaitSequence(ann, LOG, 2);
    assertEquals(2, await(Objects.requireNonNull(inEntry.get())).sequence());
  }

  @Test
  void anEngineThatComesBackWithItsDataContinuesItsLogs() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = subscribedNode("bob");
    LogEnd end = await(ann.append(LOG, "one")).end();
    assertTrue(await(ann.engine().storeSnapshot(LOG, new LogSnapshot(end, STATE))));
    LogEnd two = await(ann.append(LOG, "two")).end();
    stop();
    awaitChanges(ann, "connected", "disconnected");
    awaitChanges(bob, "connected", "disconnected");
    restart(true);
    awaitChanges(ann, "connected", "disconnected", "connected");
    awaitChanges(bob, "connected", "disconnected", "connected");
    LogEntry next = await(bob.append(LOG, two, "three"));
    assertEquals(3, next.sequence());
    assertEquals(two.token(), next.previousToken());
    awaitSequence(ann, LOG, 3);
    assertEquals(List.of("two", "three"), texts(readAll(ann, LOG)));
    assertEquals(end, await(ann.engine().snapshot(LOG)).orElseThrow().end());
  }

  @Test
  void appendsThatAreUnansweredWhenTheEngineStopsTakeEffectOnceInTheirOrderOrNever()
      throws Exception {
    EngineNode ann = node("ann");
    for (int round = 0; round < 3; round++) {
      checkUnansweredAppends(ann, this::stop, () -> restart(true));
    }
  }

  @Test
  void appendsThatAreUnansweredWhenTheLinkBreaksTakeEffectOnceInTheirOrderOrNever()
      throws Exception {
    EngineNode ann = node("ann");
    for (int round = 0; round < 5; round++) {
      checkUnansweredAppends(ann, () -> cut(ann.engine()), () -> heal(ann.engine()));
    }
  }

  private interface Fault {
    void happen() throws Exception;
  }

  private void checkUnansweredAppends(EngineNode node, Fault loss, Fault repair) throws Exception {
    int changes = node.recorder().changes().size();
    long before = node.count().get();
    List<CompletableFuture<LogEntry>> stages = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      stages.add(node.append(LOG, "text").toCompletableFuture());
    }
    until("some are appended", () -> stages.get(20).isDone());
    loss.happen();
    until("all are completed", () -> stages.stream().allMatch(CompletableFuture::isDone));
    repair.happen();
    until("the node is connected", () -> node.recorder().changes().size() == changes + 2);
    // What an engine would send again comes before, between or after these.
    for (int i = 0; i < 100; i++) {
      await(node.append(LOG, "text"));
    }
    List<Long> stored =
        readAll(node, LOG).stream()
            .map(LogEntry::nodeSequence)
            .filter(sequence -> sequence > before)
            .toList();
    assertIncreasing(stored);
    for (CompletableFuture<LogEntry> stage : stages) {
      if (stage.isCompletedExceptionally()) {
        failure(EngineUnavailableException.class, stage);
      } else {
        assertTrue(stored.contains(stage.join().nodeSequence()), "an appended entry is stored");
      }
    }
  }

  @Test
  void anEngineThatComesBackWithoutItsDataIsNoticedAndFilledAgain() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = subscribedNode("bob");
    await(ann.append(LOG, "one"));
    LogEntry second = await(ann.append(LOG, "two"));
    LogEnd two = second.end();
    assertTrue(await(ann.engine().renewLease("ann", LONG)));
    stop();
    awaitChanges(ann, "connected", "disconnected");
    restart(false);
    awaitChanges(ann, "connected", "disconnected", "connected");
    awaitChanges(bob, "connected", "disconnected", "connected");
    assertEquals(
        LogEnd.START, failure(LogRewoundException.class, ann.append(LOG, two, "three")).end());
    assertEquals(Optional.empty(), await(ann.engine().snapshot(LOG)));
    assertEquals(Set.of(), await(ann.engine().liveNodes()));
    assertTrue(await(ann.engine().replace(LOG, LogEnd.START, new LogSnapshot(two, STATE))));
    LogEntry third = await(bob.append(LOG, two, "three"));
    assertEquals(two.token(), third.previousToken());
    assertNotEquals(second.generation(), third.generation());
    awaitSequence(ann, LOG, 3);
  }

  @Test
  void tokensAreNotGivenAgainAfterDataWereLost() throws Exception {
    EngineNode ann = node("ann");
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tokens.add(await(ann.append(LOG, "text")).token());
    }
    stop();
    awaitChanges(ann, "connected", "disconnected");
    restart(false);
    awaitChanges(ann, "connected", "disconnected", "connected");
    for (int i = 0; i < 10; i++) {
      assertFalse(tokens.contains(await(ann.append(LOG, "text")).token()));
    }
  }

  @Test
  void startFailsAndSaysWhyIfTheEngineCannotBeReached() throws Exception {
    ClusterEngine engine = newEngine("case");
    stop();
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> engine.start(new EngineRecorder()));
    assertNotNull(failure.getMessage());
    engine.close();
    restart(true);
  }

  @Test
  void afterItIsClosedAnEngineFailsOperationsAndReportsNothing() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = subscribedNode("bob");
    ann.engine().close();
    ann.engine().close();
    failure(EngineUnavailableException.class, ann.append(LOG, "lost"));
    failure(EngineUnavailableException.class, ann.engine().liveNodes());
    await(bob.append(LOG, "text"));
    awaitSequence(bob, LOG, 1);
    assertEquals(List.of(), ann.recorder().sequences(LOG));
  }

  @Test
  void nameSpacesOfOneEngineShareNothing() throws Exception {
    EngineNode ann = node("ann", "one");
    EngineNode bob = node("bob", "two");
    await(ann.engine().subscribe(LOG));
    await(bob.engine().subscribe(LOG));
    await(ann.append(LOG, "of ann"));
    LogEnd end = await(bob.append(LOG, "of bob")).end();
    assertEquals(1, end.sequence());
    awaitSequence(ann, LOG, 1);
    awaitSequence(bob, LOG, 1);
    assertEquals(List.of("of ann"), texts(ann.recorder().entries(LOG)));
    assertEquals(List.of("of bob"), texts(bob.recorder().entries(LOG)));
    assertEquals(List.of("of ann"), texts(readAll(ann, LOG)));
    assertTrue(await(ann.engine().renewLease("ann", LONG)));
    assertEquals(Set.of(), await(bob.engine().liveNodes()));
    assertTrue(await(bob.engine().storeSnapshot(LOG, new LogSnapshot(end, STATE))));
    assertEquals(Optional.empty(), await(ann.engine().snapshot(LOG)));
  }

  @Test
  void aNodeThatReceivesSlowlyDelaysNobodyAndCanReadWhatItMissed() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = subscribedNode("bob");
    EngineNode slow = subscribedNode("slow");
    CountDownLatch blocked = new CountDownLatch(1);
    slow.recorder().onEntry((log, entry) -> Await.open(blocked));
    byte[] data = new byte[64 << 10];
    try {
      for (int i = 1; i <= 300; i++) {
        await(ann.append(LOG, LogEnd.START, data));
      }
      awaitSequence(bob, LOG, 300);
      assertEquals(LongStream.rangeClosed(1, 300).boxed().toList(), bob.recorder().sequences(LOG));
    } finally {
      blocked.countDown();
    }
    // If it was blocked for longer than the engine waits for answers, it has to connect again.
    until("the engine answers again", () -> answers(slow));
    assertEquals(300, readAll(slow, LOG).size());
  }

  private boolean answers(EngineNode node) {
    try {
      await(node.engine().liveNodes());
      return true;
    } catch (CompletionException failure) {
      assertInstanceOf(EngineUnavailableException.class, failure.getCause());
      return false;
    }
  }
}
