package dev.roomful.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;

/**
 * The servers that store logs at some moment, and which of them stores which key.
 *
 * @param servers all servers that accept writes
 * @param serverOfSlot the index of the server for each slot of a Redis Cluster; empty if it is no
 *     cluster
 */
record Topology(List<Server> servers, List<Integer> serverOfSlot) {
  static Topology single(Server server) {
    return new Topology(List.of(server), List.of());
  }

  boolean isCluster() {
    return !serverOfSlot.isEmpty();
  }

  int indexOf(String key) {
    return isCluster() ? serverOfSlot.get(SlotHash.getSlot(key)) : 0;
  }
}
