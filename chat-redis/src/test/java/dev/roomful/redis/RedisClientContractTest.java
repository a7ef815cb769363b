package dev.roomful.redis;

import dev.roomful.cluster.ClusterEngine;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * The contract with an application's client whose options would break it: Lettuce reconnects and
 * sends unanswered commands again. It also uses the older wire protocol.
 */
class RedisClientContractTest extends RedisContractTest {
  private final List<ClusterEngine> engines = new ArrayList<>();
  private final List<RedisClient> clients = new ArrayList<>();

  @Override
  ClusterEngine engine(String uri, String namespace) {
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder().autoReconnect(true).protocolVersion(ProtocolVersion.RESP2).build());
    clients.add(client);
    ClusterEngine engine = RedisCluster.of(client).withKeyPrefix(namespace);
    engines.add(engine);
    return engine;
  }

  @AfterEach
  void shutDownClients() {
    engines.forEach(ClusterEngine::close);
    clients.forEach(RedisClient::shutdown);
  }
}
