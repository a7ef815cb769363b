package dev.roomful.testsupport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Redis Cluster of several primaries without replicas, as processes on this machine. */
public final class RedisServers implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final int SLOTS = 16_384;

  private final List<RedisServer> servers;

  private RedisServers(List<RedisServer> servers) {
    this.servers = List.copyOf(servers);
  }

  /**
   * Starts a cluster, and waits until all its servers know that it is complete.
   *
   * @param folder for the files of all servers
   * @param count the number of servers
   * @param options of each server, as on its command line
   */
  public static RedisServers startCluster(Path folder, int count, String... options)
      throws IOException {
    List<RedisServer> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> all = new ArrayList<>(List.of(options));
      all.addAll(
          List.of(
              "--cluster-enabled", "yes",
              "--cluster-port", Integer.toString(RedisServer.freePort()),
              "--cluster-node-timeout", "2000"));
      servers.add(RedisServer.start(folder.resolve("server-" + i), all.toArray(new String[0])));
    }
    RedisServers cluster = new RedisServers(servers);
    for (int i = 0; i < count; i++) {
      int first = i * SLOTS / count;
      int last = (i + 1) * SLOTS / count - 1;
      RedisServer server = servers.get(i);
      server.command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
      server.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      RedisServer before = servers.get(Math.max(0, i - 1));
      if (before != server) {
        server.command(
            "CLUSTER",
            "MEET",
            "127.0.0.1",
            Integer.toString(before.port()),
            Integer.toString(before.clusterPort()));
      }
    }
    cluster.awaitComplete();
    return cluster;
  }

  /** {@return the servers, of which each stores a part of the slots} */
  public List<RedisServer> all() {
    return servers;
  }

  /** Kills all servers. */
  public void kill() {
    servers.forEach(RedisServer::kill);
  }

  /** Starts the killed servers again, with the files that they left. */
  public void restartKilled() throws IOException {
    for (RedisServer server : servers) {
      if (!server.isRunning()) {
        server.restart();
      }
    }
    awaitComplete();
  }

  private void awaitComplete() {
    Await.until(
        "the Redis Cluster is complete",
        START_TIMEOUT,
        () -> servers.stream().allMatch(server -> isComplete(server, servers.size())));
  }

  private static boolean isComplete(RedisServer server, int count) {
    try {
      String info = server.command("CLUSTER", "INFO");
      return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + count);
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
