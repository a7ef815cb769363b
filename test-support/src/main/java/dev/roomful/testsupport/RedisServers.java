package dev.roomful.testsupport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Redis Cluster, as processes on this machine. */
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
      servers.add(startServer(folder.resolve("server-" + i), options));
    }
    RedisServers cluster = new RedisServers(servers);
    for (int i = 0; i < count; i++) {
      int first = i * SLOTS / count;
      int last = (i + 1) * SLOTS / count - 1;
      RedisServer server = servers.get(i);
      server.command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
      server.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      if (i > 0) {
        meet(server, servers.get(i - 1));
      }
    }
    cluster.awaitComplete();
    return cluster;
  }

  private static RedisServer startServer(Path folder, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(
        List.of(
            "--cluster-enabled", "yes",
            "--cluster-port", Integer.toString(RedisServer.freePort()),
            "--cluster-node-timeout", "2000"));
    return RedisServer.start(folder, all.toArray(new String[0]));
  }

  private static void meet(RedisServer server, RedisServer other) throws IOException {
    server.command(
        "CLUSTER",
        "MEET",
        "127.0.0.1",
        Integer.toString(other.port()),
        Integer.toString(other.clusterPort()));
  }

  /**
   * Starts a replica of one of the servers, and waits until it has its data. The caller closes it.
   *
   * @param folder for its files
   * @param primary one of the servers
   */
  public RedisServer startReplica(Path folder, RedisServer primary) throws IOException {
    RedisServer replica = startServer(folder);
    meet(replica, primary);
    String id = primary.command("CLUSTER", "MYID");
    Await.until(
        "the replica replicates",
        START_TIMEOUT,
        () -> succeeds(replica, "CLUSTER", "REPLICATE", id));
    Await.until(
        "the replica has the data",
        START_TIMEOUT,
        () -> answer(replica, "INFO", "replication").contains("master_link_status:up"));
    Await.until(
        "all know the replica",
        START_TIMEOUT,
        () ->
            servers.stream()
                .allMatch(server -> answer(server, "CLUSTER", "NODES").contains("slave " + id)));
    return replica;
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
    String info = answer(server, "CLUSTER", "INFO");
    return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + count);
  }

  private static boolean succeeds(RedisServer server, String... command) {
    return answer(server, command).equals("OK");
  }

  /** {@return the reply, or the message of the error} */
  private static String answer(RedisServer server, String... command) {
    try {
      return server.command(command);
    } catch (IOException failure) {
      return String.valueOf(failure.getMessage());
    }
  }

  @Override
  public void close() {
    kill();
  }
}
