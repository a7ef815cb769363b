package dev.roomful.redis;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogSnapshot;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster engine on Redis 7 or Valkey 8, or later: a single server, one behind Sentinel, or a
 * Redis Cluster.
 *
 * <p>Chats that use the same servers and the same key prefix are one chat:
 *
 * <pre>{@code
 * Chat chat = Chat.builder(handler).cluster(RedisCluster.connect("redis://redis.example")).build();
 * }</pre>
 *
 * <p>Each log is a stream and a hash, whose names have the log's name as hash tag. An entry is
 * appended and published by one script, in one round trip. An engine has two connections to each
 * server, and one thread. It never sends a command twice: what is unanswered when a connection is
 * lost fails. A command that is unanswered for the {@linkplain #withCommandTimeout command timeout}
 * counts as a lost connection.
 *
 * <p>An engine serves one chat. It is used by passing it to the chat; its methods of {@link
 * ClusterEngine} are for the chat.
 */
public final class RedisCluster implements ClusterEngine {
  private final Function<Settings, Servers> servers;
  private final Settings settings;
  private final AtomicReference<@Nullable RunningEngine> running = new AtomicReference<>();

  private RedisCluster(Function<Settings, Servers> servers, Settings settings) {
    this.servers = servers;
    this.settings = settings;
  }

  /**
   * Returns an engine that connects by itself and closes its connections with the chat.
   *
   * @param uri where Redis is, as Lettuce reads it: {@code redis://user:password@host:6379}, {@code
   *     rediss://…} with TLS, {@code redis-sentinel://host1,host2#primary}. With a Redis Cluster
   *     one or more of its servers, separated by commas
   * @return the engine
   * @throws IllegalArgumentException if this is no such address
   */
  public static RedisCluster connect(String uri) {
    OwnServers.parse(uri);
    return new RedisCluster(settings -> new OwnServers(uri, settings), Settings.DEFAULT);
  }

  /**
   * Returns an engine that uses an application's client: its address, its options and its threads.
   * The engine opens connections of its own, and closes only these.
   *
   * @param client has a {@link RedisURI}
   * @return the engine
   */
  public static RedisCluster of(RedisClient client) {
    return new RedisCluster(settings -> new ClientServers(client), Settings.DEFAULT);
  }

  /**
   * Returns an engine that uses an application's client of a Redis Cluster: its addresses, its
   * options and its threads. The engine opens connections of its own, and closes only these.
   *
   * @param client the client
   * @return the engine
   */
  public static RedisCluster of(RedisClusterClient client) {
    return new RedisCluster(settings -> new ClusterServers(client), Settings.DEFAULT);
  }

  /**
   * Returns a copy with another prefix for all keys and channels. Chats with different prefixes
   * share nothing.
   *
   * @param prefix 1 to 64 letters, digits, {@code .}, {@code _}, {@code :} or {@code -}; by default
   *     {@code roomful}. A colon is added
   * @return the copy
   */
  public RedisCluster withKeyPrefix(String prefix) {
    return new RedisCluster(
        servers, new Settings(prefix, settings.retention(), settings.commandTimeout()));
  }

  /**
   * Returns a copy with another time after which Redis removes a log that nothing was appended to.
   *
   * @param retention at least one minute; by default 30 days
   * @return the copy
   */
  public RedisCluster withRetention(Duration retention) {
    return new RedisCluster(
        servers, new Settings(settings.keyPrefix(), retention, settings.commandTimeout()));
  }

  /**
   * Returns a copy with another time after which an unanswered command counts as a lost connection.
   *
   * @param timeout 100 ms to one minute; by default 5 seconds
   * @return the copy
   */
  public RedisCluster withCommandTimeout(Duration timeout) {
    return new RedisCluster(
        servers, new Settings(settings.keyPrefix(), settings.retention(), timeout));
  }

  @Override
  public void start(EngineListener listener) {
    RunningEngine started = new RunningEngine(settings, servers, listener);
    if (!running.compareAndSet(null, started)) {
      throw new IllegalStateException("this engine was started before: each chat needs its own");
    }
    started.start();
  }

  private RunningEngine running() {
    RunningEngine started = running.get();
    if (started == null) {
      throw new IllegalStateException("the engine was not started");
    }
    return started;
  }

  @Override
  public CompletionStage<LogEntry> append(
      String log, LogEnd known, String node, long nodeSequence, byte[] data) {
    return running().logs().append(log, known, node, nodeSequence, data);
  }

  @Override
  public CompletionStage<LogPage> read(String log, long after, int limit) {
    return running().logs().read(log, after, limit);
  }

  @Override
  public CompletionStage<Void> subscribe(String log) {
    return running().logs().subscribe(log);
  }

  @Override
  public void unsubscribe(String log) {
    running().logs().unsubscribe(log);
  }

  @Override
  public CompletionStage<Optional<LogSnapshot>> snapshot(String log) {
    return running().logs().snapshot(log);
  }

  @Override
  public CompletionStage<Boolean> storeSnapshot(String log, LogSnapshot snapshot) {
    return running().logs().storeSnapshot(log, snapshot);
  }

  @Override
  public CompletionStage<Boolean> replace(String log, LogEnd expected, LogSnapshot snapshot) {
    return running().logs().replace(log, expected, snapshot);
  }

  @Override
  public CompletionStage<Boolean> renewLease(String node, Duration expiry) {
    return running().leases().renew(node, expiry);
  }

  @Override
  public CompletionStage<Void> releaseLease(String node) {
    return running().leases().release(node);
  }

  @Override
  public CompletionStage<Set<String>> liveNodes() {
    return running().leases().liveNodes();
  }

  @Override
  public void close() {
    RunningEngine started = running.get();
    if (started != null) {
      started.close();
    }
  }

  @Override
  public String toString() {
    return "RedisCluster[" + settings.keyPrefix() + "]";
  }
}
