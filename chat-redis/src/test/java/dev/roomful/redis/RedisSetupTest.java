package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.testsupport.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator sets, and what start says when it is wrong. */
class RedisSetupTest {
  @TempDir static Path folder;
  private static RedisServer server;

  private final RecordingListener listener = new RecordingListener();
  private final List<RedisCluster> engines = new ArrayList<>();

  @BeforeAll
  static void startServer() throws IOException {
    server = RedisServer.start(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void empty() throws IOException {
    server.command("FLUSHALL");
    server.command("CONFIG", "SET", "maxmemory", "0");
    server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    server.command("ACL", "DELUSER", "chat");
  }

  @AfterEach
  void closeEngines() {
    engines.forEach(RedisCluster::close);
  }

  private RedisCluster started(RedisCluster engine) {
    engines.add(engine);
    engine.start(listener);
    return engine;
  }

  private String startFailure(RedisCluster engine) {
    return assertThrows(IllegalStateException.class, () -> started(engine)).getMessage();
  }

  private static void setUser(String rule) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("ACL", "SETUSER", "chat", "reset", "on", ">secret"));
    command.addAll(List.of(rule.split(" ")));
    server.command(command.toArray(new String[0]));
  }

  private static String userUri() {
    return "redis://chat:secret@127.0.0.1:" + server.port();
  }

  @Test
  void aUserWithTheDocumentedRuleIsAllowedEverythingThatAnEngineDoes() throws Exception {
    setUser(AclRule.of("roomful"));
    Operations.callAll(started(RedisCluster.connect(userUri())), listener, "log");
  }

  @Test
  void theGuideHasTheRule() throws IOException {
    String guide = Files.readString(Path.of("..", "docs", "clustering.md"));
    assertTrue(
        guide
            .replaceAll("\\s+", " ")
            .contains("ACL SETUSER chat on >secret " + AclRule.of("roomful")),
        AclRule.of("roomful"));
  }

  static Stream<String> commands() {
    return Arrays.stream(AclRule.of("roomful").split(" ")).filter(word -> word.startsWith("+"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aMissingCommandIsNamedTogetherWithTheRule(String command) throws IOException {
    String rule = AclRule.of("roomful");
    setUser(rule.replaceAll(" \\" + command.replace("|", "\\|") + "(?= |$)", ""));
    String message = startFailure(RedisCluster.connect(userUri()));
    String name = command.substring(1);
    assertTrue(message.toLowerCase(Locale.ROOT).contains(name.replaceAll("\\|.*", "")), message);
    assertTrue(message.contains("lacks a permission"), message);
    assertTrue(message.endsWith("give it the rule " + rule), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"~other:* &roomful:*", "~roomful:* &other:*"})
  void aRuleForAnotherPrefixIsNotEnough(String patterns) throws IOException {
    setUser(AclRule.of("roomful").replace("~roomful:* &roomful:*", patterns));
    String message = startFailure(RedisCluster.connect(userUri()));
    assertTrue(message.contains("lacks a permission"), message);
    setUser(AclRule.of("roomful").replace("~roomful:* &roomful:*", "~* &*"));
    started(RedisCluster.connect(userUri()));
  }

  @Test
  void aWrongPasswordIsReportedWithoutIt() throws IOException {
    setUser(AclRule.of("roomful"));
    String message =
        startFailure(RedisCluster.connect("redis://chat:wrongsecret@127.0.0.1:" + server.port()));
    assertTrue(message.contains("WRONGPASS"), message);
    assertTrue(message.contains("127.0.0.1:" + server.port()), message);
    assertFalse(message.contains("wrongsecret"), message);
  }

  @Test
  void anAddressWhereNobodyListensIsNamed() throws IOException {
    int port = RedisServer.freePort();
    String message = startFailure(RedisCluster.connect("redis://chat:secret@127.0.0.1:" + port));
    assertTrue(message.startsWith("cannot connect to Redis at 127.0.0.1:" + port), message);
    assertTrue(message.contains("start Redis there"), message);
    assertFalse(message.contains("secret"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "http://localhost", "redis://", "redis-sentinel://"})
  void whatIsNoAddressIsRejectedAtOnce(String uri) {
    assertThrows(IllegalArgumentException.class, () -> RedisCluster.connect(uri));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "{a}", "a*", "é"})
  void invalidKeyPrefixesAreRejected(String prefix) {
    RedisCluster engine = RedisCluster.connect(server.uri());
    assertThrows(IllegalArgumentException.class, () -> engine.withKeyPrefix(prefix));
  }

  @Test
  void durationsOutOfRangeAreRejected() {
    RedisCluster engine = RedisCluster.connect(server.uri());
    assertThrows(
        IllegalArgumentException.class, () -> engine.withRetention(Duration.ofSeconds(59)));
    assertThrows(
        IllegalArgumentException.class, () -> engine.withCommandTimeout(Duration.ofMillis(99)));
  }

  @Test
  void anEngineIsStartedOnce() {
    RedisCluster engine = started(RedisCluster.connect(server.uri()));
    assertThrows(IllegalStateException.class, () -> engine.start(listener));
    engine.close();
    assertThrows(IllegalStateException.class, () -> engine.start(listener));
  }

  @Test
  void aPolicyThatMayEvictRoomsIsReportedAsAWarning() throws IOException {
    server.command("CONFIG", "SET", "maxmemory", "100mb");
    server.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
    List<String> warnings = warnings(() -> started(RedisCluster.connect(server.uri())));
    assertTrue(
        warnings.stream()
            .anyMatch(
                text ->
                    text.contains("maxmemory-policy is volatile-lru")
                        && text.contains("set maxmemory-policy to noeviction")),
        warnings::toString);
    engines.get(0).close();
    server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    assertEquals(List.of(), warnings(() -> started(RedisCluster.connect(server.uri()))));
  }

  private static List<String> warnings(Runnable action) {
    try (LogCapture log = new LogCapture("dev.roomful.redis")) {
      action.run();
      return log.messages();
    }
  }

  @Test
  void allKeysBeginWithThePrefixAndExpireAfterTheRetention() throws Exception {
    RedisCluster engine =
        started(
            RedisCluster.connect(server.uri())
                .withKeyPrefix("my:chat")
                .withRetention(Duration.ofHours(2)));
    Operations.await(Operations.append(engine, "log"));
    Operations.await(engine.renewLease("node", Duration.ofSeconds(10)));
    List<String> keys = server.command("KEYS", "*").lines().sorted().toList();
    assertEquals(List.of("my:chat:nodes", "my:chat:{log}:entries", "my:chat:{log}:state"), keys);
    for (String key : keys.subList(1, 3)) {
      long left = Long.parseLong(server.command("PTTL", key));
      assertTrue(left > 7_100_000 && left <= 7_200_000, key + " expires in " + left);
    }
    assertTrue(Long.parseLong(server.command("PTTL", "my:chat:nodes")) > 0);
  }

  @Test
  void anAppendAfterSomeTimeRenewsTheRetention() throws Exception {
    RedisCluster engine =
        started(RedisCluster.connect(server.uri()).withRetention(Duration.ofHours(2)));
    Operations.await(Operations.append(engine, "log"));
    String state = "roomful:{log}:state";
    // As if the first entry had been appended half an hour ago.
    String refreshed = server.command("HGET", state, "refreshed");
    server.command(
        "HSET", state, "refreshed", Long.toString(Long.parseLong(refreshed) - 1_800_000));
    server.command("PEXPIRE", state, "5400000");
    server.command("PEXPIRE", "roomful:{log}:entries", "5400000");
    Operations.await(Operations.append(engine, "log"));
    assertTrue(Long.parseLong(server.command("PTTL", state)) > 7_100_000);
    assertTrue(Long.parseLong(server.command("PTTL", "roomful:{log}:entries")) > 7_100_000);
  }

  @Test
  void aServerWithoutMemoryFailsOperationsAndSaysSo() throws Exception {
    RedisCluster engine = started(RedisCluster.connect(server.uri()));
    server.command("CONFIG", "SET", "maxmemory", "1");
    ExecutionException failure =
        assertThrows(
            ExecutionException.class, () -> Operations.await(Operations.append(engine, "log")));
    assertTrue(failure.getCause() instanceof EngineUnavailableException);
    assertTrue(failure.getCause().getMessage().contains("increase maxmemory"));
    server.command("CONFIG", "SET", "maxmemory", "0");
    assertEquals(1, Operations.await(Operations.append(engine, "log")).sequence());
    assertEquals(List.of("connected"), listener.changes());
  }

  @Test
  void aReplicaIsRejectedBecauseItAcceptsNoWrites(@TempDir Path replicaFolder) throws IOException {
    try (RedisServer replica =
        RedisServer.start(replicaFolder, "--replicaof", "127.0.0.1 " + server.port())) {
      String message = startFailure(RedisCluster.connect(replica.uri()));
      assertTrue(message.contains("is a replica"), message);
    }
  }

  @Test
  void afterClosingAnEngineNoThreadIsLeft() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    RedisCluster engine = started(RedisCluster.connect(server.uri()));
    Operations.await(Operations.append(engine, "log"));
    engine.close();
    Await.until("no thread is left of the engine", () -> hasNoNewThread(before, "roomful-"));
    Await.until("no thread is left of its client", () -> hasNoNewThread(before, "lettuce-"));
  }

  private static boolean hasNoNewThread(Set<Thread> before, String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith(prefix) && !before.contains(thread));
  }

  @Test
  void anApplicationsClientIsLeftAsItWas() throws Exception {
    RedisClient client = RedisClient.create(server.uri());
    try (StatefulRedisConnection<String, String> own = client.connect()) {
      RedisCluster engine = started(RedisCluster.of(client));
      Operations.callAll(engine, listener, "log");
      engine.close();
      Await.until(
          "only the application's connection is left",
          () -> own.sync().clientList().lines().count() == 1);
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aClientWithoutAnAddressIsReported() {
    RedisClient client = RedisClient.create();
    try {
      String message = startFailure(RedisCluster.of(client));
      assertTrue(message.contains("RedisURI"), message);
    } finally {
      client.shutdown();
    }
  }
}
