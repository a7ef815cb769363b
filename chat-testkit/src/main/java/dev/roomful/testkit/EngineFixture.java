package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Timeout;

/**
 * What each case of {@link ClusterContract} uses: nodes with an engine each, and bounded waits.
 *
 * <p>Each class of cases extends the one before, because JUnit runs inherited cases. Only the last
 * class is public.
 */
@DisplayNameGeneration(RuleDisplayNames.class)
@Timeout(60)
abstract class EngineFixture {
  static final Duration PATIENCE = Duration.ofSeconds(15);
  static final String LOG = "log";

  private final List<EngineNode> nodes = new ArrayList<>();

  abstract ClusterEngine newEngine(String namespace) throws Exception;

  abstract void idle();

  @AfterEach
  final void closeNodes() {
    List<String> overlaps = new ArrayList<>();
    for (EngineNode node : nodes) {
      node.engine().close();
      overlaps.addAll(node.recorder().overlaps());
    }
    nodes.clear();
    assertEquals(List.of(), overlaps, "calls of the listener that overlapped");
  }

  /** {@return a started node in the name space of this case} */
  EngineNode node(String id) throws Exception {
    return node(id, "case");
  }

  EngineNode node(String id, String namespace) throws Exception {
    EngineNode node =
        new EngineNode(id, newEngine(namespace), new EngineRecorder(), new AtomicLong());
    nodes.add(node);
    node.engine().start(node.recorder());
    return node;
  }

  /** {@return a started node that is subscribed to {@link #LOG}} */
  EngineNode subscribedNode(String id) throws Exception {
    EngineNode node = node(id);
    await(node.engine().subscribe(LOG));
    return node;
  }

  void until(String what, BooleanSupplier condition) {
    Await.until(
        what,
        PATIENCE,
        () -> {
          boolean holds = condition.getAsBoolean();
          if (!holds) {
            idle();
          }
          return holds;
        });
  }

  /** {@return the result of an operation; fails if the operation does} */
  <T> T await(CompletionStage<T> operation) {
    CompletableFuture<T> future = operation.toCompletableFuture();
    until("an operation completes", future::isDone);
    return future.join();
  }

  /** {@return what an operation fails with, as actions that depend on it see it} */
  Throwable failure(CompletionStage<?> operation) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    operation.whenComplete(
        (value, thrown) ->
            failure.complete(
                thrown == null ? new AssertionError("succeeded with " + value) : thrown));
    until("an operation completes", failure::isDone);
    return failure.join();
  }

  <T extends Throwable> T failure(Class<T> type, CompletionStage<?> operation) {
    Throwable failure = failure(operation);
    if (!type.isInstance(failure)) {
      throw new AssertionError("expected a " + type.getSimpleName(), failure);
    }
    return type.cast(failure);
  }

  /** Waits until a node has received entries up to a sequence. */
  void awaitSequence(EngineNode node, String log, long sequence) {
    until(
        node.id() + " receives entry " + sequence + " of log " + log,
        () -> node.recorder().sequences(log).contains(sequence));
  }

  /** {@return all entries that a log still has} */
  List<LogEntry> readAll(EngineNode node, String log) {
    List<LogEntry> all = new ArrayList<>();
    LogPage page = await(node.engine().read(log, 0, 100));
    while (!page.entries().isEmpty()) {
      all.addAll(page.entries());
      page = await(node.engine().read(log, all.get(all.size() - 1).sequence(), 100));
    }
    return all;
  }

  /** Fails at the first number that is not greater than the one before. */
  static void assertIncreasing(List<Long> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      assertTrue(
          numbers.get(i) > numbers.get(i - 1),
          numbers.get(i) + " follows " + numbers.get(i - 1) + " at index " + i);
    }
  }

  static List<String> texts(List<LogEntry> entries) {
    return entries.stream().map(EngineNode::text).toList();
  }

  static void assertSame(LogEntry expected, LogEntry actual) {
    assertEquals(describe(expected), describe(actual));
    assertArrayEquals(expected.data(), actual.data());
  }

  private static String describe(LogEntry entry) {
    return entry.sequence()
        + " after "
        + entry.previousToken()
        + ", "
        + entry.token()
        + " at "
        + entry.millis()
        + " by "
        + entry.node()
        + " "
        + entry.nodeSequence();
  }
}
