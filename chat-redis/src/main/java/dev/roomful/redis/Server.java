package dev.roomful.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * One server that stores logs, and how to connect to it.
 *
 * @param address what messages call it
 * @param connect opens a connection for commands; blocks
 * @param connectPubSub opens a connection for subscriptions; blocks
 * @param executor runs tasks on threads that serve no connection
 */
record Server(
    String address,
    Supplier<StatefulRedisConnection<String, byte[]>> connect,
    Supplier<StatefulRedisPubSubConnection<String, byte[]>> connectPubSub,
    Executor executor) {
  static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
}
