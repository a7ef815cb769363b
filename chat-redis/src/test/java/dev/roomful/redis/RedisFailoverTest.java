package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import dev.roomful.testsupport.RedisServers;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisFailoverTest {
  @TempDir Path folder;

  @Test
  void anEngineFollowsAClusterToThePromotedReplica() throws Exception {
    RecordingListener listener = new RecordingListener();
    try (RedisServers servers = RedisServers.startCluster(folder, 3)) {
      RedisServer primary = servers.all().get(SlotHash.getSlot("log") * 3 / SlotHash.SLOT_COUNT);
      try (RedisServer replica = servers.startReplica(folder.resolve("replica"), primary);
          RedisCluster engine = RedisCluster.connect(servers.all().get(0).uri())) {
        engine.start(listener);
        Operations.await(engine.subscribe("log"));
        Operations.await(Operations.append(engine, "log"));
        Await.until("the replica has the entry", () -> size(replica) > 0);
        primary.kill();
        Await.until("the loss is noticed", () -> listener.changes().contains("disconnected"));
        Await.until(
            "the engine has found the promoted replica",
            Duration.ofSeconds(40),
            () -> listener.changes().equals(List.of("connected", "disconnected", "connected")));
        assertEquals(2, Operations.await(Operations.append(engine, "log")).sequence());
        Await.until("it is received", () -> listener.sequences("log").contains(2L));
      }
    }
  }

  private static int size(RedisServer server) {
    try {
      return Integer.parseInt(server.command("DBSIZE"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
