package dev.roomful.redis;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.testkit.ClusterContract;
import dev.roomful.testkit.TcpProxy;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on one Redis server that keeps its data in an append-only file. */
class RedisContractTest extends ClusterContract {
  @TempDir Path folder;

  private final Map<ClusterEngine, TcpProxy> proxies = new ConcurrentHashMap<>();
  private RedisServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = RedisServer.start(folder, "--appendonly", "yes", "--appendfsync", "no");
  }

  @AfterEach
  void closeServer() throws IOException {
    for (TcpProxy proxy : proxies.values()) {
      proxy.close();
    }
    server.close();
  }

  @Override
  protected ClusterEngine newEngine(String namespace) throws IOException {
    TcpProxy proxy = new TcpProxy(URI.create(server.uri()));
    ClusterEngine engine = engine("redis://127.0.0.1:" + proxy.address().getPort(), namespace);
    proxies.put(engine, proxy);
    return engine;
  }

  ClusterEngine engine(String uri, String namespace) {
    return RedisCluster.connect(uri).withKeyPrefix(namespace);
  }

  @Override
  protected void cut(ClusterEngine engine) throws IOException {
    proxies.get(engine).cut();
  }

  @Override
  protected void heal(ClusterEngine engine) {
    proxies.get(engine).restore();
  }

  @Override
  protected void stop() {
    server.kill();
  }

  @Override
  protected void restart(boolean keepData) throws IOException {
    if (!keepData) {
      server.deleteData();
    }
    server.restart();
  }
}
