package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerInfoTest {

  private static ServerInfo info(String... lines) {
    return new ServerInfo("# Server\r\n" + String.join("\r\n", lines) + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.2.14", "5.0.7", "4.0.0"})
  void anOldRedisIsNamedWithTheVersionsThatWork(String version) {
    assertEquals(
        "Redis has version " + version + ": upgrade it to Redis 7, Valkey 8 or later",
        info("redis_version:" + version).tooOld().orElseThrow());
  }

  @Test
  void anOldValkeyIsToldFromTheRedisVersionThatItNames() {
    assertEquals(
        "Valkey has version 7.2.8: upgrade it to Redis 7, Valkey 8 or later",
        info("redis_version:7.2.4", "server_name:valkey", "valkey_version:7.2.8")
            .tooOld()
            .orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.0.0", "7.4.1", "8.2.0", "10.0.0", "255.255.255", "unknown", ""})
  void newerAndUnknownVersionsOfRedisAreAccepted(String version) {
    assertTrue(info("redis_version:" + version).tooOld().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0.1", "9.0.0"})
  void newerVersionsOfValkeyAreAccepted(String version) {
    assertTrue(
        info("redis_version:7.2.4", "server_name:valkey", "valkey_version:" + version)
            .tooOld()
            .isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis_mode", "server_mode"})
  void redisAndValkeyNameTheirModeDifferently(String field) {
    assertTrue(info(field + ":cluster").isCluster());
    assertFalse(info(field + ":standalone").isCluster());
  }

  @Test
  void aServerWithoutAMemoryLimitEvictsNothing() {
    assertTrue(info("maxmemory:0", "maxmemory_policy:allkeys-lru").evictsKeys().isEmpty());
    assertTrue(info("maxmemory:1000", "maxmemory_policy:noeviction").evictsKeys().isEmpty());
    assertTrue(info("redis_version:7.0.0").evictsKeys().isEmpty());
  }
}
