package dev.roomful.benchmarks;

import dev.roomful.Room;
import dev.roomful.benchmarks.BenchmarkNode.Member;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a cluster of two nodes in this JVM against one node, on a Redis that it starts. */
@Command(
    name = "cluster",
    description = "Measures nodes on one Redis, which it starts, against a single node.",
    mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {
  private static final Pattern CALLS = Pattern.compile("cmdstat_(\\w+):calls=(\\d+)");
  private static final int MEMBERS = 1000;
  private static final int ROOMS = 8;

  @Option(names = "--seconds", defaultValue = "5", description = "how long each part takes")
  private int seconds;

  @Option(
      names = "--no-append-only",
      description = "Redis writes nothing to disk; the part in which it is killed is left out")
  private boolean volatileData;

  private long rooms;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("roomful-benchmark");
    try (RedisServer redis =
        RedisServer.start(folder, "--appendonly", volatileData ? "no" : "yes")) {
      try (BenchmarkNode single = new BenchmarkNode(null)) {
        latency("one node", single, single);
        throughput("one node, 1,000 members", List.of(single));
      }
      try (BenchmarkNode first = new BenchmarkNode(redis.uri());
          BenchmarkNode second = new BenchmarkNode(redis.uri())) {
        latency("two nodes, on the node of the sender", first, first);
        latency("two nodes, on the other node", first, second);
        throughput("two nodes, 500 members each", List.of(first, second));
        publishes(first, redis);
        commands(first, redis);
        joins(first);
        if (!volatileData) {
          redisKilled(first, second, redis);
        }
        nodeKilled(first, second);
      }
      opening(redis);
    }
    return 0;
  }

  private String newRoom() {
    return "room-" + ++rooms;
  }

  /** From the call of publish until a member has received the message. */
  private void latency(String name, BenchmarkNode sender, BenchmarkNode receiver) throws Exception {
    String roomName = newRoom();
    sender.join(roomName, "sender");
    Member member = receiver.join(roomName, "receiver");
    Room room = sender.room(roomName);
    Semaphore received = new Semaphore(0);
    member.onFrame(received::release);
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      var unused = room.announce(BenchmarkNode.MESSAGE);
      await(received, "a message was not received");
      nanos.add(System.nanoTime() - start);
    }
    long[] sorted = nanos.stream().skip(nanos.size() / 2).mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    print(
        "%s: publish until received: p50 %.0f µs, p99 %.0f µs",
        name, sorted[sorted.length / 2] / 1e3, sorted[(int) (sorted.length * 0.99)] / 1e3);
  }

  /** Deliveries for each second of processor time of this JVM. */
  private void throughput(String name, List<BenchmarkNode> nodes) throws Exception {
    String room = newRoom();
    List<Member> all = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      all.addAll(nodes.get(i).join(room, "node" + i + "-", MEMBERS / nodes.size()));
    }
    nodes.get(0).publishFor(room, Duration.ofSeconds(seconds));
    long before = all.stream().mapToLong(Member::frames).sum();
    long cpu = cpuNanos();
    nodes.get(0).publishFor(room, Duration.ofSeconds(seconds));
    long deliveries = all.stream().mapToLong(Member::frames).sum() - before;
    print("%s: %.2f M deliveries/CPU second", name, deliveries / 1e6 / ((cpuNanos() - cpu) / 1e9));
  }

  private void publishes(BenchmarkNode node, RedisServer redis) throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < ROOMS; i++) {
      names.add(newRoom());
      node.join(names.get(i), "member");
    }
    long start = System.nanoTime();
    double redisCpu = redisCpuSeconds(redis);
    List<CompletableFuture<Long>> all =
        names.stream().map(name -> inBackground(() -> publish(node, name))).toList();
    long total = all.stream().mapToLong(CompletableFuture::join).sum();
    print(
        "%d rooms: %.0f publishes/s, %.0f for a processor second of Redis",
        ROOMS,
        total / ((System.nanoTime() - start) / 1e9),
        total / (redisCpuSeconds(redis) - redisCpu));
  }

  private long publish(BenchmarkNode node, String room) throws InterruptedException {
    return node.publishFor(room, Duration.ofSeconds(seconds));
  }

  private static <T> CompletableFuture<T> inBackground(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable body =
        () -> {
          try {
            result.complete(task.call());
          } catch (Exception failure) {
            result.completeExceptionally(failure);
          }
        };
    new Thread(body, "publisher").start();
    return result;
  }

  /** What Redis is asked for a message, and for a participant that joins an open room. */
  private void commands(BenchmarkNode node, RedisServer redis) throws Exception {
    String room = newRoom();
    node.join(room, "first");
    redis.command("CONFIG", "RESETSTAT");
    node.room(room).announce(BenchmarkNode.MESSAGE).toCompletableFuture().join();
    print("commands for a publish: %s", calls(redis));
    redis.command("CONFIG", "RESETSTAT");
    node.join(room, "second");
    print("commands for a join until it is done: %s", calls(redis));
  }

  private static String calls(RedisServer redis) throws IOException {
    List<String> calls = new ArrayList<>();
    Matcher matcher = CALLS.matcher(redis.command("INFO", "commandstats"));
    while (matcher.find()) {
      if (matcher.group(1).equals("evalsha") || matcher.group(1).equals("ssubscribe")) {
        calls.add(matcher.group(2) + " " + matcher.group(1));
      }
    }
    return String.join(", ", calls);
  }

  private static double redisCpuSeconds(RedisServer redis) throws IOException {
    String info = redis.command("INFO", "cpu");
    double sum = 0;
    for (String key : List.of("used_cpu_sys:", "used_cpu_user:")) {
      int begin = info.indexOf(key) + key.length();
      sum += Double.parseDouble(info.substring(begin, info.indexOf('\r', begin)));
    }
    return sum;
  }

  private void joins(BenchmarkNode node) throws Exception {
    String room = newRoom();
    int count = 2000;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      node.join(room, "one-by-one-" + i + "-");
    }
    print("joins one after the other: %.0f µs each", (System.nanoTime() - start) / 1e3 / count);
    start = System.nanoTime();
    node.join(room, "at-once-", count);
    print("%d joins at once: %.0f µs each", count, (System.nanoTime() - start) / 1e3 / count);
  }

  /** From the moment when Redis answers again until a message has reached the other node. */
  private void redisKilled(BenchmarkNode first, BenchmarkNode second, RedisServer redis)
      throws Exception {
    String room = newRoom();
    first.join(room, "sender");
    Semaphore received = new Semaphore(0);
    second.join(room, "receiver").onFrame(received::release);
    for (int round = 0; round < 5; round++) {
      redis.kill();
      Thread.sleep(1000);
      redis.restart();
      received.drainPermits();
      long start = System.nanoTime();
      var unused = first.room(room).announce(BenchmarkNode.MESSAGE);
      await(received, "a message was not received after Redis was back");
      print("Redis killed for 1 s: traffic back after %.0f ms", (System.nanoTime() - start) / 1e6);
    }
  }

  /** From the end of a node until the other one does not count its member any more. */
  private void nodeKilled(BenchmarkNode first, BenchmarkNode second) throws Exception {
    String room = newRoom();
    first.join(room, "member");
    second.join(room, "lost");
    long start = System.nanoTime();
    second.kill();
    while (first.room(room).size() == 2) {
      Thread.sleep(10);
    }
    print("a killed node's members gone after %.1f s", (System.nanoTime() - start) / 1e9);
  }

  /** Opens a room with 10,000 members and 1,000 stored messages on a new node. */
  private void opening(RedisServer redis) throws Exception {
    String roomName = newRoom();
    try (BenchmarkNode full = new BenchmarkNode(redis.uri())) {
      full.join(roomName, "member", 10_000);
      for (int i = 0; i < 1000; i++) {
        full.room(roomName).announce(BenchmarkNode.MESSAGE).toCompletableFuture().join();
      }
      for (int round = 0; round < 5; round++) {
        try (BenchmarkNode empty = new BenchmarkNode(redis.uri())) {
          empty.join(newRoom(), "other"); // loads classes
          long start = System.nanoTime();
          empty.join(roomName, "new" + round + "-");
          print(
              "opening a room with 10,000 members and 1,000 messages: %.0f ms",
              (System.nanoTime() - start) / 1e6);
        }
      }
    }
  }

  private static void await(Semaphore permits, String problem) throws InterruptedException {
    if (!permits.tryAcquire(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException(problem + " within 10 s");
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
