package dev.roomful.redis;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.testkit.ClusterContract;
import dev.roomful.testkit.TcpProxy;
import dev.roomful.testsupport.RedisServer;
import dev.roomful.testsupport.RedisServers;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a Redis Cluster of three primaries. */
class RedisClusterContractTest extends ClusterContract {
  @TempDir static Path folder;
  private static RedisServers servers;

  private final Map<ClusterEngine, List<TcpProxy>> proxies = new ConcurrentHashMap<>();
  private final List<RedisClusterClient> clients = new ArrayList<>();
  private final List<ClientResources> resources = new ArrayList<>();

  @BeforeAll
  static void startServers() throws IOException {
    servers = RedisServers.startCluster(folder, 3, "--appendonly", "yes", "--appendfsync", "no");
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
  void closeClients() throws Exception {
    // First those that use the clients.
    proxies.keySet().forEach(ClusterEngine::close);
    clients.forEach(RedisClusterClient::shutdown);
    for (ClientResources each : resources) {
      each.shutdown().get();
    }
    for (List<TcpProxy> all : proxies.values()) {
      for (TcpProxy proxy : all) {
        proxy.close();
      }
    }
  }

  /** The client takes a proxy for each server, wherever it learns the server's address. */
  @Override
  protected ClusterEngine newEngine(String namespace) throws IOException {
    Map<Integer, Integer> ports = new HashMap<>();
    List<TcpProxy> all = new ArrayList<>();
    for (RedisServer server : servers.all()) {
      TcpProxy proxy = new TcpProxy(URI.create(server.uri()));
      all.add(proxy);
      ports.put(server.port(), proxy.address().getPort());
    }
    Function<HostAndPort, HostAndPort> toProxy =
        address -> HostAndPort.of("127.0.0.1", ports.get(address.getPort()));
    ClientResources shared =
        ClientResources.builder()
            .socketAddressResolver(MappingSocketAddressResolver.create(toProxy))
            .build();
    resources.add(shared);
    RedisClusterClient client =
        RedisClusterClient.create(shared, RedisURI.create(servers.all().get(0).uri()));
    clients.add(client);
    ClusterEngine engine = RedisCluster.of(client).withKeyPrefix(namespace);
    proxies.put(engine, all);
    return engine;
  }

  @Override
  protected void cut(ClusterEngine engine) throws IOException {
    for (TcpProxy proxy : proxies.get(engine)) {
      proxy.cut();
    }
  }

  @Override
  protected void heal(ClusterEngine engine) {
    proxies.get(engine).forEach(TcpProxy::restore);
  }

  @Override
  protected void stop() {
    servers.kill();
  }

  @Override
  protected void restart(boolean keepData) throws IOException {
    if (!keepData) {
      for (RedisServer server : servers.all()) {
        server.deleteData();
      }
    }
    servers.restartKilled();
  }
}
