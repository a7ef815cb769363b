package dev.roomful.spring;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the Redis of the chat's cluster is. A bean of this type takes the place of {@code
 * roomful.redis.url}, and of the {@code DataRedisConnectionDetails} that the chat uses otherwise.
 */
@FunctionalInterface
public interface RoomfulRedisConnectionDetails extends ConnectionDetails {
  /**
   * Returns the address as Lettuce reads it.
   *
   * @return such as {@code redis://user:password@host:6379}, {@code rediss://…} with TLS, {@code
   *     redis-sentinel://host1,host2#primary}; with a Redis Cluster one or more of its servers,
   *     separated by commas
   */
  String url();
}
