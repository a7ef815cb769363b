package dev.roomful.benchmarks;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.redis.RedisCluster;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a cluster of two nodes in this JVM against one node, on a Redis that is running. */
@Command(
    name = "cluster",
    description = "Measures nodes on one Redis against a single node.",
    mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {
  private static final Payload MESSAGE = Payload.text("x".repeat(256));
  private static final int IN_FLIGHT = 256;

  @Option(names = "--redis", defaultValue = "redis://localhost:6379", description = "its address")
  private String redis = "";

  @Option(names = "--seconds", defaultValue = "5", description = "how long each part takes")
  private int seconds;

  @Override
  public Integer call() throws Exception {
    try (Chat single = chat(false)) {
      latency("one node", single, single);
      throughput("one node, 1000 members", List.of(single), 1000);
    }
    try (Chat first = chat(true);
        Chat second = chat(true)) {
      latency("two nodes, sender's node", first, first);
      latency("two nodes, other node", first, second);
      throughput("two nodes, 500 members each", List.of(first, second), 500);
      publishes(first);
      joins(first);
    }
    opening();
    return 0;
  }

  private Chat chat(boolean clustered) {
    Chat.Builder builder =
        Chat.builder(new RoomHandler() {})
            .limits(Limits.defaults().withMessagesPerSecond(0))
            .rooms(RoomOptions.defaults().withHistory(History.of(1000).withBytes(8 << 20)));
    return clustered
        ? builder.cluster(RedisCluster.connect(redis).withKeyPrefix("benchmark")).build()
        : builder.build();
  }

  /** A member that counts what it receives. */
  private static final class Member implements Connection {
    final LongAdder frames = new LongAdder();
    volatile Runnable onFrame = () -> {};

    @Override
    public void write(Batch batch, Completion completion) {
      frames.add(batch.size());
      onFrame.run();
      completion.succeeded();
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
    }

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}
  }

  private static Member join(Chat chat, String room, String id) throws InterruptedException {
    Member member = new Member();
    Gateway.of(chat).open(AcceptedAdmission.of(id, room), member);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (chat.room(room).filter(found -> isIn(found, id)).isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(id + " has not joined " + room);
      }
      Thread.onSpinWait();
    }
    return member;
  }

  private static boolean isIn(Room room, String id) {
    return room.role(id).isPresent();
  }

  /** From the call of publish until a member has received the message. */
  private void latency(String name, Chat sender, Chat receiver) throws Exception {
    String roomName = "latency-" + System.nanoTime();
    join(sender, roomName, "sender");
    Member member = join(receiver, roomName, "receiver");
    Room room = sender.room(roomName).orElseThrow();
    Semaphore received = new Semaphore(0);
    member.onFrame = received::release;
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      var unused = room.announce(MESSAGE);
      if (!received.tryAcquire(5, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a message was not received within 5 s");
      }
      nanos.add(System.nanoTime() - start);
    }
    long[] sorted = nanos.stream().skip(nanos.size() / 2).mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    print(
        "%s: publish until received: p50 %.0f µs, p99 %.0f µs",
        name, sorted[sorted.length / 2] / 1e3, sorted[(int) (sorted.length * 0.99)] / 1e3);
  }

  /** Deliveries for each second of processor time of this JVM. */
  private void throughput(String name, List<Chat> chats, int members) throws Exception {
    String roomName = "fan-out-" + System.nanoTime();
    List<Member> all = new ArrayList<>();
    for (int node = 0; node < chats.size(); node++) {
      for (int i = 0; i < members; i++) {
        all.add(join(chats.get(node), roomName, "n" + node + "m" + i));
      }
    }
    Room room = chats.get(0).room(roomName).orElseThrow();
    publishFor(room, seconds / 2 + 1);
    long before = all.stream().mapToLong(member -> member.frames.sum()).sum();
    long cpu = cpuNanos();
    publishFor(room, seconds);
    long deliveries = all.stream().mapToLong(member -> member.frames.sum()).sum() - before;
    print("%s: %.2f M deliveries/CPU second", name, deliveries / 1e6 / ((cpuNanos() - cpu) / 1e9));
  }

  private static long publishFor(Room room, int seconds) throws InterruptedException {
    Semaphore slots = new Semaphore(IN_FLIGHT);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long published = 0;
    while (System.nanoTime() < end) {
      slots.acquire();
      var unused = room.announce(MESSAGE).whenComplete((position, failure) -> slots.release());
      published++;
    }
    slots.acquire(IN_FLIGHT);
    return published;
  }

  private void publishes(Chat chat) throws Exception {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      join(chat, "publish-" + i, "member");
      rooms.add(chat.room("publish-" + i).orElseThrow());
    }
    long start = System.nanoTime();
    List<CompletableFuture<Long>> all = new ArrayList<>();
    for (Room room : rooms) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return publishFor(room, seconds);
                } catch (InterruptedException interrupted) {
                  Thread.currentThread().interrupt();
                  return 0L;
                }
              },
              task -> new Thread(task, "publisher").start()));
    }
    long total = all.stream().mapToLong(CompletableFuture::join).sum();
    print("publishes/s, 8 rooms: %.0f", total / ((System.nanoTime() - start) / 1e9));
  }

  private void joins(Chat chat) throws Exception {
    join(chat, "joins", "first");
    long start = System.nanoTime();
    int count = 2000;
    for (int i = 0; i < count; i++) {
      join(chat, "joins", "j" + i);
    }
    print("a join, one after the other: %.0f µs", (System.nanoTime() - start) / 1e3 / count);
  }

  /** Opens a room with 10,000 members and 1,000 stored messages on a new node. */
  private void opening() throws Exception {
    String roomName = "large-" + System.nanoTime();
    try (Chat full = chat(true)) {
      for (int i = 0; i < 10_000; i++) {
        Gateway.of(full).open(AcceptedAdmission.of("m" + i, roomName), new Member());
      }
      while (full.room(roomName).map(Room::size).orElse(0) < 10_000) {
        Thread.onSpinWait();
      }
      Room room = full.room(roomName).orElseThrow();
      List<CompletableFuture<Position>> published = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        published.add(room.announce(MESSAGE).toCompletableFuture());
      }
      published.forEach(CompletableFuture::join);
      for (int round = 0; round < 3; round++) {
        try (Chat empty = chat(true)) {
          long start = System.nanoTime();
          join(empty, roomName, "new" + round);
          print(
              "opening a room with 10,000 members and 1,000 messages: %.0f ms",
              (System.nanoTime() - start) / 1e6);
        }
      }
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
