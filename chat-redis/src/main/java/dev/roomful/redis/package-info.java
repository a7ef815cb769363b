/**
 * A cluster engine on Redis or Valkey.
 *
 * <p>Nodes whose chats use a {@link dev.roomful.redis.RedisCluster} with the same servers and the
 * same key prefix are one chat.
 */
@NullMarked
package dev.roomful.redis;

import org.jspecify.annotations.NullMarked;
