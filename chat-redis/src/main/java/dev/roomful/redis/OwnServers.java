package dev.roomful.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Servers at an address, with clients that belong to the engine. */
final class OwnServers implements Servers {
  private static final int REQUEST_QUEUE = 131_072;

  private final List<RedisURI> uris;
  private final Settings settings;
  private @Nullable RedisClient client;
  private @Nullable RedisClusterClient clusterClient;

  OwnServers(String uri, Settings settings) {
    this.uris = parse(uri);
    this.settings = settings;
    uris.forEach(each -> each.setTimeout(settings.commandTimeout()));
  }

  static List<RedisURI> parse(String uri) {
    try {
      if (uri.startsWith("redis://") || uri.startsWith("rediss://")) {
        List<RedisURI> all = RedisClusterURIUtil.toRedisURIs(URI.create(uri));
        if (all.size() > 1) {
          return all;
        }
      }
      return List.of(RedisURI.create(uri));
    } catch (RuntimeException malformed) {
      throw new IllegalArgumentException(
          "this is no address of Redis, such as redis://user:password@host:6379: "
              + Failures.text(malformed),
          malformed);
    }
  }

  @Override
  public String address() {
    return "Redis at " + uris.stream().map(Addresses::of).collect(Collectors.joining(","));
  }

  @Override
  public Topology topology() {
    RedisClient ready = client;
    if (ready == null) {
      ready = RedisClient.create();
      ready.setOptions(
          options(
              ClientOptions.builder()
                  .socketOptions(
                      SocketOptions.builder()
                          .connectTimeout(settings.commandTimeout())
                          .keepAlive(true)
                          .build())));
      client = ready;
      if (uris.size() > 1 || isCluster(ready, uris.get(0))) {
        clusterClient = RedisClusterClient.create(ready.getResources(), uris);
      }
    }
    RedisClusterClient cluster = clusterClient;
    return cluster != null
        ? ClusterServers.topology(cluster, ready)
        : Topology.single(server(ready, uris.get(0)));
  }

  /** What an engine needs, whatever an application set otherwise. */
  static ClientOptions options(ClientOptions.Builder builder) {
    return builder
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(REQUEST_QUEUE)
        .timeoutOptions(TimeoutOptions.create())
        .build();
  }

  static Server server(RedisClient client, RedisURI uri) {
    return new Server(
        "Redis at " + Addresses.of(uri),
        () -> client.connect(Server.CODEC, uri),
        () -> client.connectPubSub(Server.CODEC, uri),
        client.getResources().eventExecutorGroup());
  }

  private static boolean isCluster(RedisClient client, RedisURI uri) {
    try (StatefulRedisConnection<String, byte[]> connection = client.connect(Server.CODEC, uri)) {
      return new ServerInfo(connection.sync().info("server")).isCluster();
    } catch (RedisCommandExecutionException forbidden) {
      // The check of the server names the permission.
      return false;
    }
  }

  @Override
  public void close() {
    RedisClusterClient cluster = clusterClient;
    if (cluster != null) {
      Clients.shutDown(cluster);
    }
    RedisClient own = client;
    if (own != null) {
      Clients.shutDown(own);
    }
  }
}
