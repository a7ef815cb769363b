package dev.roomful.spring.autoconfigure;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.redis.RedisCluster;
import dev.roomful.spring.RoomfulRedisConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Makes the chats that share a Redis or Valkey one chat, with chat-redis. */
@AutoConfiguration(
    afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(RedisCluster.class)
@ConditionalOnProperty(name = "roomful.redis.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RoomfulProperties.class)
public final class RoomfulRedisAutoConfiguration {
  private static final String DEFAULT_URL = "redis://localhost:6379";

  RoomfulRedisAutoConfiguration() {}

  /** The chat starts and closes it. */
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean(ClusterEngine.class)
  RedisCluster roomfulRedisCluster(
      RoomfulRedisConnectionDetails details, RoomfulProperties properties) {
    RoomfulProperties.Redis redis = properties.redis();
    return RedisCluster.connect(details.url())
        .withKeyPrefix(redis.keyPrefix())
        .withRetention(redis.retention())
        .withCommandTimeout(redis.commandTimeout());
  }

  /** An address of its own comes first. */
  @Configuration(proxyBeanMethods = false)
  @Order(1)
  @ConditionalOnProperty("roomful.redis.url")
  static class UrlConfiguration {
    @Bean
    @ConditionalOnMissingBean(RoomfulRedisConnectionDetails.class)
    RoomfulRedisConnectionDetails roomfulRedisConnectionDetails(RoomfulProperties properties) {
      return propertyDetails(properties);
    }
  }

  /** The Redis of Spring Data, which may be one of Testcontainers or of Docker Compose. */
  @Configuration(proxyBeanMethods = false)
  @Order(2)
  @ConditionalOnClass(DataRedisConnectionDetails.class)
  static class DataRedisConfiguration {
    @Bean
    @ConditionalOnBean(DataRedisConnectionDetails.class)
    @ConditionalOnMissingBean(RoomfulRedisConnectionDetails.class)
    RoomfulRedisConnectionDetails roomfulDataRedisConnectionDetails(
        DataRedisConnectionDetails details) {
      return DataRedisUrl.of(details);
    }
  }

  /** Otherwise the same default as Spring Data has. */
  @Configuration(proxyBeanMethods = false)
  @Order(3)
  static class DefaultConfiguration {
    @Bean
    @ConditionalOnMissingBean(RoomfulRedisConnectionDetails.class)
    RoomfulRedisConnectionDetails roomfulDefaultRedisConnectionDetails(
        RoomfulProperties properties) {
      return propertyDetails(properties);
    }
  }

  private static RoomfulRedisConnectionDetails propertyDetails(RoomfulProperties properties) {
    String url = properties.redis().url();
    return () -> url == null ? DEFAULT_URL : url;
  }
}
