package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.LogEntry;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisSentinelTest {
  @TempDir Path folder;

  @Test
  void anEngineFollowsTheSentinelsToANewPrimary() throws Exception {
    RecordingListener listener = new RecordingListener();
    try (RedisServer primary = RedisServer.start(folder.resolve("primary"));
        RedisServer replica =
            RedisServer.start(
                folder.resolve("replica"), "--replicaof", "127.0.0.1 " + primary.port());
        RedisServer sentinel =
            RedisServer.startSentinel(folder.resolve("sentinel"), "chat", primary);
        RedisCluster engine =
            RedisCluster.connect("redis-sentinel://127.0.0.1:" + sentinel.port() + "#chat")) {
      Await.until(
          "the Sentinel knows the replica",
          Duration.ofSeconds(20),
          () -> answer(sentinel, "SENTINEL", "REPLICAS", "chat").contains("" + replica.port()));
      engine.start(listener);
      Operations.await(engine.subscribe("log"));
      Operations.await(Operations.append(engine, "log"));
      Await.until(
          "the replica has the entry",
          () -> answer(replica, "EXISTS", "roomful:{log}:entries").equals("1"));
      primary.kill();
      Await.until("the loss is noticed", () -> listener.changes().contains("disconnected"));
      Await.until(
          "the engine has found the new primary",
          Duration.ofSeconds(30),
          () -> listener.changes().equals(List.of("connected", "disconnected", "connected")));
      LogEntry entry = Operations.await(Operations.append(engine, "log"));
      assertEquals(2, entry.sequence());
      Await.until("it is received", () -> listener.sequences("log").contains(2L));
      assertEquals("2", answer(replica, "XLEN", "roomful:{log}:entries"));
    }
  }

  @Test
  void sentinelsThatDoNotAnswerAreNamed() throws IOException {
    int port = RedisServer.freePort();
    try (RedisCluster engine =
        RedisCluster.connect("redis-sentinel://127.0.0.1:" + port + "#chat")) {
      String message =
          assertThrows(IllegalStateException.class, () -> engine.start(new RecordingListener()))
              .getMessage();
      assertTrue(
          message.startsWith("cannot connect to Redis at 127.0.0.1:" + port + " (Sentinel, chat)"),
          message);
    }
  }

  private static String answer(RedisServer server, String... command) {
    try {
      return server.command(command);
    } catch (IOException failure) {
      return String.valueOf(failure.getMessage());
    }
  }
}
