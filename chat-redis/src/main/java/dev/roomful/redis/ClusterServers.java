package dev.roomful.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The primaries of a Redis Cluster that an application's client knows. */
final class ClusterServers implements Servers {
  private final RedisClusterClient cluster;
  private @Nullable RedisClient client;

  ClusterServers(RedisClusterClient cluster) {
    this.cluster = cluster;
  }

  @Override
  public String address() {
    return "Redis Cluster of the given RedisClusterClient";
  }

  @Override
  public Topology topology() {
    RedisClient ready = client;
    if (ready == null) {
      ready = RedisClient.create(cluster.getResources());
      ready.setOptions(OwnServers.options(ClientOptions.copyOf(cluster.getOptions()).mutate()));
      client = ready;
    }
    return topology(cluster, ready);
  }

  /**
   * Reads the topology.
   *
   * @param cluster knows servers of the cluster
   * @param client makes the connections to each of them
   */
  static Topology topology(RedisClusterClient cluster, RedisClient client) {
    cluster.refreshPartitions();
    Partitions partitions = cluster.getPartitions();
    Map<RedisURI, Integer> indexes = new HashMap<>();
    List<Server> servers = new ArrayList<>();
    List<Integer> serverOfSlot = new ArrayList<>(SlotHash.SLOT_COUNT);
    for (int slot = 0; slot < SlotHash.SLOT_COUNT; slot++) {
      RedisClusterNode node = partitions.getMasterBySlot(slot);
      if (node == null) {
        throw new IllegalStateException(
            "no server of the Redis Cluster stores slot " + slot + ": see CLUSTER INFO");
      }
      RedisURI uri = node.getUri();
      Integer index = indexes.get(uri);
      if (index == null) {
        index = servers.size();
        indexes.put(uri, index);
        servers.add(OwnServers.server(client, uri));
      }
      serverOfSlot.add(index);
    }
    return new Topology(servers, serverOfSlot);
  }

  @Override
  public void close() {
    if (client != null) {
      Clients.shutDown(client);
    }
  }
}
