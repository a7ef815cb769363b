package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Redis can do to an engine besides ending. */
class RedisFaultTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  @TempDir Path folder;
  private final RecordingListener listener = new RecordingListener();
  private RedisServer server;
  private RedisCluster engine;

  @BeforeEach
  void startServer() throws IOException {
    server = RedisServer.start(folder);
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
    server.close();
  }

  private void start(String uri) throws Exception {
    engine = RedisCluster.connect(uri).withCommandTimeout(TIMEOUT);
    engine.start(listener);
    Operations.await(engine.subscribe("log"));
  }

  private void awaitChanges(String... changes) {
    Await.until(
        "the engine is " + List.of(changes),
        Duration.ofSeconds(10),
        () -> listener.changes().equals(List.of(changes)));
  }

  private void assertWorks() throws Exception {
    LogEntry entry = Operations.await(Operations.append(engine, "log"));
    Await.until("it is received", () -> listener.sequences("log").contains(entry.sequence()));
  }

  @Test
  void aServerThatDoesNotAnswerCountsAsLostUntilItDoes() throws Exception {
    start(server.uri());
    server.pause();
    CompletionStage<LogEntry> unanswered = Operations.append(engine, "log");
    awaitChanges("connected", "disconnected");
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> Operations.await(unanswered));
    assertTrue(failure.getCause() instanceof EngineUnavailableException);
    assertTrue(failure.getCause().getMessage().contains("no answer within 500 ms"));
    server.resume();
    awaitChanges("connected", "disconnected", "connected");
    assertWorks();
  }

  @Test
  void anIdleServerThatDoesNotAnswerIsNoticedToo() throws Exception {
    start(server.uri());
    server.pause();
    awaitChanges("connected", "disconnected");
    server.resume();
    awaitChanges("connected", "disconnected", "connected");
    assertWorks();
  }

  @Test
  void aSubscribingConnectionThatReceivesNothingIsNoticed() throws Exception {
    try (HalfDeadProxy proxy = new HalfDeadProxy(server.port())) {
      start("redis://127.0.0.1:" + proxy.port());
      assertWorks();
      proxy.muteSubscriptions();
      awaitChanges("connected", "disconnected", "connected");
      assertWorks();
    }
  }

  @Test
  void aLostSubscribingConnectionIsALossOfTheEngine() throws Exception {
    start(server.uri());
    server.command("CLIENT", "KILL", "TYPE", "pubsub");
    awaitChanges("connected", "disconnected", "connected");
    assertWorks();
  }

  @Test
  void aLostConnectionForCommandsIsALossOfTheEngine() throws Exception {
    start(server.uri());
    server.command("CLIENT", "KILL", "TYPE", "normal");
    awaitChanges("connected", "disconnected", "connected");
    assertWorks();
  }

  @Test
  void scriptsThatWereRemovedAreLoadedAgainAndNothingIsReordered() throws Exception {
    start(server.uri());
    List<CompletionStage<LogEntry>> stages = new ArrayList<>();
    for (int i = 1; i <= 2000; i++) {
      stages.add(engine.append("log", LogEnd.START, "node", i, new byte[0]));
      if (i == 1000) {
        server.command("SCRIPT", "FLUSH");
      }
    }
    int failed = 0;
    List<Long> appended = new ArrayList<>();
    for (CompletionStage<LogEntry> stage : stages) {
      try {
        appended.add(Operations.await(stage).nodeSequence());
      } catch (ExecutionException failure) {
        failed++;
        assertTrue(failure.getCause() instanceof EngineUnavailableException);
        assertTrue(failure.getCause().getMessage().contains("SCRIPT FLUSH"));
      }
    }
    assertTrue(failed > 0);
    assertEquals(
        appended,
        Operations.await(engine.read("log", 0, 5000)).entries().stream()
            .map(LogEntry::nodeSequence)
            .toList());
    Await.until(
        "the scripts are loaded again",
        () -> {
          try {
            return Operations.await(Operations.append(engine, "log")).sequence() > 0;
          } catch (Exception notYet) {
            return false;
          }
        });
    assertEquals(List.of("connected"), listener.changes());
  }

  @Test
  void aServerThatBecomesAReplicaIsLeft(@TempDir Path otherFolder) throws Exception {
    start(server.uri());
    try (RedisServer other = RedisServer.start(otherFolder)) {
      server.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
      Await.until(
          "an append is rejected",
          () -> {
            try {
              Operations.await(Operations.append(engine, "log"));
              return false;
            } catch (Exception readOnly) {
              return true;
            }
          });
      awaitChanges("connected", "disconnected");
      server.command("REPLICAOF", "NO", "ONE");
      awaitChanges("connected", "disconnected", "connected");
      assertWorks();
    }
  }

  @Test
  void anAttachedReplicaLeavesTheGenerationAndARestartChangesIt(@TempDir Path replicaFolder)
      throws Exception {
    start(server.uri());
    String generation = Operations.await(Operations.append(engine, "log")).generation();
    try (RedisServer replica =
            RedisServer.start(replicaFolder, "--replicaof", "127.0.0.1 " + server.port());
        RedisCluster later = RedisCluster.connect(server.uri())) {
      Await.until("the replica is attached", () -> isConnected(replica));
      later.start(new RecordingListener());
      assertEquals(generation, Operations.await(Operations.append(later, "log")).generation());
      assertEquals(generation, Operations.await(Operations.append(engine, "log")).generation());
    }
    server.kill();
    server.restart();
    awaitChanges("connected", "disconnected", "connected");
    assertNotEquals(generation, Operations.await(Operations.append(engine, "log")).generation());
  }

  private static boolean isConnected(RedisServer replica) {
    try {
      return replica.command("INFO", "replication").contains("master_link_status:up");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void messagesThatAreNoEntriesAreIgnored() throws Exception {
    start(server.uri());
    for (String message : List.of("", "text", "2 1 - 0 t n 1 g\n", "1 x - 0 t n 1 g\n")) {
      server.command("SPUBLISH", "roomful:{log}:entries", message);
    }
    assertWorks();
    assertFalse(listener.changes().contains("disconnected"));
  }

  @Test
  void aStateThatWasEvictedBeginsANewLogAndLostEntriesAreAGap() throws Exception {
    start(server.uri());
    for (int i = 0; i < 3; i++) {
      Operations.await(Operations.append(engine, "log"));
    }
    server.command("DEL", "roomful:{log}:entries");
    assertEquals(4, Operations.await(Operations.append(engine, "log")).sequence());
    assertEquals(4, Operations.await(engine.read("log", 0, 10)).entries().get(0).sequence());
    server.command("DEL", "roomful:{log}:state");
    assertEquals(1, Operations.await(Operations.append(engine, "log")).sequence());
    assertEquals(1, Operations.await(engine.read("log", 0, 10)).entries().size());
  }
}
