package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.LogEntry;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import dev.roomful.testsupport.RedisServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a Redis Cluster. */
class RedisClusterTest {
  @TempDir static Path folder;
  private static RedisServers servers;

  private final RecordingListener listener = new RecordingListener();
  private RedisCluster engine;

  @BeforeAll
  static void startServers() throws IOException {
    servers = RedisServers.startCluster(folder, 3, "--appendonly", "yes");
  }

  @AfterAll
  static void closeServers() {
    servers.close();
  }

  @BeforeEach
  void removeData() throws IOException {
    servers.restartKilled();
    for (RedisServer server : servers.all()) {
      server.command("FLUSHALL");
    }
  }

  @AfterEach
  void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  private void start(String uri) {
    engine = RedisCluster.connect(uri).withCommandTimeout(Duration.ofSeconds(2));
    engine.start(listener);
  }

  /** Appends until the engine has followed a change of the cluster. */
  private static LogEntry appendWhenPossible(ClusterEngine engine, String log) {
    List<LogEntry> appended = new ArrayList<>();
    Await.until(
        "an entry is appended to " + log,
        Duration.ofSeconds(20),
        () -> {
          try {
            return appended.add(Operations.await(Operations.append(engine, log)));
          } catch (Exception notYet) {
            return false;
          }
        });
    return appended.get(0);
  }

  @Test
  void anAddressOfOneServerIsEnough() throws Exception {
    start(servers.all().get(1).uri());
    for (int i = 0; i < 20; i++) {
      Operations.callAll(engine, listener, "log " + i);
    }
  }

  @Test
  void anAddressMayNameSeveralServersOfWhichSomeAreDown() throws Exception {
    String hosts =
        servers.all().stream()
            .map(server -> "127.0.0.1:" + server.port())
            .collect(Collectors.joining(","));
    start("redis://127.0.0.1:" + RedisServer.freePort() + "," + hosts);
    Operations.callAll(engine, listener, "log");
  }

  @Test
  void aClientOfASingleServerIsRejected() {
    RedisClient client = RedisClient.create(servers.all().get(0).uri());
    try {
      engine = RedisCluster.of(client);
      String message =
          assertThrows(IllegalStateException.class, () -> engine.start(listener)).getMessage();
      assertTrue(message.contains("is a Redis Cluster: use RedisCluster.of(RedisClusterClient)"));
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aUserNeedsTheRuleOnEachServerAndTwoCommandsMore() throws Exception {
    List<String> rule =
        new ArrayList<>(List.of("ACL", "SETUSER", "chat", "reset", "on", ">secret"));
    rule.addAll(List.of(AclRule.of("roomful").split(" ")));
    rule.addAll(List.of("+cluster|nodes", "+cluster|info"));
    for (RedisServer server : servers.all()) {
      server.command(rule.toArray(new String[0]));
    }
    start("redis://chat:secret@127.0.0.1:" + servers.all().get(0).port());
    Operations.callAll(engine, listener, "log");
  }

  @Test
  void aSlotThatMovesToAnotherServerIsFollowedWithItsSubscriptions() throws Exception {
    start(servers.all().get(0).uri());
    Operations.await(engine.subscribe("moved"));
    String slot = Integer.toString(SlotHash.getSlot("roomful:{moved}:entries"));
    List<String> ids = new ArrayList<>();
    for (RedisServer server : servers.all()) {
      ids.add(server.command("CLUSTER", "MYID"));
    }
    int from = SlotHash.getSlot("moved") * 3 / SlotHash.SLOT_COUNT;
    int to = (from + 1) % 3;
    // The new owner first, as redis-cli does it.
    servers.all().get(to).command("CLUSTER", "SETSLOT", slot, "NODE", ids.get(to));
    servers.all().get(from).command("CLUSTER", "SETSLOT", slot, "NODE", ids.get(to));
    servers.all().get((from + 2) % 3).command("CLUSTER", "SETSLOT", slot, "NODE", ids.get(to));
    LogEntry entry = appendWhenPossible(engine, "moved");
    assertEquals(1, entry.sequence());
    appendWhenPossible(engine, "moved");
    Await.until("entry 2 is received", () -> listener.sequences("moved").contains(2L));
    assertTrue(servers.all().get(to).command("KEYS", "*").contains("{moved}"));
  }

  @Test
  void anEngineIsConnectedAgainWhenAllServersAreBack() throws Exception {
    start(servers.all().get(0).uri());
    for (int i = 0; i < 10; i++) {
      Operations.await(engine.subscribe("log " + i));
      Operations.await(Operations.append(engine, "log " + i));
    }
    servers.all().get(0).kill();
    Await.until("the loss is noticed", () -> listener.changes().contains("disconnected"));
    servers.restartKilled();
    for (int i = 0; i < 10; i++) {
      assertEquals(2, appendWhenPossible(engine, "log " + i).sequence());
    }
    Await.until(
        "all are received",
        () -> IntStream.range(0, 10).allMatch(i -> listener.sequences("log " + i).contains(2L)));
  }
}
