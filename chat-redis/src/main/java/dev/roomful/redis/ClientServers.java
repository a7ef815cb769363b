package dev.roomful.redis;

import io.lettuce.core.RedisClient;

/**
 * The server of an application's client, with this client's options. Its connections are closed
 * when they are lost, so that it does not matter whether the client would reconnect them.
 */
final class ClientServers implements Servers {
  private final Server server;

  ClientServers(RedisClient client) {
    server =
        new Server(
            "Redis of the given RedisClient",
            () -> client.connect(Server.CODEC),
            () -> client.connectPubSub(Server.CODEC),
            client.getResources().eventExecutorGroup());
  }

  @Override
  public String address() {
    return server.address();
  }

  @Override
  public Topology topology() {
    return Topology.single(server);
  }

  @Override
  public void close() {}
}
