package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.RoomHandler;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.redis.RedisCluster;
import dev.roomful.spring.RoomfulRedisConnectionDetails;
import dev.roomful.spring.autoconfigure.RunningApplication.Server;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

class RoomfulRedisAutoConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RoomfulRedisAutoConfiguration.class));
  private final ApplicationContextRunner withDataRedis =
      runner.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

  private static void assertUrl(ApplicationContextRunner application, String url) {
    application.run(
        context ->
            assertThat(context.getBean(RoomfulRedisConnectionDetails.class).url()).isEqualTo(url));
  }

  @Test
  void theAddressIsThePropertyThenThatOfSpringDataThenLocalhost() {
    assertUrl(runner, "redis://localhost:6379");
    assertUrl(runner.withPropertyValues("roomful.redis.url=redis://a:1"), "redis://a:1");
    ApplicationContextRunner data =
        withDataRedis.withPropertyValues("spring.data.redis.host=b", "spring.data.redis.port=2");
    assertUrl(data, "redis://b:2");
    assertUrl(data.withPropertyValues("roomful.redis.url=redis://a:1"), "redis://a:1");
    RoomfulRedisConnectionDetails own = () -> "redis://c:3";
    assertUrl(
        data.withPropertyValues("roomful.redis.url=redis://a:1")
            .withBean(RoomfulRedisConnectionDetails.class, () -> own),
        "redis://c:3");
  }

  @Test
  void credentialsDatabasesSentinelsAndClustersAreTakenOver() {
    assertUrl(
        withDataRedis.withPropertyValues(
            "spring.data.redis.username=me",
            "spring.data.redis.password=p@ss word/1",
            "spring.data.redis.database=3",
            "spring.data.redis.ssl.enabled=true"),
        "rediss://me:p%40ss%20word%2F1@localhost:6379/3");
    assertUrl(
        withDataRedis.withPropertyValues(
            "spring.data.redis.sentinel.master=main",
            "spring.data.redis.sentinel.nodes=a:26379,b:26380"),
        "redis-sentinel://a:26379,b:26380#main");
    assertUrl(
        withDataRedis.withPropertyValues("spring.data.redis.cluster.nodes=a:7000,b:7001"),
        "redis://a:7000,b:7001");
  }

  @Test
  void eachAddressIsOneThatTheEngineReads() {
    for (ApplicationContextRunner application :
        new ApplicationContextRunner[] {
          withDataRedis.withPropertyValues(
              "spring.data.redis.sentinel.master=main",
              "spring.data.redis.sentinel.nodes=a:26379,b:26380"),
          withDataRedis.withPropertyValues("spring.data.redis.cluster.nodes=a:7000,b:7001"),
          withDataRedis.withPropertyValues(
              "spring.data.redis.password=x", "spring.data.redis.database=3")
        }) {
      application.run(context -> assertThat(context).hasSingleBean(RedisCluster.class));
    }
  }

  @Test
  void aPasswordOfTheSentinelsIsRejectedWithTheRemedy() {
    withDataRedis
        .withPropertyValues(
            "spring.data.redis.sentinel.master=main",
            "spring.data.redis.sentinel.nodes=a:26379",
            "spring.data.redis.sentinel.password=x")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("password of the Sentinels")
                    .hasMessageContaining("roomful.redis.url"));
  }

  @Test
  void theClusterCanBeSwitchedOffAndReplaced() {
    runner
        .withPropertyValues("roomful.redis.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(ClusterEngine.class));
    runner
        .withClassLoader(new FilteredClassLoader(RedisCluster.class))
        .run(context -> assertThat(context).doesNotHaveBean(ClusterEngine.class));
    RedisCluster own = RedisCluster.connect("redis://own:1");
    runner
        .withBean(ClusterEngine.class, () -> own)
        .run(context -> assertThat(context.getBean(ClusterEngine.class)).isSameAs(own));
  }

  @Test
  void twoApplicationsOnOneRedisAreOneChat(@TempDir Path folder) throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      String[] properties = {
        "roomful.redis.enabled=true", "spring.data.redis.port=" + redis.port()
      };
      try (RunningApplication one =
              RunningApplication.start(Server.TOMCAT, Application.class, properties);
          RunningApplication two =
              RunningApplication.start(Server.JETTY, Application.class, properties);
          WireClient ann = one.connect("/chat/kitchen");
          WireClient bob = two.connect("/chat/kitchen")) {
        bob.text("I am in");
        assertThat(bob.nextText()).isEqualTo("I am in");
        ann.text("hello");
        assertThat(bob.nextText()).isEqualTo("hello");
      }
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(OpenToAll.class)
  static class Application {
    @Bean
    RoomHandler handler() {
      return new RoomHandler() {};
    }
  }
}
